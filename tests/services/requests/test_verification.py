"""What the worker does with a request, and that doing it again does nothing."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.households.models import Household, Member
from services.journal import system_actor
from services.messaging.models import Message
from services.population.register import close_register, open_register
from services.requests.models import MemberCheck
from services.requests.states import Event, State
from services.requests.verification import ASK_AGAIN, Outcome, decide_request, expire_request
from services.scoring import installed
from services.scoring.models import Score
from tests.services.requests.families import check, die, log_of, queued, send, sent_request


def kinds(session: Session) -> list[str]:
    return list(session.scalars(sa.select(Message.kind).order_by(Message.created_at)))


def test_a_confirmed_family_is_scored_and_told(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    assert check(session, request, now) is Outcome.CONFIRMED
    assert f"decide:{request.id}:3" in queued(session)
    assert decide_request(session, request_id=request.id, now=now) is Outcome.DECIDED
    assert log_of(session, request) == [Event.SUBMIT, Event.START, Event.CONFIRM, Event.DECIDE]
    score = session.scalars(sa.select(Score)).one()
    assert (score.household_id, score.cause) == (family.household_id, "first")
    assert session.get_one(Household, family.household_id, populate_existing=True).state == "active"
    assert sorted(kinds(session)) == ["decision", "submission"]


def test_each_job_run_again_does_nothing(session: Session, now: datetime) -> None:
    request, _ = sent_request(session, now)
    check(session, request, now)
    assert check(session, request, now) is Outcome.ALREADY_DONE
    decide_request(session, request_id=request.id, now=now)
    assert decide_request(session, request_id=request.id, now=now) is Outcome.ALREADY_DONE
    assert len(log_of(session, request)) == 4
    assert len(kinds(session)) == 2


def test_a_closed_register_is_asked_again_later(session: Session, now: datetime) -> None:
    request, _ = sent_request(session, now)
    close_register(session, actor=system_actor(), until=now + timedelta(days=2), now=now)
    at = now
    for attempt in range(1, 8):
        assert check(session, request, at, attempt) is Outcome.NOT_AVAILABLE
        assert check(session, request, at, attempt) is Outcome.ALREADY_DONE
        delay = ASK_AGAIN[min(attempt, len(ASK_AGAIN)) - 1]
        assert request.waiting_until == at + delay
        next_try = queued(session)[f"verify:{request.id}:{attempt + 1}"]
        assert next_try == pytest.approx(delay.total_seconds(), rel=0.1, abs=5)
        at += delay
    assert log_of(session, request) == [Event.SUBMIT, Event.START, Event.SILENCE]
    open_register(session, actor=system_actor(), now=at)
    assert check(session, request, at, 8) is Outcome.CONFIRMED
    assert request.waiting_until is None


def test_an_answer_of_the_register_is_recorded_once(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    die(session, family.children[0])
    assert check(session, request, now) is Outcome.NEEDS_CITIZEN
    answers = session.execute(sa.select(MemberCheck.person_id, MemberCheck.answer)).all()
    assert len(answers) == 3
    assert dict(map(tuple, answers))[family.children[0]] == "no"


def test_a_no_needs_the_family_for_thirty_days(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    die(session, family.children[0])
    check(session, request, now)
    assert request.state == State.NEEDS_CITIZEN
    assert request.waiting_until is not None
    assert timedelta(days=30) < request.waiting_until - now < timedelta(days=31)
    assert queued(session)[f"expire:{request.id}:3"] == pytest.approx((request.waiting_until - now).total_seconds())
    assert kinds(session)[-1] == "needs_citizen"


def test_a_family_that_does_not_answer_is_free_again(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    die(session, family.children[0])
    check(session, request, now)
    later = now + timedelta(days=31)
    assert expire_request(session, request_id=request.id, step=3, now=later) is Outcome.EXPIRED
    assert expire_request(session, request_id=request.id, step=3, now=later) is Outcome.ALREADY_DONE
    assert session.get_one(Household, family.household_id, populate_existing=True).state == "forming"
    assert not session.scalars(sa.select(Member).where(Member.held)).all()
    assert kinds(session)[-1] == "expiry"


def test_a_decision_is_told_once_and_sending_again_finds_it(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    check(session, request, now)
    decide_request(session, request_id=request.id, now=now)
    assert send(session, family, now).reference == request.reference


def test_without_a_formula_that_holds_the_decision_waits_for_one(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, _ = sent_request(session, now)
    check(session, request, now)
    with monkeypatch.context() as without:
        without.setattr(installed, "shipped_models", dict)
        assert decide_request(session, request_id=request.id, now=now) is Outcome.PUT_OFF
    assert f"decide:{request.id}:{now:%Y-%m-%d}" in queued(session)
    assert session.scalars(sa.select(Score)).all() == []
    assert decide_request(session, request_id=request.id, now=now + timedelta(days=1)) is Outcome.DECIDED
