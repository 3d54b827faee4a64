"""What is signed of the answer to an application."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.papers.printed import DECIDED, MODEL, REFERENCE, REQUEST, Fact
from services.population.identifiers import to_ascii_digits
from services.requests.applications.decision import find_application_decision


def read_dirhams(text: str) -> int:
    """Whole dirhams a month, 0 for none. Raises ValueError."""
    return int(to_ascii_digits(text).strip())


# Of the conditions each with how it stood, in the order of the answer: ``score_within_limit:met,…``.
ANSWER_FACTS = (
    REFERENCE,
    REQUEST,
    DECIDED,
    Fact("programme", "programme", str.strip),
    Fact("outcome", "outcome", str.strip),
    Fact("dirhams", "dirhams", read_dirhams),
    Fact("conditions", "conditions", str.strip),
    MODEL,
)


def facts_of_answer(session: Session, request_id: UUID) -> Mapping[str, str | int | datetime] | None:
    """The facts of an answered application; None before the answer and after its erasure."""
    decision = find_application_decision(session, request_id=request_id)
    if decision is None:
        return None
    answer = decision.answer
    return {
        "reference": decision.reference,
        "request": decision.kind,
        "decided_at": decision.decided_at,
        "programme": answer.programme,
        "outcome": answer.outcome or "",
        "dirhams": answer.amount_dirhams or 0,
        "conditions": ",".join(f"{reason.condition}:{reason.outcome}" for reason in answer.reasons),
        "model": decision.model or "",
    }
