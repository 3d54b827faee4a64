"""Applying for a programme: one request, for who may, with a payee and an account that are right."""

import threading
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import NotFound, StateConflict
from services.journal import citizen
from services.journal.models import JournalEntry
from services.messaging.models import Message
from services.requests.applications.asking import NO_SCORE, NOT_ACTIVE, NOT_OPEN_NOW, offer_for
from services.requests.applications.sending import apply_for
from services.requests.corrections import withdraw_request
from services.requests.models import Application
from services.scoring.models import Score
from tests.services.households.families import see
from tests.services.requests.applicants import (
    RIB,
    SAID,
    application_of,
    apply,
    registered_family,
    request_called,
    wish,
    work_on,
)
from tests.services.requests.families import answered_family, enrol, queued


def applications(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Application)) or 0


def test_an_application_is_a_request_of_its_own_kind(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    sent = apply(session, family, now)
    request = request_called(session, sent.reference)
    assert (request.kind, request.state, request.submitted_by) == ("application", "submitted", family.mother.id)
    assert f"verify:{request.id}:1" in queued(session)
    asked = application_of(session, request.id)
    assert (asked.programme, asked.payee_role, asked.account, asked.said) == ("asd", "custodian", RIB, SAID)
    assert asked.is_open
    newest = sa.select(Message.kind).order_by(Message.created_at.desc())
    assert "submission" in list(session.scalars(newest))
    actions = session.scalars(sa.select(JournalEntry.action).where(JournalEntry.household_id == family.household_id))
    assert "application.submitted" in list(actions)


def test_the_account_stands_sealed_in_the_database(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    apply(session, family, now)
    [stored] = session.execute(sa.text("SELECT account_sealed FROM applications")).scalars()
    assert RIB.encode() not in bytes(stored)
    assert RIB not in repr(wish(family))


def test_sending_again_is_the_same_request(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    first = apply(session, family, now)
    for key in ("a page", "another tab"):
        again = apply(session, family, now, key=key, channel="cash_point", account=None)
        assert (again.reference, again.created) == (first.reference, False)
    other = apply(session, family, now, "amo_tadamon", key="the other programme")
    assert other.created
    assert applications(session) == 2


def test_ten_clicks_at_once_make_one_request(database: Database, now: datetime) -> None:
    with database.writing() as session:
        family = registered_family(session, now)
    references, start = [], threading.Barrier(10)

    def click(number: int) -> None:
        start.wait()
        with database.writing() as session:
            references.append(apply(session, family, now, key=f"key {number % 3}").reference)

    clicks = [threading.Thread(target=click, args=(number,)) for number in range(10)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(references) == 10
    assert len(set(references)) == 1
    with database.reading() as session:
        assert applications(session) == 1


def test_what_is_cut_off_before_the_commit_never_was(database: Database, now: datetime) -> None:
    with database.writing() as session:
        family = registered_family(session, now)

    def die_before_the_commit() -> None:
        with database.writing() as session:
            apply(session, family, now)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die_before_the_commit()
    with database.writing() as session:
        assert applications(session) == 0
        assert len([key for key in queued(session) if key.startswith("verify")]) == 1
        assert apply(session, family, now).created


def test_the_database_itself_knows_one_open_application_a_programme(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    first = request_called(session, apply(session, family, now).reference)
    second = request_called(session, apply(session, family, now, "amo_tadamon", key="another").reference)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(sa.update(Application).where(Application.id == second.id).values(programme="asd"))
    assert first.id != second.id


def test_what_is_over_can_be_asked_anew_and_what_was_granted_stands(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    first = apply(session, family, now)
    withdraw_request(session, actor=citizen(family.mother.id), reference=first.reference, now=now)
    taken_back = application_of(session, request_called(session, first.reference).id)
    assert (taken_back.is_open, taken_back.account) == (False, None)
    second = apply(session, family, now, key="a new page")
    assert second.created
    work_on(session, second.reference, now)
    assert apply(session, family, now, key="once more").reference == second.reference


def test_somebody_elses_household_looks_like_none(session: Session, now: datetime) -> None:
    family, stranger = registered_family(session, now), enrol(session)
    for household_id in (family.household_id, stranger.id):
        with pytest.raises(NotFound):
            apply_for(
                session,
                actor=citizen(stranger.id),
                household_id=household_id,
                programme="asd",
                wish=wish(family),
                submission_key="k",
                now=now,
            )
    with pytest.raises(NotFound):
        apply(session, family, now, "no such programme")


def test_it_takes_an_active_household_with_a_score_and_a_programme_that_is_there(
    session: Session, now: datetime
) -> None:
    forming, family = answered_family(session, now), registered_family(session, now)
    for who, programme, why in ((forming, "asd", NOT_ACTIVE), (family, "tayssir", NOT_OPEN_NOW)):
        with pytest.raises(StateConflict, match=why.split(".")[0]):
            apply(session, who, now, programme)
    session.execute(sa.delete(Score))
    with pytest.raises(StateConflict, match=NO_SCORE.split(".")[0]):
        apply(session, family, now)
    assert not applications(session)


@pytest.mark.parametrize(
    "others",
    [
        {"channel": "post"},
        {"account": RIB[:-1] + "2"},
        {"account": None},
        {"channel": "wallet"},
        {"said": {}},
        {"payee_id": "a child"},
        {"payee_id": "a stranger"},
    ],
)
def test_a_wish_that_the_page_does_not_offer_is_refused(
    session: Session, now: datetime, others: dict[str, Any]
) -> None:
    family = registered_family(session, now)
    people = {"a child": family.children[0], "a stranger": enrol(session).id}
    others = {**others, "payee_id": people.get(others.get("payee_id", ""), family.mother.id)}
    with pytest.raises(StateConflict):
        apply(session, family, now, **others)
    assert not applications(session)


def test_cash_needs_no_account_and_what_was_typed_for_one_is_not_kept(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    sent = apply(session, family, now, channel="cash_point", account=RIB)
    assert application_of(session, request_called(session, sent.reference).id).account is None


def test_the_page_asks_only_what_only_the_family_knows(session: Session, now: datetime) -> None:
    view = see(session, registered_family(session, now).mother, now)
    asked = {key: offer_for(session, household=view, programme=key, now=now) for key in ("asd", "amo_tadamon")}
    assert [one.condition for one in asked["asd"].questions] == ["no_other_family_allowance"]
    assert asked["amo_tadamon"].questions == ()
    assert [payee.role for payee in asked["asd"].payees] == ["custodian"]
    assert [payee.role for payee in asked["amo_tadamon"].payees] == ["registrant"]
    assert (asked["asd"].obstacle, asked["asd"].standing) == (None, None)
