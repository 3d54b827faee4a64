"""The papers that were issued: what was signed of each, and nothing of what it says."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.database import Base, Identified


class IssuedPaper(Identified, Base):
    """One paper in one language. ``digest`` is SHA-256 of its content, ``signature`` Ed25519 over its seal.

    ``request_id`` is no foreign key: a paper verifies also after its request was erased.
    """

    __tablename__ = "papers"
    __table_args__ = (sa.UniqueConstraint("request_id", "kind", "locale"),)

    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    request_id: Mapped[UUID]
    locale: Mapped[str] = mapped_column(sa.String(3))
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary(64))
    key_id: Mapped[str] = mapped_column(sa.String(8))
    issued_at: Mapped[datetime] = mapped_column(index=True)
