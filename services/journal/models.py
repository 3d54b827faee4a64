"""The journal's tables. Rows are only ever added; what an entry said is sealed into a chain of links."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.database import Base

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class JournalEntry(Base):
    """One access or act. ``details`` holds codes and random ids, never personal data.

    ``proof`` says that the service wrote it: a digest keyed with a secret that is not in the
    database. Entries from before proofs existed have none.
    """

    __tablename__ = "journal_entries"
    __table_args__ = (
        sa.Index(None, "household_id", "id"),
        sa.Index(None, "person_id", "id"),
        # SQLite would hand a deleted number out again; an entry's number is his for good.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    at: Mapped[datetime]
    capacity: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[UUID | None]
    for_person: Mapped[UUID | None]
    purpose: Mapped[str | None] = mapped_column(sa.String(60))
    action: Mapped[str] = mapped_column(sa.String(60))
    household_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    proof: Mapped[bytes | None] = mapped_column(sa.LargeBinary(24))


class JournalLink(Base):
    """The link of one entry: ``hash`` covers the former link's and what the entry said.

    Its ``entry_id`` refers to an entry without a foreign key, so that the link outlives it. ``mark``
    is a digest of ``hash`` keyed with the service's secret.
    """

    __tablename__ = "journal_links"

    sequence: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(NUMBER, unique=True)
    entry_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    sealed_at: Mapped[datetime]
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    mark: Mapped[bytes] = mapped_column(sa.LargeBinary(16))


class JournalHead(Base):
    """Where the chain ends, signed; one row, held by whoever seals.

    ``gaps`` are numbers below ``last_entry_id`` that were not there when it was sealed (a
    transaction under way, or one that was rolled back), each with the second it was first missed.
    ``first_proved_id`` is the first entry that must have a proof; ``rooted`` the last link that
    stands under the root of its day.
    """

    __tablename__ = "journal_heads"

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(NUMBER)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    last_entry_id: Mapped[int] = mapped_column(NUMBER)
    gaps: Mapped[dict[str, Any]] = mapped_column(default=dict)
    first_proved_id: Mapped[int] = mapped_column(NUMBER)
    rooted: Mapped[int] = mapped_column(NUMBER)
    sealed_at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(sa.String(8))
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary(64))


class JournalRoot(Base):
    """The signed root of one day (UTC): the hash of its last link, to be published."""

    __tablename__ = "journal_roots"

    day: Mapped[date] = mapped_column(primary_key=True)
    first_sequence: Mapped[int] = mapped_column(NUMBER)
    last_sequence: Mapped[int] = mapped_column(NUMBER)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    key_id: Mapped[str] = mapped_column(sa.String(8))
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary(64))
