"""The population register's tables."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.crypto import Sealed
from services.database import Base, Identified


class Person(Identified, Base):
    """One person of the register, found by the blind index of the IDCS."""

    __tablename__ = "persons"

    idcs_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16), unique=True)
    idcs_sealed: Mapped[bytes]
    idcs: ClassVar = Sealed()
    name_arabic_sealed: Mapped[bytes]
    name_arabic: ClassVar = Sealed()
    name_latin_sealed: Mapped[bytes]
    name_latin: ClassVar = Sealed()
    sex: Mapped[str] = mapped_column(sa.String(1))
    birth_year: Mapped[int]
    birth_month: Mapped[int | None]
    birth_day: Mapped[int | None]
    nationality: Mapped[str] = mapped_column(sa.String(2))
    alive: Mapped[bool] = mapped_column(default=True)
    mobile_sealed: Mapped[bytes | None] = mapped_column(default=None)
    mobile: ClassVar = Sealed()


class Guardianship(Base):
    """Who answers for a minor (or for an adult placed under guardianship)."""

    __tablename__ = "guardianships"

    ward_id: Mapped[UUID] = mapped_column(sa.ForeignKey("persons.id"), primary_key=True)
    guardian_id: Mapped[UUID] = mapped_column(sa.ForeignKey("persons.id"), primary_key=True, index=True)


class RegisterClosure(Base):
    """While a row's ``until`` lies ahead the register answers nobody: *not available now*."""

    __tablename__ = "register_closures"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
