"""When the register said no: correcting, asking again, withdrawing."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.errors import NotFound, StateConflict
from services.households.members import remove_member
from services.households.models import Household
from services.journal import citizen
from services.requests.corrections import ask_again, open_correction, withdraw_request
from services.requests.models import Request
from services.requests.states import Event, State
from services.requests.tracking import find_request
from services.requests.verification import Outcome, expire_request
from tests.services.requests.families import (
    Family,
    check,
    die,
    enrol,
    log_of,
    queued,
    revive,
    see,
    send,
    sent_request,
)


def refused_request(session: Session, now: datetime) -> tuple[Request, Family]:
    request, family = sent_request(session, now)
    die(session, family.children[0])
    assert check(session, request, now) is Outcome.NEEDS_CITIZEN
    return request, family


def test_a_corrected_declaration_answers_the_same_request(session: Session, now: datetime) -> None:
    request, family = refused_request(session, now)
    mother, first_declaration = citizen(family.mother.id), request.declaration_id
    open_correction(session, actor=mother, reference=request.reference, now=now)
    child = see(session, family.mother, now).member_of(family.children[0])
    assert child is not None
    remove_member(session, actor=mother, household_id=family.household_id, member_id=child.id, now=now)
    for _ in range(2):
        assert send(session, family, now, "a second page's key").reference == request.reference
    assert request.declaration_id != first_declaration
    assert f"verify:{request.id}:2" in queued(session)
    assert check(session, request, now, attempt=2) is Outcome.CONFIRMED
    assert log_of(session, request)[-3:] == [Event.REFUSE, Event.CORRECT, Event.CONFIRM]
    assert session.scalar(sa.select(sa.func.count(Request.id))) == 1


def test_the_register_can_be_asked_again_as_it_is(session: Session, now: datetime) -> None:
    request, family = refused_request(session, now)
    revive(session, family.children[0])
    ask_again(session, actor=citizen(family.mother.id), reference=request.reference, now=now)
    assert check(session, request, now, attempt=2) is Outcome.CONFIRMED


def test_the_register_is_not_asked_about_a_form_that_is_being_corrected(session: Session, now: datetime) -> None:
    request, family = refused_request(session, now)
    mother = citizen(family.mother.id)
    open_correction(session, actor=mother, reference=request.reference, now=now)
    with pytest.raises(StateConflict):
        ask_again(session, actor=mother, reference=request.reference, now=now)
    assert send(session, family, now, "corrected").reference == request.reference
    assert request.state == State.VERIFYING
    assert see(session, family.mother, now).draft_id is None


def test_a_second_no_can_be_answered_too(session: Session, now: datetime) -> None:
    request, family = refused_request(session, now)
    ask_again(session, actor=citizen(family.mother.id), reference=request.reference, now=now)
    assert check(session, request, now, attempt=2) is Outcome.NEEDS_CITIZEN
    # The first no's term is over, the second's is not.
    later = now + timedelta(days=31)
    assert expire_request(session, request_id=request.id, step=3, now=later) is Outcome.ALREADY_DONE
    assert request.state == State.NEEDS_CITIZEN


def test_those_not_confirmed_are_shown_to_the_family(session: Session, now: datetime) -> None:
    request, family = refused_request(session, now)
    view = find_request(session, actor=citizen(family.mother.id), reference=request.reference, now=now)
    assert view.unconfirmed == (family.children[0],)


def test_nothing_can_be_corrected_while_nothing_waits(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    for act in (open_correction, ask_again):
        with pytest.raises(StateConflict):
            act(session, actor=citizen(family.mother.id), reference=request.reference, now=now)


def test_somebody_elses_request_looks_like_none(session: Session, now: datetime) -> None:
    request, _ = refused_request(session, now)
    stranger = citizen(enrol(session).id)
    for act in (open_correction, ask_again, withdraw_request):
        for reference in (request.reference, "2222222222"):
            with pytest.raises(NotFound):
                act(session, actor=stranger, reference=reference, now=now)


def test_a_withdrawn_request_frees_the_household(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    withdraw_request(session, actor=citizen(family.mother.id), reference=request.reference, now=now)
    assert check(session, request, now) is Outcome.ALREADY_DONE
    assert session.get_one(Household, family.household_id, populate_existing=True).state == "forming"
    with pytest.raises(StateConflict):
        withdraw_request(session, actor=citizen(family.mother.id), reference=request.reference, now=now)
