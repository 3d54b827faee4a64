"""Joining by one's own code or a guardian's: who learns what, and who does not."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.accounts.codes import CodeOutcome, CodeResult
from services.database import Database
from services.erasing import erase_due
from services.errors import NotFound, StateConflict, TooManyAttempts, Unavailable
from services.households.declaring import submit_draft
from services.households.expiry import ERASURES
from services.households.membership_codes import (
    ADDED,
    ALREADY_HERE,
    DECEASED,
    ELSEWHERE,
    OTHER_BIRTH_DATE,
    Confirmed,
    begin_membership_code,
    confirm_membership,
)
from services.households.models import MembershipClaim
from services.journal import citizen, entries_about, system_actor
from services.journal.models import JournalEntry
from services.messages import Words
from services.messaging.models import Message
from services.population.birth_dates import BirthDate
from services.population.models import Person
from services.population.register import close_register
from tests.services.households.families import (
    Someone,
    add,
    answer_everything,
    begin_family,
    enrol,
    see,
    statements,
)

MOBILE = "+212600000101"


@pytest.fixture
def mother(database: Database, now: datetime) -> Someone:
    with database.writing() as session:
        return begin_family(session, now, children=0)[1]


def put(database: Database, born: str = "1984-05-02", **others: Any) -> Someone:
    with database.writing() as session:
        return enrol(session, born, **others)


def ask(database: Database, mother: Someone, who: Someone, now: datetime, **others: Any) -> UUID:
    """Have a code sent, as the mother does; the attempt's id."""
    wish = {"idcs": who.idcs, "birth_date": who.birth_date, "relation": "other", **others}
    with database.writing() as session:
        begun = begin_membership_code(
            session,
            actor=citizen(mother.id),
            household_id=see(session, mother, now).id,
            address="192.0.2.7",
            locale="fr",
            now=now,
            **wish,
        )
    return begun.attempt_id


def codes_to(database: Database, mobile: str = MOBILE) -> list[str]:
    with database.reading() as session:
        sent = session.scalars(sa.select(Message).order_by(Message.created_at)).all()
        return [json.loads(message.parameters or "{}")["code"] for message in sent if message.to == mobile]


def confirm(database: Database, by: Someone, attempt_id: UUID, code: str, now: datetime) -> Confirmed | CodeResult:
    with database.writing() as session:
        return confirm_membership(session, actor=citizen(by.id), attempt_id=attempt_id, code=code, now=now)


def people_of(database: Database, mother: Someone, now: datetime) -> list[UUID]:
    with database.reading() as session:
        return [member.person_id for member in see(session, mother, now).members]


def test_whose_phone_received_the_code_becomes_a_member(database: Database, mother: Someone, now: datetime) -> None:
    uncle = put(database, mobile=MOBILE)
    attempt_id = ask(database, mother, uncle, now, relation="sibling")
    (code,) = codes_to(database)
    assert confirm(database, mother, attempt_id, code, now) == Confirmed(Words(ADDED), added=True)
    with database.reading() as session:
        assert see(session, mother, now).members[-1].relation == "sibling"


def test_a_minor_joins_by_the_code_of_the_guardian_who_has_a_phone(
    database: Database, mother: Someone, now: datetime
) -> None:
    guardians = (put(database), put(database, mobile=MOBILE))
    child = put(database, "2015-03-01", guardians=guardians, mobile="+212600000999")
    attempt_id = ask(database, mother, child, now, relation="grandchild")
    assert codes_to(database, "+212600000999") == []
    (code,) = codes_to(database)
    assert confirm(database, mother, attempt_id, code, now) == Confirmed(Words(ADDED), added=True)
    assert child.id in people_of(database, mother, now)


def test_a_minor_without_guardian_receives_no_code_himself(database: Database, mother: Someone, now: datetime) -> None:
    ask(database, mother, put(database, "2015-03-01", mobile=MOBILE), now)
    assert codes_to(database) == []


def test_the_right_code_tells_that_the_birth_date_was_another(
    database: Database, mother: Someone, now: datetime
) -> None:
    uncle = put(database, mobile=MOBILE)
    attempt_id = ask(database, mother, uncle, now, birth_date=BirthDate(1985))
    (code,) = codes_to(database)
    assert confirm(database, mother, attempt_id, code, now) == Confirmed(Words(OTHER_BIRTH_DATE), added=False)
    assert people_of(database, mother, now) == [mother.id]


def test_the_right_code_tells_that_one_is_in_another_household(
    database: Database, mother: Someone, now: datetime
) -> None:
    with database.writing() as session:
        neighbour = enrol(session, mobile=MOBILE)
        family = begin_family(session, now)[1]
        add(session, family, neighbour, "sibling", now)
        submit_draft(session, actor=citizen(family.id), draft_id=answer_everything(session, family, now), now=now)
    attempt_id = ask(database, mother, neighbour, now)
    (code,) = codes_to(database)
    assert confirm(database, mother, attempt_id, code, now) == Confirmed(Words(ELSEWHERE), added=False)


def test_the_right_code_tells_that_one_is_here_already(database: Database, mother: Someone, now: datetime) -> None:
    uncle = put(database, mobile=MOBILE)
    attempt_id = ask(database, mother, uncle, now)
    with database.writing() as session:
        add(session, mother, uncle, "sibling", now)
    (code,) = codes_to(database)
    assert confirm(database, mother, attempt_id, code, now) == Confirmed(Words(ALREADY_HERE), added=False)


