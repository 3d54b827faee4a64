"""People are added: one neutral failure, minors beside their guardian."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import TooManyAttempts, Unavailable
from services.households.members import (
    AlreadyHere,
    MemberAdded,
    NotAdded,
)
from services.journal import entries_about, system_actor
from services.journal.models import JournalEntry
from services.population.birth_dates import BirthDate
from services.population.register import close_register
from tests.services.households.changes import submit
from tests.services.households.families import (
    Someone,
    add,
    begin_family,
    enrol,
    see,
    statements,
)
from tests.services.households.moments import at_once


def someone_with_another_date(session: Session, now: datetime) -> dict[str, Any]:
    return {"who": enrol(session), "birth_date": BirthDate(1984, 5, 3)}


def nobody(session: Session, now: datetime) -> dict[str, Any]:
    return {"who": Someone(uuid4(), "9876543217", BirthDate(1984, 5, 2))}


def someone_dead(session: Session, now: datetime) -> dict[str, Any]:
    return {"who": enrol(session, alive=False)}


def someone_elsewhere(session: Session, now: datetime) -> dict[str, Any]:
    neighbour = begin_family(session, now, children=0)[1]
    submit(session, neighbour, now)
    return {"who": neighbour}


def a_minor_without_guardian(session: Session, now: datetime) -> dict[str, Any]:
    return {"who": enrol(session, "2015-03-01", guardians=(enrol(session),))}


def a_minor_without_any(session: Session, now: datetime) -> dict[str, Any]:
    return {"who": enrol(session, "2015-03-01")}


FAILURES = [
    someone_with_another_date,
    nobody,
    someone_dead,
    someone_elsewhere,
    a_minor_without_guardian,
    a_minor_without_any,
]


def test_whom_the_register_confirms_is_added(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    husband = enrol(session, "1980", sex="M", name_latin="Hassan")
    added = add(session, mother, husband, "spouse", now)
    assert isinstance(added, MemberAdded)
    assert (added.member.position, added.member.name.latin, added.member.age) == (4, "Hassan", 46)
    assert see(session, mother, now).members[-1] == added.member
    entry = entries_about(session, household_id=view.id)[0]
    assert (entry.action, entry.details) == ("household.member_added", {"relation": "spouse", "position": 4})


def test_every_failure_is_the_same_in_words_and_statements(database: Database, now: datetime) -> None:
    asked, told = [], []
    for prepare in FAILURES:
        with database.writing() as session:
            view, mother = begin_family(session, now, children=1)
            failing = prepare(session, now)
        with database.writing() as session:
            with statements(database) as seen:
                outcome = add(session, mother, relation="other", now=now, **failing)
                session.flush()
            assert isinstance(outcome, NotAdded)
            entry = entries_about(session, household_id=view.id)[0]
            assert entry.details == {"reference": str(outcome.reference_id)}
            assert len(see(session, mother, now).members) == 2
        asked.append(seen)
        told.append(entry.action)
    assert all(seen == asked[0] for seen in asked)
    assert set(told) == {"household.member_not_added"}


@pytest.mark.parametrize(
    ("prepare", "reason"), list(zip(FAILURES, ["not_confirmed"] * 3 + ["elsewhere"] + ["no_guardian"] * 2, strict=True))
)
def test_the_reason_stands_in_the_journal_of_the_person_alone(
    session: Session, now: datetime, prepare: Callable[..., dict[str, Any]], reason: str
) -> None:
    mother = begin_family(session, now)[1]
    failing = prepare(session, now)
    outcome = add(session, mother, relation="other", now=now, **failing)
    row = session.scalars(sa.select(JournalEntry).where(JournalEntry.action == "person.member_not_added")).one()
    known = prepare is not nobody
    assert (row.household_id, row.person_id) == (None, failing["who"].id if known else None)
    assert row.details == {"reference": str(outcome.reference_id), "reason": reason}


def test_who_is_here_already_is_told_as_such(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    for member, who in ((view.members[0], mother),):
        assert add(session, mother, who, "other", now) == AlreadyHere(member)


def test_a_wrong_date_for_a_member_fails_like_any_other(session: Session, now: datetime) -> None:
    mother = begin_family(session, now)[1]
    assert isinstance(add(session, mother, mother, "other", now, birth_date=BirthDate(1990)), NotAdded)


def test_a_closed_register_is_neither_yes_nor_no(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother = begin_family(session, now)[1]
        uncle = enrol(session)
        close_register(session, actor=system_actor(), until=now + timedelta(hours=1), now=now)
    with pytest.raises(Unavailable), database.writing() as session:
        add(session, mother, uncle, "sibling", now)
    with database.writing() as session:
        assert isinstance(add(session, mother, uncle, "sibling", now + timedelta(hours=1)), MemberAdded)


def test_after_twenty_refusals_an_hour_nobody_is_looked_up(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother, neighbour = begin_family(session, now)[1], begin_family(session, now)[1]
        uncle = enrol(session, "1970-02-03")
    for day in range(1, 21):
        with database.writing() as session:
            guess = BirthDate(1971, 1, day)
            assert isinstance(add(session, mother, uncle, "sibling", now, birth_date=guess), NotAdded)
    with pytest.raises(TooManyAttempts) as refused, database.writing() as session:
        add(session, mother, uncle, "sibling", now)
    assert 0 < refused.value.retry_after <= 3600
    with database.writing() as session:
        assert isinstance(add(session, neighbour, uncle, "sibling", now), MemberAdded)
        assert isinstance(add(session, mother, uncle, "sibling", now + timedelta(hours=1)), MemberAdded)


def test_a_minor_comes_with_a_guardian_who_is_here(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now, children=1)
    assert [member.guardian_id for member in view.members] == [None, mother.id]
    aunt = enrol(session)
    cousin = enrol(session, "2012-01-01", guardians=(aunt,))
    assert isinstance(add(session, mother, cousin, "other", now), NotAdded)
    add(session, mother, aunt, "sibling", now)
    assert isinstance(add(session, mother, cousin, "other", now), MemberAdded)


def test_the_same_person_added_ten_times_at_once_has_one_place(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother = begin_family(session, now)[1]
        uncle = enrol(session)

    def add_uncle() -> Any:
        with database.writing() as session:
            return add(session, mother, uncle, "sibling", now)

    outcomes = at_once(*[add_uncle] * 10)
    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyHere"] * 9 + ["MemberAdded"]
    with database.reading() as session:
        assert [member.position for member in see(session, mother, now).members] == [1, 2, 3, 4]
