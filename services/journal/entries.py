"""Writing the journal and reading what it says about a household or a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.journal.actors import Actor, Capacity
from services.journal.chain import prove
from services.journal.models import JournalEntry
from services.measures import ACTIONS, count_once_committed


@dataclass(frozen=True)
class Entry:
    """One journal row as its readers see it."""

    at: datetime
    capacity: Capacity
    actor_id: UUID | None
    purpose: str | None
    action: str
    details: dict[str, Any]
    household_id: UUID | None = None


def record(
    session: Session,
    *,
    actor: Actor,
    action: str,
    now: datetime,
    household_id: UUID | None = None,
    person_id: UUID | None = None,
    **details: str | int | None,
) -> None:
    """Add what ``actor`` does (``household.member_added``) in the caller's transaction."""
    entry = JournalEntry(
        at=now,
        capacity=actor.capacity,
        actor_id=actor.id,
        for_person=actor.for_person,
        purpose=actor.purpose,
        action=action,
        household_id=household_id,
        person_id=person_id,
        details=details,
    )
    entry.proof = prove(entry)
    session.add(entry)
    count_once_committed(session, ACTIONS, action)


def entries_about(session: Session, *, household_id: UUID, limit: int = 200) -> list[Entry]:
    """What was done about a household, newest first."""
    return _read(session, JournalEntry.household_id == household_id, limit)


def entries_seen_by(
    session: Session, *, person_id: UUID, household_id: UUID | None = None, limit: int = 200
) -> list[Entry]:
    """What was done about a person, newest first, in one statement.

    With it all that was done about ``household_id``, and about each household that he registered,
    also one of which nothing else is left.
    """
    registered = sa.select(JournalEntry.household_id).where(
        JournalEntry.person_id == person_id, JournalEntry.action == "household.registered"
    )
    whose = [JournalEntry.person_id == person_id, JournalEntry.household_id.in_(registered)]
    if household_id is not None:
        whose.append(JournalEntry.household_id == household_id)
    return _read(session, sa.or_(*whose), limit)


def _read(session: Session, which: sa.ColumnElement[bool], limit: int) -> list[Entry]:
    chosen = sa.select(JournalEntry).where(which).order_by(JournalEntry.id.desc()).limit(limit)
    return [
        Entry(row.at, Capacity(row.capacity), row.actor_id, row.purpose, row.action, row.details, row.household_id)
        for row in session.scalars(chosen)
    ]
