"""The synthetic country: family by family from one seed, written a batch at a time.

The family of a number is the same in every run of a seed, its ids included, and a batch is one
transaction. So a run that was killed goes on where it was, the same one again adds nothing, and
one with more households adds only those. Families outside every household come along.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor
from random import Random
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from services import journal
from services.bulk import take_turns
from services.database import Database
from services.generation.families import ADULT, MOST_PEOPLE, Family, draw_family
from services.generation.homes import draw_home
from services.generation.lives import draw_lives
from services.generation.proportions import Proportions, the_proportions
from services.households.declaration import Document
from services.households.establishing import Establishment, Place, establish_households, households_known
from services.journal import Actor
from services.population.synthetic import add_people
from services.scoring.records import Unscored, record_scores

BATCH = 250
# Serial numbers of a household's people, and of the family beside it that is in none.
SERIALS = 2 * MOST_PEOPLE
CAUSE = "first"


class ClockBehind(Exception):
    """Today is before the day on which the synthetic country declared."""


@dataclass(frozen=True)
class Added:
    """What one batch added. ``passed`` counts also the households that were there already."""

    passed: int
    households: int
    people: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """One household as drawn, and the people who live beside it in none."""

    id: UUID
    family: Family
    document: Document | None
    outside: Family | None


def generate_country(database: Database, *, households: int, seed: int, actor: Actor, now: datetime) -> Iterator[Added]:
    """Bring the first ``households`` households of ``seed`` into the database, yielding after each batch.

    Raises ClockBehind.
    """
    proportions = the_proportions()
    if now < proportions.declared_at:
        raise ClockBehind(f"the synthetic country declared on {proportions.declared_on}: set the clock")
    for first in range(0, households, BATCH):
        numbers = range(first, min(first + BATCH, households))
        yield _add_batch(database, proportions, numbers, seed, actor, now)


def draw_household(proportions: Proportions, *, seed: int, number: int) -> Drawn:
    """The household of this number. Its people, home and lives follow from the seed alone."""
    random = _random_of(seed, number)
    household_id = _id_from(random)
    family = draw_family(random, proportions, first_serial=number * SERIALS)
    document = None
    if random.random() >= proportions.forming:
        document = _draw_document(random, proportions, family)
    outside = None
    if floor((number + 1) * proportions.outside) > floor(number * proportions.outside):
        outside = draw_family(random, proportions, first_serial=number * SERIALS + MOST_PEOPLE)
    return Drawn(household_id, family, document, outside)


def _draw_document(random: Random, proportions: Proportions, family: Family) -> Document:
    milieu = "rural" if random.random() < proportions.rural else "urban"
    means = random.random() ** proportions.poverty
    home = draw_home(random, proportions, family, milieu=milieu, means=means)
    lives = draw_lives(random, proportions, family, milieu=milieu, means=means)
    return cast(Document, {**home, "members": lives})


def _add_batch(
    database: Database, proportions: Proportions, numbers: range, seed: int, actor: Actor, now: datetime
) -> Added:
    by_id = {_id_from(_random_of(seed, number)): number for number in numbers}
    with database.reading() as session:
        known = households_known(session, by_id)
    drawn = [draw_household(proportions, seed=seed, number=number) for id_, number in by_id.items() if id_ not in known]
    if not drawn:
        return Added(len(numbers), 0, 0)
    with database.writing() as session:
        take_turns(session, name="generate a country")
        known = households_known(session, [one.id for one in drawn])
        people = _store(session, [one for one in drawn if one.id not in known], proportions, seed, now)
        added = Added(len(numbers), len(drawn) - len(known), people)
        journal.record(
            session,
            actor=actor,
            action="population.generated",
            now=now,
            households=added.households,
            people=people,
            seed=seed,
        )
    return added


def _store(session: Session, drawn: Sequence[Drawn], proportions: Proportions, seed: int, now: datetime) -> int:
    families = [family for one in drawn for family in (one.family, one.outside) if family is not None]
    people = [person for family in families for person in family.people]
    add_people(session, people, seed=seed)
    declared_at = proportions.declared_at
    made = [
        Establishment(one.id, _places(one.family), one.document, now if one.document is None else declared_at)
        for one in drawn
    ]
    establish_households(session, made)
    unscored = [Unscored(one.id, one.declaration_id, one.document) for one in made if one.document is not None]
    record_scores(session, unscored, cause=CAUSE, now=declared_at)
    return len(people)


def _places(family: Family) -> list[Place]:
    return [
        Place(relative.person.id, relative.relation, 1 if relative.age < ADULT else None)
        for relative in family.relatives
    ]


def _random_of(seed: int, number: int) -> Random:
    return Random(f"household {number} of {seed}")  # noqa: S311 (invented people are no secret)


def _id_from(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)
