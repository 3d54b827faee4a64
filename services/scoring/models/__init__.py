"""Stored scores: the total and what reproduces it; the lines are recomputed, never stored."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.database import Base, Identified


class Score(Identified, Base):
    """One score of one declaration by one model on one day, in nano-units."""

    __tablename__ = "scores"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "model", "on_day", "cause"),
        sa.Index(None, "household_id", "computed_at"),
    )

    household_id: Mapped[UUID] = mapped_column(sa.ForeignKey("households.id"))
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    model: Mapped[str] = mapped_column(sa.String(40))
    on_day: Mapped[date]
    computed_at: Mapped[datetime]
    total_nano: Mapped[int] = mapped_column(sa.BigInteger)
    cause: Mapped[str] = mapped_column(sa.String(20))
