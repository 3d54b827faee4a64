"""Moving a request along the table of transitions, and writing the log of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.errors import NotAllowed, NotFound, StateConflict
from services.journal import Actor
from services.measures import REQUEST_EVENTS, count_once_committed
from services.requests.deadlines import end_of_day, last_day
from services.requests.models import Request, Transition
from services.requests.states import TRANSITIONS, Event, State


@dataclass(frozen=True)
class Advanced:
    """A step that was made: its number in the request's log, and until when the next may wait."""

    number: int
    to_state: State
    waiting_until: datetime | None


def lock_request(session: Session, *, request_id: UUID) -> Request:
    """The request's row, held by this transaction until it ends. Raises NotFound."""
    query = sa.select(Request).where(Request.id == request_id).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("request")
    return row


def advance(
    session: Session,
    *,
    request_id: UUID,
    event: Event,
    actor: Actor,
    parameters: Mapping[str, str | int] | None = None,
    waiting_until: datetime | None = None,
    now: datetime,
) -> Advanced:
    """Make one step. ``parameters`` are counts and codes, never personal data.

    ``waiting_until`` is when something happens by itself; a step with a deadline of its own
    sets it. Raises StateConflict where the table has no such step, NotAllowed where it is
    not for this actor.
    """
    request = lock_request(session, request_id=request_id)
    step = TRANSITIONS.get((State(request.state), event))
    if step is None:
        raise StateConflict(f"no {event} from {request.state}")
    if actor.capacity not in step.who:
        raise NotAllowed(f"{event} is not for {actor.capacity}")
    if step.deadline is not None:
        waiting_until = end_of_day(last_day(step.deadline, now))
    number = _write_step(session, request, event, step.to_state, actor, parameters, now)
    request.state = step.to_state
    request.waiting_until = waiting_until
    session.flush()
    return Advanced(number, step.to_state, waiting_until)


def begin_life(session: Session, *, request: Request, actor: Actor, now: datetime) -> None:
    """Write the first step of a new request, from draft to submitted."""
    step = TRANSITIONS[State.DRAFT, Event.SUBMIT]
    if actor.capacity not in step.who:
        raise NotAllowed(f"{Event.SUBMIT} is not for {actor.capacity}")
    request.state = State.DRAFT
    session.add(request)
    session.flush()
    _write_step(session, request, Event.SUBMIT, step.to_state, actor, None, now)
    request.state = step.to_state
    session.flush()


def _write_step(
    session: Session,
    request: Request,
    event: Event,
    to_state: State,
    actor: Actor,
    parameters: Mapping[str, Any] | None,
    now: datetime,
) -> int:
    last = session.scalar(sa.select(sa.func.max(Transition.number)).where(Transition.request_id == request.id))
    number = (last or 0) + 1
    session.add(
        Transition(
            request_id=request.id,
            number=number,
            at=now,
            event=event,
            from_state=request.state,
            to_state=to_state,
            capacity=actor.capacity,
            actor_id=actor.id,
            parameters=dict(parameters or {}),
        )
    )
    count_once_committed(session, REQUEST_EVENTS, event)
    return number
