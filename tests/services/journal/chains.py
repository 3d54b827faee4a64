"""Journals to seal, to tamper with and to verify."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.journal import record, system_actor
from services.journal.models import JournalEntry
from services.journal.roots import Root
from services.journal.sealing import seal_entries
from services.journal.verifying import Verification

DAY = timedelta(days=1)


def write(session: Session, count: int, now: datetime) -> None:
    """``count`` entries of the service."""
    for number in range(count):
        record(session, actor=system_actor(), action="household.activated", now=now, number=number, note="é · ⵣ")
    session.flush()


def sealed_journal(database: Database, now: datetime, *, days: int = 3, entries: int = 4) -> list[int]:
    """A journal sealed day by day, its last day without a root. The numbers of its entries."""
    for day in range(days):
        with database.writing() as session:
            write(session, entries, now + day * DAY)
            assert seal_entries(session, now=now + day * DAY) == entries
    return entry_ids(database)


def entry_ids(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(sa.select(JournalEntry.id).order_by(JournalEntry.id)))


def verified(database: Database, kept_roots: Sequence[Root] = ()) -> Verification:
    with database.reading() as session:
        verification = Verification(session, kept_roots)
        assert sum(verification.run()) == verification.sealed
        return verification


def findings(database: Database, kept_roots: Sequence[Root] = ()) -> list[str]:
    return verified(database, kept_roots).findings


def sql(database: Database, statement: str, **parameters: object) -> None:
    """Tamper by hand: what somebody with the database's password and nothing else can do."""
    with database.writing() as session:
        assert session.execute(sa.text(statement), parameters).rowcount  # type: ignore[attr-defined]