def test_a_guardian_learns_that_the_register_has_the_child_as_dead(
    database: Database, mother: Someone, now: datetime
) -> None:
    guardian = put(database, mobile=MOBILE)
    child = put(database, "2015-03-01", guardians=(guardian,))
    attempt_id = ask(database, mother, child, now)
    with database.writing() as session:
        session.execute(sa.update(Person).where(Person.id == child.id).values(alive=False))
    (code,) = codes_to(database)
    assert confirm(database, mother, attempt_id, code, now) == Confirmed(Words(DECEASED), added=False)


def test_asking_does_the_same_whoever_is_asked_for(database: Database, mother: Someone, now: datetime) -> None:
    asked = []
    for who in (
        put(database, mobile=MOBILE),
        put(database),
        put(database, alive=False),
        put(database, "2015-03-01", guardians=(put(database), put(database))),
        Someone(uuid4(), "9876543217", BirthDate(1984)),
    ):
        with statements(database) as seen:
            ask(database, mother, who, now)
        asked.append([statement.split(" WHERE ")[0] for statement in seen if "dbos" not in statement])
    assert [len(seen) for seen in asked] == [len(asked[0])] * 5
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(MembershipClaim.id))) == 5
        assert session.scalar(sa.select(sa.func.count(Message.id))) == 5


def test_the_household_s_journal_names_nobody_who_was_asked(database: Database, mother: Someone, now: datetime) -> None:
    uncle = put(database, mobile=MOBILE)
    attempt_id = ask(database, mother, uncle, now)
    with database.reading() as session:
        entry = entries_about(session, household_id=see(session, mother, now).id)[0]
        own = session.scalars(sa.select(JournalEntry).where(JournalEntry.person_id == uncle.id)).one()
    assert (entry.action, entry.details) == ("household.code_asked", {"reference": str(attempt_id)})
    assert (own.action, own.household_id) == ("person.code_asked", None)


def test_a_wrong_code_adds_nobody_and_is_remembered(database: Database, mother: Someone, now: datetime) -> None:
    attempt_id = ask(database, mother, put(database, mobile=MOBILE), now)
    (code,) = codes_to(database)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert confirm(database, mother, attempt_id, wrong, now) == CodeResult(CodeOutcome.WRONG, tries_left=4)
    assert confirm(database, mother, attempt_id, wrong, now) == CodeResult(CodeOutcome.WRONG, tries_left=3)
    assert isinstance(confirm(database, mother, attempt_id, code, now), Confirmed)
    assert confirm(database, mother, attempt_id, code, now) == CodeResult(CodeOutcome.OVER)


def test_nobody_s_code_is_never_right(database: Database, mother: Someone, now: datetime) -> None:
    attempt_id = ask(database, mother, Someone(uuid4(), "9876543217", BirthDate(1984)), now)
    result = confirm(database, mother, attempt_id, "000000", now)
    assert result == CodeResult(CodeOutcome.WRONG, tries_left=4)


def test_another_household_cannot_use_the_attempt(database: Database, mother: Someone, now: datetime) -> None:
    attempt_id = ask(database, mother, put(database, mobile=MOBILE), now)
    (code,) = codes_to(database)
    with database.writing() as session:
        neighbour = begin_family(session, now)[1]
    for by, attempt in ((neighbour, attempt_id), (mother, uuid4())):
        with pytest.raises(NotFound):
            confirm(database, by, attempt, code, now)
    assert isinstance(confirm(database, mother, attempt_id, code, now), Confirmed)


def test_a_closed_register_leaves_the_code_good(database: Database, mother: Someone, now: datetime) -> None:
    attempt_id = ask(database, mother, put(database, mobile=MOBILE), now)
    (code,) = codes_to(database)
    soon = now + timedelta(minutes=1)
    with database.writing() as session:
        close_register(session, actor=system_actor(), until=soon, now=now)
    with pytest.raises(Unavailable):
        confirm(database, mother, attempt_id, code, now)
    assert confirm(database, mother, attempt_id, code, soon) == Confirmed(Words(ADDED), added=True)


def test_a_head_chosen_meanwhile_is_not_doubled(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother = begin_family(session, now, children=0)[1]
    uncle = put(database, mobile=MOBILE)
    with pytest.raises(StateConflict):
        ask(database, mother, uncle, now, relation="head")


def test_codes_are_asked_for_twenty_times_an_hour_at_most(database: Database, mother: Someone, now: datetime) -> None:
    uncle = put(database)
    for day in range(1, 21):
        ask(database, mother, uncle, now, birth_date=BirthDate(1984, 1, day))
    with pytest.raises(TooManyAttempts):
        ask(database, mother, uncle, now)


def test_wishes_are_forgotten_with_their_codes(database: Database, mother: Someone, now: datetime) -> None:
    ask(database, mother, put(database), now)
    with database.writing() as session:
        erased = {hours: erase_due(session, ERASURES, now=now + timedelta(hours=hours)) for hours in (23, 25, 30 * 24)}
        assert [(one["membership_claim"], one["draft"]) for one in erased.values()] == [(0, 0), (1, 0), (0, 1)]
        assert session.scalar(sa.select(sa.func.count(MembershipClaim.id))) == 0
