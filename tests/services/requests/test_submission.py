"""Sending a declaration: one request, whatever is clicked."""

import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import NotFound, StateConflict
from services.households.draft_life import open_draft
from services.households.models import Declaration, Household
from services.journal import citizen
from services.messaging.models import Message
from services.requests.corrections import withdraw_request
from services.requests.models import Request
from services.requests.references import parse_reference
from services.requests.submission import Submitted, submit_request
from tests.services.households.families import answer_everything, begin_family
from tests.services.requests.families import MOBILE, answered_family, enrol, queued, send


def test_a_sent_declaration_is_a_request_with_a_reference(session: Session, now: datetime) -> None:
    family = answered_family(session, now)
    sent = send(session, family, now)
    assert sent.created
    assert parse_reference(sent.reference) == sent.reference
    request = session.scalars(sa.select(Request)).one()
    assert (request.state, request.aids, request.submitted_by) == ("submitted", ["asd"], family.mother.id)
    assert session.get_one(Household, family.household_id).state == "declared"
    assert f"verify:{request.id}:1" in queued(session)


def test_the_family_gets_the_reference_in_its_language(session: Session, now: datetime) -> None:
    send(session, answered_family(session, now, locale="zgh"), now)
    message = session.scalars(sa.select(Message)).one()
    assert (message.kind, message.locale, message.to) == ("submission", "zgh", MOBILE)


def test_sending_again_is_the_same_request(session: Session, now: datetime) -> None:
    family = answered_family(session, now)
    first = send(session, family, now)
    for key in ("the page's key", "another tab's key"):
        again = send(session, family, now, key)
        assert (again.reference, again.created) == (first.reference, False)
    assert session.scalar(sa.select(sa.func.count(Declaration.id))) == 1


def test_ten_clicks_at_once_make_one_request(database: Database, now: datetime) -> None:
    with database.writing() as session:
        family = answered_family(session, now)
    references, start = [], threading.Barrier(10)

    def click(number: int) -> None:
        start.wait()
        with database.writing() as session:
            references.append(send(session, family, now, f"key {number % 2}").reference)

    clicks = [threading.Thread(target=click, args=(number,)) for number in range(10)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(references) == 10
    assert len(set(references)) == 1
    with database.reading() as session:
        counts = [session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (Request, Message)]
        assert counts == [1, 1]
        assert len([key for key in queued(session) if key.startswith("verify")]) == 1


def test_somebody_elses_household_looks_like_none(session: Session, now: datetime) -> None:
    family = answered_family(session, now)
    stranger = enrol(session)
    for household_id in (family.household_id, stranger.id):
        with pytest.raises(NotFound):
            submit_request(session, actor=citizen(stranger.id), household_id=household_id, submission_key="k", now=now)


def test_an_unfinished_form_cannot_be_sent(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    with pytest.raises(StateConflict):
        submit_request(session, actor=citizen(mother.id), household_id=view.id, submission_key="k", now=now)
    assert not session.scalars(sa.select(Request)).all()


def test_an_expired_draft_cannot_be_sent(session: Session, now: datetime) -> None:
    family = answered_family(session, now)
    with pytest.raises(StateConflict):
        send(session, family, now + timedelta(days=31))


def test_the_page_of_a_withdrawn_request_sends_nothing_new(session: Session, now: datetime) -> None:
    family = answered_family(session, now)
    mother = citizen(family.mother.id)
    sent = send(session, family, now)
    withdraw_request(session, actor=mother, reference=sent.reference, now=now)
    open_draft(session, actor=mother, household_id=family.household_id, now=now)
    answer_everything(session, family.mother, now)
    assert send(session, family, now) == Submitted(sent.reference, created=False)
    assert send(session, family, now, "a new page's key").created


def test_two_families_may_send_the_same_key_however_long(session: Session, now: datetime) -> None:
    sent = [send(session, answered_family(session, now, children=0), now, "\x00ك" * 5000) for _ in range(2)]
    assert len({one.reference for one in sent}) == 2
