"""When a register said no: the family corrects, asks again as it is, or withdraws."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.errors import NotFound, StateConflict
from services.households.draft_life import CORRECTION, open_draft
from services.households.household_view import find_household
from services.journal import Actor
from services.messages import N_
from services.population.register import Answer
from services.requests.lifecycle import advance, lock_request
from services.requests.models import MemberCheck, Request
from services.requests.states import Event, State
from services.requests.verification import queue_verification
from services.requests.work import WORK

CORRECTION_IS_OPEN = N_(
    "You have begun to correct your form. Send it when it is ready: we then ask the register again."
)


def open_correction(session: Session, *, actor: Actor, reference: str, now: datetime) -> UUID:
    """The draft in which the family corrects what a register refused: all it sent, to change.

    Submitting it answers the same request. Raises NotFound for somebody else's request,
    StateConflict where nothing waits for the family.
    """
    request = _hold_own_request(session, actor, reference, now)
    if request.state != State.NEEDS_CITIZEN:
        raise StateConflict("nothing to correct")
    return open_draft(session, actor=actor, household_id=request.household_id, kind=CORRECTION, now=now)


def ask_again(session: Session, *, actor: Actor, reference: str, now: datetime) -> None:
    """Have the register asked again about what was declared, say once a counter corrected it.

    Raises as :func:`open_correction`, and StateConflict once a correction was begun: it may have
    changed who is in the household, so that sending it is what asks again.
    """
    request = _hold_own_request(session, actor, reference, now)
    view = find_household(session, household_id=request.household_id, now=now)
    if view is not None and view.draft_id is not None:
        raise StateConflict(CORRECTION_IS_OPEN)
    answer_request(session, actor=actor, request=request, now=now)


def withdraw_request(session: Session, *, actor: Actor, reference: str, now: datetime) -> None:
    """Take a request back before it is decided; it can be made anew.

    Raises NotFound for somebody else's request, StateConflict once it is too late.
    """
    request = _hold_own_request(session, actor, reference, now)
    advance(session, request_id=request.id, event=Event.WITHDRAW, actor=actor, now=now)
    WORK[request.kind].let_go(session, request, actor, now)
    journal.record(session, actor=actor, action="request.withdrawn", now=now, household_id=request.household_id)


def find_waiting_request(session: Session, *, household_id: UUID) -> Request | None:
    """The household's request that waits for the family, held until this transaction ends."""
    chosen = sa.select(Request.id).where(Request.household_id == household_id, Request.state == State.NEEDS_CITIZEN)
    request_id = session.scalar(chosen)
    if request_id is None:
        return None
    request = lock_request(session, request_id=request_id)
    return request if request.state == State.NEEDS_CITIZEN else None


def answer_request(
    session: Session,
    *,
    actor: Actor,
    request: Request,
    declaration_id: UUID | None = None,
    aids: Sequence[str] | None = None,
    now: datetime,
) -> None:
    """Put the family's answer to a request, a new declaration or the same, and check again.

    Raises StateConflict where nothing waits for the family.
    """
    advance(session, request_id=request.id, event=Event.CORRECT, actor=actor, now=now)
    if declaration_id is not None:
        request.declaration_id = declaration_id
        request.aids = list(aids or ())
    refused = sa.delete(MemberCheck).where(MemberCheck.request_id == request.id, MemberCheck.answer == Answer.NO)
    session.execute(refused)
    queue_verification(session, request=request)
    journal.record(session, actor=actor, action="request.corrected", now=now, household_id=request.household_id)
    session.flush()


def _hold_own_request(session: Session, actor: Actor, reference: str, now: datetime) -> Request:
    request_id = session.scalar(sa.select(Request.id).where(Request.reference == reference))
    if request_id is None:
        raise NotFound("request")
    request = lock_request(session, request_id=request_id)
    view = find_household(session, household_id=request.household_id, now=now)
    if view is None or not view.may_be_changed_by(actor.person_id):
        raise NotFound("request")
    return request
