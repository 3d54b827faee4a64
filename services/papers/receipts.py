"""The receipt of a request: issued with it, in every language, and the same for ever."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.journal import Actor
from services.messages import Words
from services.papers.issuing import Paper, find_papers, issue_papers
from services.papers.kinds import RECEIPT
from services.requests.applications.sending import Wish, apply_for
from services.requests.kinds import KINDS
from services.requests.states import State
from services.requests.submission import Submitted, submit_request
from services.requests.tracking import find_request
from services.requests.views import RequestView


@dataclass(frozen=True)
class Receipt:
    """What is printed: the paper, the request, and what came next when it was sent, with its day.

    ``paper`` is None where the request is older than its language, or than the papers.
    """

    paper: Paper | None
    request: RequestView
    next_step: Words


def submit_with_receipt(
    session: Session, *, actor: Actor, household_id: UUID, submission_key: str, now: datetime
) -> Submitted:
    """Submit as :func:`submit_request` does, and issue the receipt in the same transaction."""
    sent = submit_request(session, actor=actor, household_id=household_id, submission_key=submission_key, now=now)
    request = find_request(session, actor=actor, reference=sent.reference, now=now)
    issue_papers(session, kind=RECEIPT, subject_id=request.id, now=now)
    return sent


def apply_with_receipt(
    session: Session,
    *,
    actor: Actor,
    household_id: UUID,
    programme: str,
    wish: Wish,
    submission_key: str,
    now: datetime,
) -> Submitted:
    """Apply as :func:`apply_for` does, and issue the receipt in the same transaction."""
    sent = apply_for(
        session,
        actor=actor,
        household_id=household_id,
        programme=programme,
        wish=wish,
        submission_key=submission_key,
        now=now,
    )
    request = find_request(session, actor=actor, reference=sent.reference, now=now)
    issue_papers(session, kind=RECEIPT, subject_id=request.id, now=now)
    return sent


def find_receipt(session: Session, *, actor: Actor, reference: str, locale: str, now: datetime) -> Receipt:
    """What to print of a receipt that was issued. Writes nothing. Raises NotFound."""
    request = find_request(session, actor=actor, reference=reference, now=now)
    paper = find_papers(session, kind=RECEIPT, subject_id=request.id).get(locale)
    kind = KINDS[request.kind]
    begun = kind.standing(State.SUBMITTED)
    day = kind.last_day(begun, submitted_at=request.submitted_at, since=request.submitted_at)
    return Receipt(paper, request, Words(begun.next_step, {"date": day}))
