"""What was decided about a request, from what is stored of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.households.models import Declaration
from services.requests.kinds import REGISTRATION
from services.requests.models import Request, Transition
from services.requests.states import Event
from services.scoring.models import Score


@dataclass(frozen=True)
class Decision:
    """The score that a registration led to, and when; ``document`` is the declaration behind it."""

    request_id: UUID
    reference: str
    kind: str
    decided_at: datetime
    total_nano: int
    model: str
    on: date
    document: Mapping[str, Any] = field(repr=False)

    @property
    def members(self) -> int:
        """How many persons the household was registered with; 0 once that is forgotten."""
        return len(self._members)

    @property
    def head_id(self) -> UUID | None:
        """The person who was declared its head, while that is known."""
        heads = (UUID(member["person"]) for member in self._members if member["relation"] == "head")
        return next(heads, None)

    @property
    def _members(self) -> Sequence[Mapping[str, Any]]:
        # None where the declaration was forgotten in its time.
        return self.document.get("members") or ()


def find_decision(session: Session, *, request_id: UUID) -> Decision | None:
    """The decision about a registration, or None before it and after its erasure; in one statement.

    Of the scores of its declaration the first: later ones answer no request. Says nothing of who may see it.
    """
    row = session.execute(_DECIDED, {"request_id": request_id}).one_or_none()
    return None if row is None else Decision(**row._mapping)


_DECIDED = (
    sa.select(
        Request.id.label("request_id"),
        Request.reference,
        Request.kind,
        Transition.at.label("decided_at"),
        Score.total_nano,
        Score.model,
        Score.on_day.label("on"),
        Declaration.document,
    )
    .join(Transition, sa.and_(Transition.request_id == Request.id, Transition.event == Event.DECIDE))
    .join(Declaration, Declaration.id == Request.declaration_id)
    .join(Score, Score.declaration_id == Declaration.id)
    .where(Request.id == sa.bindparam("request_id", type_=sa.Uuid()), Request.kind == REGISTRATION)
    .order_by(Score.computed_at)
    .limit(1)
)
