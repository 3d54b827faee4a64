"""What was decided about an application, from what is stored of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.requests.applications.answer import Answer, answer_of
from services.requests.models import Application, Request


@dataclass(frozen=True)
class ApplicationDecision:
    """An answered application: when, by the score and the formula of which day, and for which payee."""

    request_id: UUID
    reference: str
    kind: str
    decided_at: datetime
    on: date
    model: str | None
    score_nano: int | None
    payee_id: UUID
    answer: Answer


def find_application_decision(session: Session, *, request_id: UUID) -> ApplicationDecision | None:
    """The decision about an application, or None before it and after its erasure; in one statement.

    Says nothing of who may see it.
    """
    row = session.execute(_DECIDED, {"request_id": request_id}).one_or_none()
    if row is None:
        return None
    return ApplicationDecision(
        row.id,
        row.reference,
        row.kind,
        row.decided_at,
        row.on_day,
        row.model,
        row.score_nano,
        row.payee_person_id,
        answer_of(row),
    )


_DECIDED = (
    sa.select(
        Request.id,
        Request.reference,
        Request.kind,
        Application.decided_at,
        Application.on_day,
        Application.model,
        Application.payee_person_id,
        Application.programme,
        Application.outcome,
        Application.amount_dirhams,
        Application.reasons,
        Application.score_nano,
        Application.limit_nano,
    )
    .join(Application, Application.id == Request.id)
    .where(Request.id == sa.bindparam("request_id", type_=sa.Uuid()), Application.outcome.is_not(None))
)
