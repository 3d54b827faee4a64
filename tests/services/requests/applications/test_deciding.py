"""What the worker decides about an application, with a reason for each condition."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.errors import StateConflict
from services.journal import citizen, system_actor
from services.messaging.models import Message
from services.population.register import close_register, open_register
from services.programmes.catalogue_file import CONDITIONS
from services.programmes.eligibility import Outcome as Condition
from services.requests.applications.answer import PAYEE_CONFIRMED, REFUSALS, TABLE_TITLES
from services.requests.applications.decision import find_application_decision
from services.requests.corrections import withdraw_request
from services.requests.states import Event, State
from services.requests.tracking import find_request
from services.requests.verification import Outcome, decide_request
from services.requests.views import RequestView
from services.scoring.models import Score
from tests.services.requests.applicants import (
    HIGH,
    LOW,
    application_of,
    apply,
    give_score,
    registered_family,
    request_called,
    work_on,
)
from tests.services.requests.families import Family, check, die, log_of, queued


def seen(session: Session, family: Family, reference: str, now: datetime) -> RequestView:
    return find_request(session, actor=citizen(family.mother.id), reference=reference, now=now)


def test_a_family_that_meets_each_condition_is_granted_an_amount(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    sent = apply(session, family, now)
    assert work_on(session, sent.reference, now) is Outcome.DECIDED
    request = request_called(session, sent.reference)
    assert log_of(session, request) == [Event.SUBMIT, Event.START, Event.CONFIRM, Event.DECIDE]
    answer = seen(session, family, sent.reference, now).application
    assert answer is not None
    assert (answer.outcome, answer.amount_dirhams) == ("granted", 600)
    assert {reason.outcome for reason in answer.reasons} == {Condition.MET}
    assert answer.account == "•••• 4921"
    asked = application_of(session, request.id)
    assert (asked.is_open, asked.score_nano, asked.on_day) == (False, LOW, now.date())
    assert list(session.scalars(sa.select(Message.kind))).count("decision") == 2


@pytest.mark.parametrize(("programme", "limit"), [("asd", 9_743_001_000), ("amo_tadamon", 9_326_428_400)])
@pytest.mark.parametrize("beyond", [0, 1])
def test_the_limit_itself_is_granted_and_one_unit_above_is_refused(
    session: Session, now: datetime, programme: str, limit: int, beyond: int
) -> None:
    family = registered_family(session, now, score=limit + beyond)
    sent = apply(session, family, now, programme)
    work_on(session, sent.reference, now)
    answer = seen(session, family, sent.reference, now).application
    assert answer is not None
    assert answer.is_granted == (beyond == 0)
    [score] = [reason for reason in answer.reasons if reason.condition == "score_within_limit"]
    assert (score.outcome is Condition.MET) == (beyond == 0)
    assert score.words is not None
    assert (score.to_do is None) == (beyond == 0)


def test_the_score_that_counts_on_that_day_decides_not_the_last_one(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    first = session.scalars(sa.select(Score)).one()
    later = {
        "cause": "yearly",
        "total_nano": HIGH,
        "computed_at": now + timedelta(1),
        "takes_effect_on": now.date() + timedelta(40),
    }
    same = {name: getattr(first, name) for name in ("household_id", "declaration_id", "model", "on_day")}
    session.add(Score(**same, **later))
    sent = apply(session, family, now)
    work_on(session, sent.reference, now)
    assert application_of(session, request_called(session, sent.reference).id).outcome == "granted"
    [refused] = [apply(session, family, now, "amo_tadamon", key="later")]
    work_on(session, refused.reference, now + timedelta(days=45))
    assert application_of(session, request_called(session, refused.reference).id).outcome == "refused"


def test_a_refusal_says_each_reason_and_forgets_the_account(session: Session, now: datetime) -> None:
    family = registered_family(session, now, score=HIGH)
    sent = apply(session, family, now, said={"no_other_family_allowance": False})
    work_on(session, sent.reference, now)
    answer = seen(session, family, sent.reference, now).application
    assert answer is not None
    assert (answer.outcome, answer.amount_dirhams, answer.account) == ("refused", None, None)
    not_met = [reason.condition for reason in answer.reasons if reason.outcome is Condition.NOT_MET]
    assert not_met == ["score_within_limit", "no_other_family_allowance"]
    assert all(reason.to_do for reason in answer.reasons if reason.outcome is Condition.NOT_MET)


def test_every_condition_of_the_catalogue_has_a_title_and_words_for_a_refusal() -> None:
    assert {*CONDITIONS, PAYEE_CONFIRMED} <= REFUSALS.keys()
    assert REFUSALS.keys() == TABLE_TITLES.keys()


def test_a_payee_whom_the_register_does_not_confirm_is_a_reason_not_a_call(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    sent = apply(session, family, now)
    die(session, family.mother.id)
    work_on(session, sent.reference, now)
    request = request_called(session, sent.reference)
    assert request.state == State.DECIDED
    decision = find_application_decision(session, request_id=request.id)
    assert decision is not None
    [wrong] = [reason for reason in decision.answer.reasons if reason.outcome is Condition.NOT_MET]
    assert wrong.condition == PAYEE_CONFIRMED


def test_a_condition_that_nobody_can_know_does_not_refuse_and_is_said(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    sent = apply(session, family, now)
    request = request_called(session, sent.reference)
    application_of(session, request.id).said = {}
    session.flush()
    work_on(session, sent.reference, now)
    answer = seen(session, family, sent.reference, now).application
    assert answer is not None
    assert answer.is_granted
    [unknown] = [reason for reason in answer.reasons if reason.outcome is Condition.UNKNOWN]
    assert unknown.words is not None


def test_without_anything_to_decide_by_it_is_tried_the_next_day(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    sent = apply(session, family, now)
    scores = sa.update(Score).values(takes_effect_on=now.date() + timedelta(days=1))
    session.execute(scores)
    assert work_on(session, sent.reference, now) is Outcome.PUT_OFF
    request = request_called(session, sent.reference)
    assert request.state == State.DECIDING
    assert queued(session)[f"decide:{request.id}:2026-06-15"] == pytest.approx(86_400, abs=5)
    assert decide_request(session, request_id=request.id, now=now + timedelta(days=1)) is Outcome.DECIDED


def test_a_closed_register_is_waited_for_as_with_any_request(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    sent = apply(session, family, now)
    request = request_called(session, sent.reference)
    close_register(session, actor=system_actor(), until=now + timedelta(days=2), now=now)
    assert check(session, request, now) is Outcome.NOT_AVAILABLE
    open_register(session, actor=system_actor(), now=now)
    assert check(session, request, now, attempt=2) is Outcome.CONFIRMED


def test_each_job_run_again_does_nothing(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    sent = apply(session, family, now)
    work_on(session, sent.reference, now)
    request = request_called(session, sent.reference)
    assert check(session, request, now) is Outcome.ALREADY_DONE
    give_score(session, family, HIGH)
    assert decide_request(session, request_id=request.id, now=now) is Outcome.ALREADY_DONE
    assert application_of(session, request.id).outcome == "granted"


def test_it_can_be_withdrawn_until_it_is_being_decided(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    sent = apply(session, family, now)
    assert seen(session, family, sent.reference, now).may_withdraw
    check(session, request_called(session, sent.reference), now)
    assert not seen(session, family, sent.reference, now).may_withdraw
    with pytest.raises(StateConflict):
        withdraw_request(session, actor=citizen(family.mother.id), reference=sent.reference, now=now)


def test_the_answer_is_promised_within_thirty_days(session: Session, now: datetime) -> None:
    family = registered_family(session, now)
    view = seen(session, family, apply(session, family, now).reference, now)
    assert view.next_by == now.date() + timedelta(days=30)
    assert view.kind_words.params["programme"].key == "Direct social aid"
