"""The register's three answers, and what it releases after a yes."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.crypto import blind_index
from services.database import Database
from services.journal import system_actor
from services.journal.models import JournalEntry
from services.population.birth_dates import BirthDate
from services.population.models import Guardianship, Person
from services.population.register import (
    Answer,
    DisplayName,
    Verification,
    close_register,
    facts_about,
    find_person_id,
    guardians_of,
    is_available,
    mobile_of,
    open_register,
    verify_identity,
    verify_person,
)

BORN = BirthDate(1984, 5, 2)
IDCS = "2345678906"


def register(session: Session, idcs: str = IDCS, born: BirthDate = BORN, **others: object) -> Person:
    person = Person(
        idcs_index=blind_index("idcs", idcs),
        idcs=idcs,
        birth_year=born.year,
        birth_month=born.month,
        birth_day=born.day,
        **{"name_arabic": "فاطمة", "name_latin": "Fatima", "sex": "F", "nationality": "MA", **others},
    )
    session.add(person)
    session.flush()
    return person


def test_a_yes_releases_the_display_name_and_nothing_else(session: Session, now: datetime) -> None:
    person = register(session, mobile="+212600000101")
    answer = verify_identity(session, idcs=IDCS, birth_date=BORN, sex="F", now=now)
    assert answer == Verification(Answer.YES, person.id, DisplayName("فاطمة", "Fatima"))
    assert verify_identity(session, idcs=IDCS, birth_date=BORN, now=now) == answer


@pytest.mark.parametrize(
    ("idcs", "born", "sex"),
    [
        ("9876543217", BORN, "F"),
        (IDCS, BirthDate(1984, 5, 3), "F"),
        (IDCS, BirthDate(1984, 2, 5), "F"),
        (IDCS, BirthDate(1984, 5), "F"),
        (IDCS, BirthDate(1984), "F"),
        (IDCS, BORN, "M"),
        (IDCS, BORN, ""),
    ],
)
def test_wrong_data_are_answered_no(session: Session, now: datetime, idcs: str, born: BirthDate, sex: str) -> None:
    register(session)
    assert verify_identity(session, idcs=idcs, birth_date=born, sex=sex, now=now) == Verification(Answer.NO)


def test_a_dead_person_is_answered_no(session: Session, now: datetime) -> None:
    person = register(session, alive=False)
    assert verify_identity(session, idcs=IDCS, birth_date=BORN, sex="F", now=now) == Verification(Answer.NO)
    assert verify_person(session, person_id=person.id, birth_date=BORN, sex="F", now=now) is Answer.NO
    assert find_person_id(session, idcs=IDCS) == person.id


def test_a_partial_date_matches_only_itself(session: Session, now: datetime) -> None:
    register(session, born=BirthDate(1957, 7))
    answers = {
        born.iso: verify_identity(session, idcs=IDCS, birth_date=born, now=now).answer
        for born in (BirthDate(1957), BirthDate(1957, 7), BirthDate(1957, 7, 1))
    }
    assert answers == {"1957": Answer.NO, "1957-07": Answer.YES, "1957-07-01": Answer.NO}


def test_every_answer_takes_one_statement(database: Database, now: datetime) -> None:
    with database.writing() as session:
        person = register(session)
    statements: list[str] = []
    with database.reading() as session:
        session.connection()
        sa.event.listen(database.read_engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        for idcs, born in ((IDCS, BORN), (IDCS, BirthDate(1990)), ("9876543217", BORN)):
            verify_identity(session, idcs=idcs, birth_date=born, now=now)
        facts_about(session, person_ids=[person.id, uuid4()])
    # On PostgreSQL each question stands between lines that bound its time.
    asked = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(asked) == 4
    assert len(set(asked[:3])) == 1


def test_a_closed_register_answers_neither_yes_nor_no(session: Session, now: datetime) -> None:
    person = register(session)
    close_register(session, actor=system_actor(), until=now + timedelta(hours=1), now=now)
    assert not is_available(session, now=now)
    for idcs in (IDCS, "9876543217"):
        assert verify_identity(session, idcs=idcs, birth_date=BORN, now=now) == Verification(Answer.NOT_AVAILABLE)
    asked = verify_person(session, person_id=person.id, birth_date=BORN, sex="F", now=now)
    assert asked is Answer.NOT_AVAILABLE
    assert find_person_id(session, idcs=IDCS) == person.id


def test_a_closure_ends_at_its_time_or_when_opened(session: Session, now: datetime) -> None:
    until = now + timedelta(hours=1)
    close_register(session, actor=system_actor(), until=until, now=now)
    assert is_available(session, now=until)
    open_register(session, actor=system_actor(), now=now)
    assert is_available(session, now=now)
    actions = session.scalars(sa.select(JournalEntry.action).order_by(JournalEntry.id)).all()
    assert actions == ["population.register_closed", "population.register_opened"]


def test_opening_an_open_register_leaves_no_trace(session: Session, now: datetime) -> None:
    open_register(session, actor=system_actor(), now=now)
    assert session.scalar(sa.select(sa.func.count(JournalEntry.id))) == 0


def test_a_register_cannot_close_until_the_past(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="ahead"):
        close_register(session, actor=system_actor(), until=now, now=now)


def test_facts_are_told_of_those_who_exist(session: Session) -> None:
    person = register(session, born=BirthDate(1957), nationality="SN", alive=False)
    facts = facts_about(session, person_ids=[person.id, uuid4()])
    assert list(facts) == [person.id]
    told = facts[person.id]
    assert (told.name.latin, told.birth_date.iso, told.nationality, told.alive) == ("Fatima", "1957", "SN", False)
    assert facts_about(session, person_ids=[]) == {}


def test_mobile_and_guardians(session: Session) -> None:
    mother = register(session, mobile="+212600000101")
    child = register(session, idcs="9876543217", born=BirthDate(2020, 1, 2))
    session.add(Guardianship(ward_id=child.id, guardian_id=mother.id))
    session.flush()
    assert mobile_of(session, person_id=mother.id) == "+212600000101"
    assert mobile_of(session, person_id=child.id) is None
    assert mobile_of(session, person_id=uuid4()) is None
    assert guardians_of(session, person_id=child.id) == (mother.id,)
    assert guardians_of(session, person_id=mother.id) == ()
