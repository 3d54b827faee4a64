"""Scores that are kept: the total, and what it takes to compute it again bit for bit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.bulk import add_rows
from services.database import insert_into, rows_of
from services.households.models import Declaration
from services.scoring.compute import ScoreResult, compute_score, scoring_day
from services.scoring.formula import model_named, model_on
from services.scoring.models import Score


class ReplayDiffers(Exception):
    """A stored score does not come out again: its model or its inputs are not what they were."""


@dataclass(frozen=True)
class StoredScore:
    """A score as stored, with the declaration it was computed from."""

    id: UUID
    household_id: UUID
    declaration_id: UUID
    model: str
    on: date
    computed_at: datetime
    total_nano: int
    cause: str
    declared_at: datetime
    document: Mapping[str, Any] = field(repr=False)


def record_score(
    session: Session,
    *,
    household_id: UUID,
    declaration_id: UUID,
    document: Mapping[str, Any],
    cause: str,
    now: datetime,
) -> UUID:
    """Score a declaration by the model of the day and keep the score; returns its id.

    Doing it again on the same Moroccan day for the same ``cause`` (``first``, ``update``) keeps
    one score. Raises LookupError where no model holds.
    """
    day = scoring_day(now)
    model = model_on(day)
    result = compute_score(document, model=model, on=day)
    same = {"declaration_id": declaration_id, "model": model.id, "on_day": day, "cause": cause}
    values = {"id": uuid4(), "household_id": household_id, "computed_at": now, "total_nano": result.total_nano} | same
    session.execute(insert_into(session, Score).values(values).on_conflict_do_nothing(index_elements=list(same)))
    return session.execute(sa.select(Score.id).filter_by(**same)).scalar_one()


@dataclass(frozen=True, slots=True)
class Unscored:
    """A declaration without faults that has no score yet."""

    household_id: UUID
    declaration_id: UUID
    document: Mapping[str, Any]


def record_scores(session: Session, declarations: Sequence[Unscored], *, cause: str, now: datetime) -> None:
    """Score many declarations as :func:`record_score` does one; none may have this score already."""
    day = scoring_day(now)
    model = model_on(day)
    shared = {"model": model.id, "on_day": day, "computed_at": now, "cause": cause}
    rows = [
        {
            "id": uuid4(),
            "household_id": one.household_id,
            "declaration_id": one.declaration_id,
            "total_nano": compute_score(one.document, model=model, on=day).total_nano,
        }
        | shared
        for one in declarations
    ]
    add_rows(session, Score, rows)


_LATEST = (
    sa.select(
        Score.id,
        Score.household_id,
        Score.declaration_id,
        Score.model,
        Score.on_day,
        Score.computed_at,
        Score.total_nano,
        Score.cause,
        Declaration.declared_at,
        Declaration.document,
    )
    .join(Declaration, Declaration.id == Score.declaration_id)
    .where(Score.household_id == sa.bindparam("household_id", type_=sa.Uuid()))
    .order_by(Score.computed_at.desc(), Declaration.number.desc())
    .limit(1)
)


def latest_score(session: Session, *, household_id: UUID) -> StoredScore | None:
    """The last score of a household and the declaration behind it, in one statement."""
    row = rows_of(session, _LATEST, {"household_id": household_id}).first()
    return None if row is None else StoredScore(*row)


def replay_score(stored: StoredScore) -> ScoreResult:
    """Compute a stored score again, with its lines. Raises ReplayDiffers unless it is the same to the bit."""
    result = compute_score(stored.document, model=model_named(stored.model), on=stored.on)
    if result.total_nano != stored.total_nano:
        raise ReplayDiffers(f"score {stored.id}: stored {stored.total_nano}, computed {result.total_nano}")
    return result
