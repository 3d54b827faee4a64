"""The papers that were issued: what was signed of each; and the statements of a score as they were made."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.database import Base, Identified


class IssuedPaper(Identified, Base):
    """One paper in one language. ``digest`` is SHA-256 of its content, ``signature`` Ed25519 over its seal.

    ``subject_id`` is the request, or the statement, that it is of. It is no foreign key: a paper
    verifies also after that was erased.
    """

    __tablename__ = "papers"
    __table_args__ = (sa.UniqueConstraint("subject_id", "kind", "locale"),)

    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    subject_id: Mapped[UUID]
    locale: Mapped[str] = mapped_column(sa.String(3))
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary(64))
    key_id: Mapped[str] = mapped_column(sa.String(8))
    issued_at: Mapped[datetime] = mapped_column(index=True)


class ScoreStatement(Identified, Base):
    """One score as a statement says it, in nano-units; its papers, one a language, are of its id.

    Scores of a run have no row of their own to name: the score is named by what it was computed
    from. ``inputs`` is SHA-256 of the declaration, so that a changed one is noticed. No foreign
    keys: what was issued stands after the household was erased, until its own time is over.
    """

    __tablename__ = "score_statements"
    __table_args__ = (
        sa.UniqueConstraint(
            "household_id",
            "declaration_id",
            "model",
            "on_day",
            "cause",
            "takes_effect_on",
            name="uq_score_statements_one_a_score",
        ),
    )

    household_id: Mapped[UUID]
    declaration_id: Mapped[UUID]
    model: Mapped[str] = mapped_column(sa.String(40))
    on_day: Mapped[date]
    cause: Mapped[str] = mapped_column(sa.String(20))
    total_nano: Mapped[int] = mapped_column(sa.BigInteger)
    computed_at: Mapped[datetime]
    takes_effect_on: Mapped[date]
    inputs: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    issued_at: Mapped[datetime] = mapped_column(index=True)
