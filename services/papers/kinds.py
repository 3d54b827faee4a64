"""The kinds of papers, as a table: what each is called, and the facts whose digest is signed.

The facts come from what is stored, both when a paper is issued and when somebody asks whether it
is genuine: a paper whose facts are no longer those that were signed is unknown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.messages import N_
from services.papers.seals import digest_of
from services.requests.decisions import find_decision
from services.requests.tracking import find_submission

Facts = Mapping[str, str | int | datetime]


@dataclass(frozen=True)
class PaperKind:
    """One kind. ``facts_of`` is None where the request has none: erased, or not so far.

    Facts name no person and rest on no declaration: these are forgotten in their time, and the
    paper still verifies.
    """

    name: str
    words: str
    facts_of: Callable[[Session, UUID], Facts | None]


def content_digest(facts: Facts, *, locale: str) -> bytes:
    """SHA-256 of the facts of a paper in one language."""
    return digest_of({**facts, "locale": locale})


def _facts_of_receipt(session: Session, request_id: UUID) -> Facts | None:
    sent = find_submission(session, request_id=request_id)
    if sent is None:
        return None
    return {"reference": sent.reference, "request": sent.kind, "submitted_at": sent.submitted_at}


def _facts_of_confirmation(session: Session, request_id: UUID) -> Facts | None:
    decision = find_decision(session, request_id=request_id)
    if decision is None:
        return None
    return {
        "reference": decision.reference,
        "request": decision.kind,
        "decided_at": decision.decided_at,
        "score_nano": decision.total_nano,
        "computed_on": decision.on.isoformat(),
        "model": decision.model,
    }


RECEIPT = PaperKind("receipt", N_("Receipt of a request"), _facts_of_receipt)
CONFIRMATION = PaperKind("confirmation", N_("Confirmation of a decision"), _facts_of_confirmation)
KINDS = {kind.name: kind for kind in (RECEIPT, CONFIRMATION)}
