"""The confirmation of a decided request: the paper that a family shows at a counter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.errors import NotFound
from services.journal import Actor
from services.papers.issuing import Paper, find_papers, issue_papers
from services.papers.kinds import ANSWER, CONFIRMATION, PaperKind
from services.population.register import DisplayName, facts_about
from services.programmes.catalogue import Limit, limits_on
from services.requests.applications.decision import ApplicationDecision, find_application_decision
from services.requests.decisions import Decision, find_decision
from services.requests.kinds import APPLICATION, REGISTRATION
from services.requests.models import Request
from services.requests.tracking import find_request
from services.requests.verification import Outcome, decide_request
from services.scoring.installed import model_named


@dataclass(frozen=True)
class Confirmation:
    """What is printed: the paper, the decision, the limits as they stood on the day of the score.

    ``official``: whether its formula is the State's own. ``paper`` is None where none was issued in
    that language so far; ``head`` where the register knows the head no more.
    """

    paper: Paper | None
    decision: Decision
    head: DisplayName | None
    limits: tuple[Limit, ...]
    official: bool


@dataclass(frozen=True)
class AnswerPaper:
    """What is printed of an application: the paper, the decision, who is paid.

    ``paper`` and ``payee`` are None as above.
    """

    paper: Paper | None
    decision: ApplicationDecision
    payee: DisplayName | None

    def for_another_adult(self) -> "AnswerPaper":
        """What a member may print who is neither the declarant nor the head."""
        answer = self.decision.answer.for_another_adult()
        return AnswerPaper(self.paper, replace(self.decision, answer=answer), None)


# Which paper says what was decided, by the kind of the request.
OF_KIND: Mapping[str, PaperKind] = {REGISTRATION: CONFIRMATION, APPLICATION: ANSWER}


def decide_with_confirmation(session: Session, *, request_id: UUID, now: datetime) -> Outcome:
    """Decide as :func:`decide_request` does, and issue the confirmation in the same transaction."""
    outcome = decide_request(session, request_id=request_id, now=now)
    if outcome is Outcome.DECIDED:
        kind = OF_KIND[session.get_one(Request, request_id).kind]
        issue_papers(session, kind=kind, subject_id=request_id, now=now)
    return outcome


def issue_confirmation(session: Session, *, actor: Actor, reference: str, now: datetime) -> dict[str, Paper]:
    """The confirmation in every language, also of what was decided before there were papers.

    Issued once, however often it is asked for. Raises NotFound for a request that is not the
    actor's to see, or is not decided.
    """
    request = find_request(session, actor=actor, reference=reference, now=now)
    return issue_papers(session, kind=OF_KIND[request.kind], subject_id=request.id, now=now)


def find_confirmation(
    session: Session, *, actor: Actor, reference: str, locale: str, now: datetime
) -> Confirmation | AnswerPaper:
    """What to print of a decided request, whether the paper was issued or not. Writes nothing.

    Raises NotFound for a request that is not the actor's to see, or is not decided.
    """
    request = find_request(session, actor=actor, reference=reference, now=now)
    found = FOUND_BY[request.kind](session, request.id, locale)
    if found is None:
        raise NotFound("confirmation")
    return found if request.may_act or isinstance(found, Confirmation) else found.for_another_adult()


def _confirmation(session: Session, request_id: UUID, locale: str) -> Confirmation | None:
    decision = find_decision(session, request_id=request_id)
    if decision is None:
        return None
    paper = find_papers(session, kind=CONFIRMATION, subject_id=request_id).get(locale)
    model = model_named(session, decision.model)
    limits = limits_on(decision.on, model=model)
    return Confirmation(paper, decision, _name_of(session, decision.head_id), limits, model.official)


def _answer(session: Session, request_id: UUID, locale: str) -> AnswerPaper | None:
    decision = find_application_decision(session, request_id=request_id)
    if decision is None:
        return None
    paper = find_papers(session, kind=ANSWER, subject_id=request_id).get(locale)
    return AnswerPaper(paper, decision, _name_of(session, decision.payee_id))


def _name_of(session: Session, person_id: UUID | None) -> DisplayName | None:
    if person_id is None:
        return None
    facts = facts_about(session, person_ids=[person_id]).get(person_id)
    return None if facts is None else facts.name


FOUND_BY: Mapping[str, Callable[[Session, UUID, str], Confirmation | AnswerPaper | None]] = {
    REGISTRATION: _confirmation,
    APPLICATION: _answer,
}
