"""What the worker does with a request: ask the register about each person, decide, expire.

Each function is one job's whole transaction, and looks at the state first: run again after a
crash it finds its work done and does nothing.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import jobs
from services.journal import system_actor
from services.population.register import Answer, verify_person
from services.requests.lifecycle import advance, lock_request
from services.requests.models import MemberCheck, Request, Transition
from services.requests.news import tell_family
from services.requests.states import Event, State
from services.requests.work import WORK

# How long to wait before asking again a register that was not available; the last repeats.
ASK_AGAIN = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 900, 3600))
# How long to wait where there is nothing to decide by.
DECIDE_AGAIN = timedelta(days=1)


class Outcome(StrEnum):
    """How one run of a job ended."""

    ALREADY_DONE = "already_done"
    NOT_AVAILABLE = "not_available"
    NEEDS_CITIZEN = "needs_citizen"
    CONFIRMED = "confirmed"
    DECIDED = "decided"
    PUT_OFF = "put_off"
    EXPIRED = "expired"


def queue_verification(session: Session, *, request: Request, delay: timedelta = timedelta(0)) -> None:
    """Have the register asked about this request, once the caller's transaction commits."""
    attempt = request.tries + 1
    jobs.enqueue(session, "verify_request", request.id, attempt, key=f"verify:{request.id}:{attempt}", delay=delay)


def verify_request(session: Session, *, request_id: UUID, attempt: int, now: datetime) -> Outcome:
    """Ask the population register about each person of the request who was not answered for.

    A register that is not available is asked again later, by a job of this same transaction; a
    no needs the family, within 30 days, where this kind of request says so; all else leads to the
    decision.
    """
    request = lock_request(session, request_id=request_id)
    if attempt <= request.tries or request.state not in (State.SUBMITTED, State.VERIFYING):
        return Outcome.ALREADY_DONE
    request.tries = attempt
    if request.state == State.SUBMITTED:
        advance(session, request_id=request_id, event=Event.START, actor=system_actor(), now=now)
    answers = _ask_register(session, request, now)
    if Answer.NOT_AVAILABLE in answers.values():
        return _wait_for_register(session, request, now)
    refused = WORK[request.kind].a_no_calls and sum(answer is Answer.NO for answer in answers.values())
    return _call_family(session, request, refused, now) if refused else _confirm(session, request, now)


def decide_request(session: Session, *, request_id: UUID, now: datetime) -> Outcome:
    """Decide as this kind of request is decided, and tell the family.

    What cannot be decided yet is tried again the next day.
    """
    request = lock_request(session, request_id=request_id)
    if request.state != State.DECIDING:
        return Outcome.ALREADY_DONE
    decided = WORK[request.kind].decide(session, request, now)
    if decided is None:
        key = f"decide:{request.id}:{now:%Y-%m-%d}"
        jobs.enqueue(session, "decide_request", request.id, key=key, delay=DECIDE_AGAIN)
        return Outcome.PUT_OFF
    advance(session, request_id=request_id, event=Event.DECIDE, actor=system_actor(), parameters=decided, now=now)
    tell_family(session, request=request, kind="decision", now=now)
    return Outcome.DECIDED


def expire_request(session: Session, *, request_id: UUID, step: int, now: datetime) -> Outcome:
    """Close a request whose family did not answer to step number ``step`` in time."""
    request = lock_request(session, request_id=request_id)
    last = _last_step(session, request_id)
    if request.state != State.NEEDS_CITIZEN or last.number != step:
        return Outcome.ALREADY_DONE
    advance(session, request_id=request_id, event=Event.EXPIRE, actor=system_actor(), now=now)
    WORK[request.kind].let_go(session, request, system_actor(), now)
    tell_family(session, request=request, kind="expiry", now=now)
    return Outcome.EXPIRED


def _ask_register(session: Session, request: Request, now: datetime) -> dict[UUID, Answer]:
    chosen = sa.select(MemberCheck.person_id, MemberCheck.answer).where(MemberCheck.request_id == request.id)
    answered = {row.person_id: Answer(row.answer) for row in session.execute(chosen)}
    answers: dict[UUID, Answer] = {}
    for person_id, born, sex in WORK[request.kind].persons(session, request):
        if person_id in answered:
            answers[person_id] = answered[person_id]
            continue
        answer = verify_person(session, person_id=person_id, birth_date=born, sex=sex, now=now)
        answers[person_id] = answer
        if answer is Answer.NOT_AVAILABLE:
            break
        session.add(MemberCheck(request_id=request.id, person_id=person_id, answer=answer, at=now))
    session.flush()
    return answers


def _wait_for_register(session: Session, request: Request, now: datetime) -> Outcome:
    last = _last_step(session, request.id)
    is_still_silent = last.event == Event.SILENCE
    silences = request.tries - last.parameters["attempt"] if is_still_silent else 0
    delay = ASK_AGAIN[min(silences, len(ASK_AGAIN) - 1)]
    if is_still_silent:
        request.waiting_until = now + delay
    else:
        advance(
            session,
            request_id=request.id,
            event=Event.SILENCE,
            actor=system_actor(),
            parameters={"attempt": request.tries},
            waiting_until=now + delay,
            now=now,
        )
    queue_verification(session, request=request, delay=delay)
    return Outcome.NOT_AVAILABLE


def _call_family(session: Session, request: Request, refused: int, now: datetime) -> Outcome:
    called = advance(
        session,
        request_id=request.id,
        event=Event.REFUSE,
        actor=system_actor(),
        parameters={"count": refused},
        now=now,
    )
    assert called.waiting_until is not None
    key = f"expire:{request.id}:{called.number}"
    jobs.enqueue(session, "expire_request", request.id, called.number, key=key, delay=called.waiting_until - now)
    tell_family(session, request=request, kind="needs_citizen", now=now)
    return Outcome.NEEDS_CITIZEN


def _confirm(session: Session, request: Request, now: datetime) -> Outcome:
    confirmed = advance(session, request_id=request.id, event=Event.CONFIRM, actor=system_actor(), now=now)
    jobs.enqueue(session, "decide_request", request.id, key=f"decide:{request.id}:{confirmed.number}")
    return Outcome.CONFIRMED


def _last_step(session: Session, request_id: UUID) -> Transition:
    chosen = sa.select(Transition).where(Transition.request_id == request_id)
    return session.scalars(chosen.order_by(Transition.number.desc()).limit(1)).one()
