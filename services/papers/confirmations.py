"""The confirmation of a decided request: the paper that a family shows at a counter."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.errors import NotFound
from services.journal import Actor
from services.papers.issuing import Paper, find_papers, issue_papers
from services.papers.kinds import CONFIRMATION
from services.population.register import DisplayName, facts_about
from services.programmes.catalogue import Limit, limits_on
from services.requests.decisions import Decision, find_decision
from services.requests.tracking import find_request
from services.requests.verification import Outcome, decide_request


@dataclass(frozen=True)
class Confirmation:
    """What is printed: the paper, the decision, the limits as they stood on the day of the score.

    ``paper`` is None where none was issued in that language so far; ``head`` where the register
    knows the head no more.
    """

    paper: Paper | None
    decision: Decision
    head: DisplayName | None
    limits: tuple[Limit, ...]


def decide_with_confirmation(session: Session, *, request_id: UUID, now: datetime) -> Outcome:
    """Decide as :func:`decide_request` does, and issue the confirmation in the same transaction."""
    outcome = decide_request(session, request_id=request_id, now=now)
    if outcome is Outcome.DECIDED:
        issue_papers(session, kind=CONFIRMATION, request_id=request_id, now=now)
    return outcome


def issue_confirmation(session: Session, *, actor: Actor, reference: str, now: datetime) -> dict[str, Paper]:
    """The confirmation in every language, also of what was decided before there were papers.

    Issued once, however often it is asked for. Raises NotFound for a request that is not the
    actor's to see, or is not decided.
    """
    request = find_request(session, actor=actor, reference=reference, now=now)
    return issue_papers(session, kind=CONFIRMATION, request_id=request.id, now=now)


def find_confirmation(session: Session, *, actor: Actor, reference: str, locale: str, now: datetime) -> Confirmation:
    """What to print of a decided request, whether the paper was issued or not. Writes nothing.

    Raises NotFound for a request that is not the actor's to see, or is not decided.
    """
    request = find_request(session, actor=actor, reference=reference, now=now)
    decision = find_decision(session, request_id=request.id)
    if decision is None:
        raise NotFound("confirmation")
    paper = find_papers(session, kind=CONFIRMATION, request_id=request.id).get(locale)
    return Confirmation(paper, decision, _name_of_head(session, decision), limits_on(decision.on))


def _name_of_head(session: Session, decision: Decision) -> DisplayName | None:
    if decision.head_id is None:
        return None
    facts = facts_about(session, person_ids=[decision.head_id]).get(decision.head_id)
    return None if facts is None else facts.name
