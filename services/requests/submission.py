"""Sending a declaration: however often it is clicked, one request."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.errors import NotFound, StateConflict
from services.households.declaration import aids_of
from services.households.declaring import submit_draft
from services.households.drafts import load_draft
from services.households.household_view import find_household
from services.journal import Actor
from services.messages import N_
from services.requests.corrections import answer_request, find_waiting_request
from services.requests.kinds import REGISTRATION
from services.requests.lifecycle import begin_life
from services.requests.models import Request
from services.requests.news import tell_family
from services.requests.references import new_reference
from services.requests.verification import queue_verification

NOTHING_TO_SEND = N_("There is nothing to send. Begin the form first.")
BEING_CHECKED = N_("We are still checking what you sent. Please wait for our answer before you change it.")


@dataclass(frozen=True)
class Submitted:
    """The request that stands; ``created`` is true for the call that made it."""

    reference: str
    created: bool


def submit_request(
    session: Session, *, actor: Actor, household_id: UUID, submission_key: str, now: datetime
) -> Submitted:
    """Submit the household's open draft; where its request waits for a correction, correct it.

    ``submission_key`` comes from the page that was sent: the same key is the same request, and
    so is any later key once the draft is submitted. Raises NotFound for a household that is not
    the actor's to change, StateConflict where there is nothing to submit or it is not complete.
    """
    # The request before the household: every other transaction that holds both does it so.
    waiting = find_waiting_request(session, household_id=household_id)
    view = find_household(session, household_id=household_id, now=now)
    if view is None or not view.may_be_changed_by(actor.person_id):
        raise NotFound("household")
    key = key_of(household_id, submission_key)
    if view.draft_id is None or reference_of(session, Request.submission_key == key) is not None:
        return _standing_request(session, household_id, key)
    if view.state != "forming" and waiting is None:
        raise StateConflict(BEING_CHECKED)
    draft = load_draft(session, draft_id=view.draft_id, now=now)
    declaration_id = submit_draft(session, actor=actor, draft_id=view.draft_id, now=now)
    aids = [] if draft is None else list(aids_of(draft.answers))
    if waiting is not None:
        answer_request(session, actor=actor, request=waiting, declaration_id=declaration_id, aids=aids, now=now)
        return Submitted(waiting.reference, created=False)
    # Another click may have been faster and its draft is this one: its request is this one too.
    made = reference_of(session, Request.declaration_id == declaration_id)
    if made is not None:
        return Submitted(made, created=False)
    return _make_request(session, actor, household_id, declaration_id, aids, key, now)


def _make_request(
    session: Session,
    actor: Actor,
    household_id: UUID,
    declaration_id: UUID,
    aids: list[str],
    submission_key: str,
    now: datetime,
) -> Submitted:
    person_id = actor.person_id
    assert person_id is not None
    request = Request(
        reference=new_reference(),
        submission_key=submission_key,
        kind=REGISTRATION,
        household_id=household_id,
        declaration_id=declaration_id,
        submitted_by=person_id,
        submitted_at=now,
        aids=aids,
        tries=0,
    )
    begin_life(session, request=request, actor=actor, now=now)
    queue_verification(session, request=request)
    tell_family(session, request=request, kind="submission", now=now)
    journal.record(session, actor=actor, action="request.submitted", now=now, household_id=household_id)
    return Submitted(request.reference, created=True)


def _standing_request(session: Session, household_id: UUID, key: str) -> Submitted:
    known = reference_of(session, Request.submission_key == key)
    reference = known or reference_of(session, Request.household_id == household_id, Request.kind == REGISTRATION)
    if reference is None:
        raise StateConflict(NOTHING_TO_SEND)
    return Submitted(reference, created=False)


def reference_of(session: Session, *which: sa.ColumnElement[bool]) -> str | None:
    """The reference of the newest request of which all this is so."""
    newest = sa.select(Request.reference).where(*which).order_by(Request.submitted_at.desc()).limit(1)
    return session.scalar(newest)


def key_of(household_id: UUID, submission_key: str) -> str:
    """The key under which a page's request is kept."""
    # A page's key is anything a browser sends back: of one length, and no other household's.
    return hashlib.sha256(f"{household_id}:{submission_key}".encode()).hexdigest()
