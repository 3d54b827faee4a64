"""A synthetic country: the same for a seed, whole after a kill, sealed and scored as real families are."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.generation import country
from services.generation.country import Added, ClockBehind, Drawn, draw_household, generate_country
from services.generation.proportions import the_proportions
from services.households.household_view import household_of
from services.households.models import Declaration, Draft, Household, Member
from services.journal import entries_about, system_actor
from services.population.models import Guardianship, Person
from services.population.register import Answer, verify_identity
from services.population.synthetic import SyntheticPerson, add_people
from services.scoring.models import Score
from services.scoring.records import latest_score, replay_score

SEED = 3
IN_A_PROCESS = """
import os, sys
from datetime import UTC, datetime
from services import crypto
from services.database import Database
from services.generation import country
from services.journal import system_actor
from services.settings import load_settings
crypto.install_keys(load_settings(os.environ))
country.BATCH = 5
now = datetime.fromisoformat(sys.argv[2])
for _ in country.generate_country(Database(sys.argv[1]), households=100, seed=3, actor=system_actor(), now=now):
    pass
"""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(country, "BATCH", 20)


def generate(database: Database, now: datetime, *, households: int, seed: int = SEED) -> list[Added]:
    return list(generate_country(database, households=households, seed=seed, actor=system_actor(), now=now))


def drawn(households: int, seed: int = SEED) -> list[Drawn]:
    return [draw_household(the_proportions(), seed=seed, number=number) for number in range(households)]


def people_of(households: list[Drawn]) -> Iterator[SyntheticPerson]:
    for one in households:
        yield from one.family.people
        if one.outside:
            yield from one.outside.people


def assert_whole(session: Session, households: int) -> None:
    """Everything that the seed draws is there, once, and nothing else."""
    expected = drawn(households)
    people = list(people_of(expected))
    assert set(session.scalars(sa.select(Person.id))) == {person.id for person in people}
    assert set(session.scalars(sa.select(Household.id))) == {one.id for one in expected}
    members = [tuple(row) for row in session.execute(sa.select(Member.household_id, Member.person_id))]
    assert sorted(members) == sorted((one.id, person.id) for one in expected for person in one.family.people)
    links = [tuple(row) for row in session.execute(sa.select(Guardianship.ward_id, Guardianship.guardian_id))]
    assert sorted(links) == sorted((person.id, guardian) for person in people for guardian in person.guardians)
    declared = [one for one in expected if one.document]
    assert set(session.scalars(sa.select(Declaration.household_id))) == {one.id for one in declared}
    assert sorted(session.scalars(sa.select(Score.household_id))) == sorted(one.id for one in declared)


def test_a_generated_family_is_known_counted_and_scored(database: Database, now: datetime) -> None:
    assert sum(step.households for step in generate(database, now, households=30)) == 30
    first = next(one for one in drawn(30) if one.document)
    head = first.family.people[0]
    with database.reading() as session:
        assert_whole(session, 30)
        row = session.get_one(Person, head.id)
        assert (row.name_arabic, row.name_latin) == head.name
        told = verify_identity(session, idcs=row.idcs, birth_date=head.birth_date, sex=head.sex, now=now)
        assert (told.answer, told.person_id) == (Answer.YES, head.id)
        view = household_of(session, person_id=head.id, now=now)
        assert view
        assert (view.id, view.state, view.head_id, view.draft_id) == (first.id, "active", head.id, None)
        people = {member.person_id for member in view.members}
        assert all(member.guardian_id in people for member in view.members if member.age < 16)
        stored = latest_score(session, household_id=view.id)
        assert stored
        assert replay_score(session, stored=stored).total_nano == stored.total_nano
        declaration = session.get_one(Declaration, stored.declaration_id)
        assert first.document["address"] in (declaration.personal or "")
        assert "address" not in declaration.document
        assert entries_about(session, household_id=view.id) == []


def test_some_households_have_not_declared_yet(sqlite_database: Database, now: datetime) -> None:
    generate(sqlite_database, now, households=60, seed=2)
    with sqlite_database.reading() as session:
        forming = session.scalars(sa.select(Household.id).where(Household.state == "forming")).all()
        assert 0 < len(forming) < 10
        drafts = session.execute(sa.select(Draft.household_id).where(Draft.state == "open", Draft.expires_at > now))
        assert set(drafts.scalars()) == set(forming)
        held = sa.select(Member.held).join(Household).where(Household.state == "forming")
        assert not any(session.scalars(held))


def test_the_same_country_again_adds_nothing_and_a_larger_one_only_the_rest(database: Database, now: datetime) -> None:
    generate(database, now, households=25)
    again = generate(database, now, households=25)
    assert [(step.passed, step.households, step.people) for step in again] == [(20, 0, 0), (5, 0, 0)]
    assert sum(step.households for step in generate(database, now, households=45)) == 20
    with database.reading() as session:
        assert_whole(session, 45)


def test_a_run_that_is_killed_is_gone_on_with(database: Database, now: datetime) -> None:
    url = database.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", IN_A_PROCESS, url, now.isoformat()])
    give_up_at = time.monotonic() + 60
    while count(database, Household) < 10 and time.monotonic() < give_up_at:
        time.sleep(0.01)
    process.kill()
    process.wait()
    there = count(database, Household)
    assert there >= 10
    assert there % 5 == 0
    steps = generate(database, now, households=100)
    assert sum(step.households for step in steps) == 100 - there
    with database.reading() as session:
        assert_whole(session, 100)


def count(database: Database, model: type[Any]) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_another_seed_is_another_country_beside_it(sqlite_database: Database, now: datetime) -> None:
    generate(sqlite_database, now, households=10)
    assert sum(step.households for step in generate(sqlite_database, now, households=10, seed=4)) == 10
    assert not {person.id for person in people_of(drawn(10))} & {person.id for person in people_of(drawn(10, seed=4))}


def test_who_finds_his_number_taken_bears_another(database: Database, now: datetime) -> None:
    (person, *_) = people_of(drawn(1))
    twin = replace(person, id=uuid4())
    with database.writing() as session:
        add_people(session, [twin], seed=SEED)
    generate(database, now, households=2)
    with database.reading() as session:
        assert session.get_one(Person, person.id).idcs != session.get_one(Person, twin.id).idcs


def test_a_clock_before_the_country_declared_is_refused(sqlite_database: Database) -> None:
    with pytest.raises(ClockBehind):
        generate(sqlite_database, datetime(2024, 1, 1, tzinfo=UTC), households=1)


def test_copying_refuses_who_is_there_already(database: Database, now: datetime) -> None:
    (person, *_) = people_of(drawn(1))
    with database.writing() as session:
        add_people(session, [person], seed=SEED)
    with pytest.raises((sa.exc.IntegrityError, psycopg.errors.UniqueViolation)), database.writing() as session:
        add_people(session, [person], seed=SEED)
    assert count(database, Person) == 1
