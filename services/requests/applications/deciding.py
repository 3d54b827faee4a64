"""Deciding an application: every condition on the day, by the score that counts on that day."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.households.household_view import find_household
from services.journal import Actor, system_actor
from services.population.register import Answer as RegisterAnswer
from services.programmes.eligibility import Outcome, Situation, eligibility_of, situation_of
from services.programmes.entitlement import entitlement_on
from services.programmes.entitlement_ahead import first_of_month
from services.requests.applications.answer import GRANTED, PAYEE_CONFIRMED, PROGRAMME_ON, REFUSED
from services.requests.deadlines import day_in_morocco
from services.requests.models import Application, MemberCheck, Request
from services.scoring.records import score_in_effect


class IfUnknown(StrEnum):
    """What a condition that nobody can know does to the decision. It never refuses."""

    PASSES = "passes"
    WAITS = "waits"


# Without a score, a limit or a verified household there is nothing to decide by: it is tried again
# the next day. Whatever is not named here passes, and the family is told so.
IF_UNKNOWN: Mapping[str, IfUnknown] = {
    "household_registered": IfUnknown.WAITS,
    "score_within_limit": IfUnknown.WAITS,
    "head_lives_in_morocco": IfUnknown.PASSES,
    "no_other_family_allowance": IfUnknown.PASSES,
    "no_other_health_cover": IfUnknown.PASSES,
    PAYEE_CONFIRMED: IfUnknown.PASSES,
}
REGISTER_SAID = {RegisterAnswer.YES: Outcome.MET, RegisterAnswer.NO: Outcome.NOT_MET, None: Outcome.UNKNOWN}


def _monthly(situation: Situation) -> int | None:
    # As the page of the programme says it: by the ages on the first day of the month.
    month = first_of_month(situation.on)
    return entitlement_on(situation.document, on=month, declared_on=situation.declared_on).total


# What a programme pays a month, in whole dirhams; one that is not named pays no fixed amount.
AMOUNTS: Mapping[str, Callable[[Situation], int | None]] = {"asd": _monthly}


def decide_application(session: Session, request: Request, now: datetime) -> Mapping[str, str | int] | None:
    """Decide, and keep by what: the outcome for the request's log, or None where it has to wait."""
    asked = session.get_one(Application, request.id)
    day = day_in_morocco(now)
    view = find_household(session, household_id=request.household_id, now=now)
    stored = score_in_effect(session, household_id=request.household_id, on=day)
    situation = situation_of(session, household=view, on=day, said=asked.said)
    found = [(one.key, one.outcome) for one in eligibility_of(asked.programme, situation).conditions]
    found = found or [(PROGRAMME_ON, Outcome.NOT_MET)]
    found.append((PAYEE_CONFIRMED, _payee_standing(session, asked)))
    unknown = [key for key, outcome in found if outcome is Outcome.UNKNOWN]
    if any(IF_UNKNOWN.get(key) is IfUnknown.WAITS for key in unknown):
        return None
    asked.outcome = REFUSED if any(outcome is Outcome.NOT_MET for _, outcome in found) else GRANTED
    asked.reasons = [[key, str(outcome)] for key, outcome in found]
    limit = situation.limit_of(asked.programme)
    asked.score_nano, asked.limit_nano = situation.total_nano, None if limit is None else limit.at_most_nano
    asked.model, asked.on_day, asked.decided_at = None if stored is None else stored.model, day, now
    pays = AMOUNTS.get(asked.programme) if asked.outcome == GRANTED else None
    asked.amount_dirhams = pays(situation) if pays else None
    _end(asked, is_paid=asked.outcome == GRANTED)
    journal.record(
        session,
        actor=system_actor(),
        action="application.decided",
        now=now,
        household_id=request.household_id,
        programme=asked.programme,
        outcome=asked.outcome,
    )
    session.flush()
    return {"outcome": asked.outcome}


def let_application_go(session: Session, request: Request, actor: Actor, now: datetime) -> None:
    """It was taken back, or nobody answered: another one can be made, and nothing is to be paid."""
    _end(session.get_one(Application, request.id), is_paid=False)
    session.flush()


def _end(asked: Application, *, is_paid: bool) -> None:
    asked.is_open = False
    if not is_paid:
        asked.account = None


def _payee_standing(session: Session, asked: Application) -> Outcome:
    chosen = sa.select(MemberCheck.answer).where(
        MemberCheck.request_id == asked.id, MemberCheck.person_id == asked.payee_person_id
    )
    answer = session.scalar(chosen)
    return REGISTER_SAID[None if answer is None else RegisterAnswer(answer)]
