"""The journal's one table. Rows are only ever added."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.database import Base


class JournalEntry(Base):
    """One access or act. ``details`` holds codes and random ids, never personal data."""

    __tablename__ = "journal_entries"
    __table_args__ = (
        sa.Index(None, "household_id", "id"),
        sa.Index(None, "person_id", "id"),
        # SQLite would hand a deleted number out again; an entry's number is his for good.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    capacity: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[UUID | None]
    for_person: Mapped[UUID | None]
    purpose: Mapped[str | None] = mapped_column(sa.String(60))
    action: Mapped[str] = mapped_column(sa.String(60))
    household_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
