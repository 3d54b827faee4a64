"""Stored scores, the formulas they come from and the runs that score a country anew.

A score keeps its total and what reproduces it; its lines are recomputed, never stored.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.database import Base, Identified

COMPUTING, CURRENT, ABANDONED = "computing", "current", "abandoned"


class Score(Identified, Base):
    """One score of one declaration by one model on one day, in nano-units.

    ``takes_effect_on`` is the day from which it counts for programmes.
    """

    __tablename__ = "scores"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "model", "on_day", "cause"),
        sa.Index(None, "household_id", "computed_at"),
    )

    household_id: Mapped[UUID] = mapped_column(sa.ForeignKey("households.id"))
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    model: Mapped[str] = mapped_column(sa.String(40))
    on_day: Mapped[date]
    takes_effect_on: Mapped[date]
    computed_at: Mapped[datetime]
    total_nano: Mapped[int] = mapped_column(sa.BigInteger)
    cause: Mapped[str] = mapped_column(sa.String(20))


class ScoreModel(Base):
    """A formula loaded from a file: ``text`` is the file, ``digest`` its SHA-256.

    It holds once ``activated_at`` is set, and never changes from then on.
    """

    __tablename__ = "score_models"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    official: Mapped[bool]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None] = mapped_column(default=None)
    loaded_at: Mapped[datetime]
    activated_at: Mapped[datetime | None] = mapped_column(default=None)


class ScoreInputs(Base):
    """What the formula reads of a household's declaration in force, packed to be read in columns.

    A copy: the declaration itself is what a score is replayed from.
    """

    __tablename__ = "score_inputs"

    household_id: Mapped[UUID] = mapped_column(sa.ForeignKey("households.id"), primary_key=True)
    declaration_id: Mapped[UUID]
    packed: Mapped[bytes]


class ScoreRun(Identified, Base):
    """One rescoring of the country. ``state``: computing, current (its scores count), abandoned.

    ``after_household`` is the last household that was scored, ``told_household`` the last whose
    family was written to: a run that was stopped goes on from there.
    """

    __tablename__ = "score_runs"
    __table_args__ = (
        sa.Index(
            "ix_score_runs_one_at_a_time",
            "state",
            unique=True,
            sqlite_where=sa.text("state = 'computing'"),
            postgresql_where=sa.text("state = 'computing'"),
        ),
    )

    model: Mapped[str] = mapped_column(sa.String(40))
    on_day: Mapped[date]
    takes_effect_on: Mapped[date]
    cause: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[str] = mapped_column(sa.String(12), default=COMPUTING)
    started_at: Mapped[datetime]
    became_current_at: Mapped[datetime | None] = mapped_column(default=None)
    after_household: Mapped[UUID | None] = mapped_column(default=None)
    scored: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    told_household: Mapped[UUID | None] = mapped_column(default=None)
    told_at: Mapped[datetime | None] = mapped_column(default=None)


class RunScore(Base):
    """One household's score of one run, in nano-units; it counts once the run is current.

    No foreign keys: millions of rows are written at once, from rows that were just read.
    """

    __tablename__ = "run_scores"

    household_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    declaration_id: Mapped[UUID]
    total_nano: Mapped[int] = mapped_column(sa.BigInteger)
