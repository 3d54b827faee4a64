"""The kinds of papers, as a table: what each is called, and the facts whose digest is signed.

The facts come from what is stored, both when a paper is issued and when somebody asks whether it
is genuine: a paper whose facts are no longer those that were signed is unknown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.households.models import Declaration
from services.messages import N_
from services.papers.answers import ANSWER_FACTS, facts_of_answer
from services.papers.models import ScoreStatement
from services.papers.printed import (
    DAY,
    DECIDED,
    EFFECT,
    INPUTS,
    INPUTS_SHOWN,
    MODEL,
    REFERENCE,
    REQUEST,
    SCORE,
    SUBMITTED,
    Fact,
)
from services.papers.seals import digest_of, inputs_digest
from services.requests.decisions import find_decision
from services.requests.tracking import find_submission

Facts = Mapping[str, str | int | datetime]


@dataclass(frozen=True)
class PaperKind:
    """One kind. ``facts_of`` is None where its subject has none: erased, or not so far.

    ``number`` stands for it in square codes, for good; ``printed`` are its facts as people type
    them. Facts name no person and rest on no declaration: these are forgotten in their time, and
    the paper still verifies.
    """

    number: int
    name: str
    words: str
    printed: tuple[Fact, ...]
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


def _facts_of_statement(session: Session, statement_id: UUID) -> Facts | None:
    row = session.execute(_STATEMENT, {"statement_id": statement_id}).one_or_none()
    if row is None:
        return None
    issued, document = row
    # What was declared is digested anew while it is there: a declaration that was changed is noticed.
    return facts_of_statement(
        total_nano=issued.total_nano,
        on_day=issued.on_day,
        model=issued.model,
        takes_effect_on=issued.takes_effect_on,
        inputs=inputs_digest(document) if document else issued.inputs,
    )


def facts_of_statement(*, total_nano: int, on_day: date, model: str, takes_effect_on: date, inputs: bytes) -> Facts:
    """What is signed of a statement; ``inputs`` is the digest of the declaration behind the score."""
    return {
        "score_nano": total_nano,
        "computed_on": on_day.isoformat(),
        "model": model,
        "takes_effect_on": takes_effect_on.isoformat(),
        "inputs": inputs.hex()[:INPUTS_SHOWN],
    }


_STATEMENT = (
    sa.select(ScoreStatement, Declaration.document)
    .outerjoin(Declaration, Declaration.id == ScoreStatement.declaration_id)
    .where(ScoreStatement.id == sa.bindparam("statement_id", type_=sa.Uuid()))
)
RECEIPT = PaperKind(1, "receipt", N_("Receipt of a request"), (REFERENCE, REQUEST, SUBMITTED), _facts_of_receipt)
CONFIRMATION = PaperKind(
    2,
    "confirmation",
    N_("Confirmation of a decision"),
    (REFERENCE, REQUEST, DECIDED, SCORE, DAY, MODEL),
    _facts_of_confirmation,
)
STATEMENT = PaperKind(
    3, "statement", N_("Statement of a score"), (SCORE, DAY, MODEL, EFFECT, INPUTS), _facts_of_statement
)
ANSWER = PaperKind(4, "answer", N_("Answer to an application"), ANSWER_FACTS, facts_of_answer)
KINDS = {kind.name: kind for kind in (RECEIPT, CONFIRMATION, STATEMENT, ANSWER)}
