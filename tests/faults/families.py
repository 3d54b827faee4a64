"""Families that have answered everything and have yet to send: as many as a test wants."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from services.database import Database
from services.population.models import Person
from tests.services.requests.families import answered_family

BATCH = 50
_mobiles = count(21_000_000)


@dataclass(frozen=True)
class Ready:
    """A household whose form waits to be sent by its mother."""

    household_id: UUID
    mother_id: UUID
    mobile: str


def ready_families(database: Database, number: int, *, children: int = 1) -> list[Ready]:
    """``number`` households, registered and answered by the services themselves."""
    made: list[Ready] = []
    while len(made) < number:
        with database.writing() as session:
            for _ in range(min(BATCH, number - len(made))):
                family = answered_family(session, datetime.now(UTC), children=children)
                mobile = f"+2126{next(_mobiles)}"
                session.get_one(Person, family.mother.id).mobile = mobile
                made.append(Ready(family.household_id, family.mother.id, mobile))
    return made
