"""Scores that are kept: the total, and what it takes to compute it again bit for bit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.bulk import add_rows
from services.database import insert_into, rows_of
from services.households.models import Declaration
from services.scoring.compute import ScoreResult, compute_score, scoring_day
from services.scoring.inputs import keep_inputs
from services.scoring.installed import model_named, model_on
from services.scoring.models import CURRENT, RunScore, Score, ScoreRun


class ReplayDiffers(Exception):
    """A stored score does not come out again: its model or its inputs are not what they were."""


@dataclass(frozen=True)
class StoredScore:
    """A score as stored, with the declaration it was computed from.

    ``number`` is its place among the household's scores, from 1; ``takes_effect_on`` the day from
    which it counts for programmes. ``document`` is empty once the declaration was erased in its time.
    """

    id: UUID
    number: int
    household_id: UUID
    declaration_id: UUID
    model: str
    on: date
    takes_effect_on: date
    computed_at: datetime
    total_nano: int
    cause: str
    declared_at: datetime
    document: Mapping[str, Any] = field(repr=False)

    @property
    def can_be_explained(self) -> bool:
        """Whether its declaration is still there, so that its lines can be computed again."""
        return bool(self.document)


def record_score(
    session: Session,
    *,
    household_id: UUID,
    declaration_id: UUID,
    document: Mapping[str, Any],
    cause: str,
    takes_effect_on: date | None = None,
    now: datetime,
) -> UUID:
    """Score a declaration by the model of the day and keep the score; returns its id.

    It counts from ``takes_effect_on``, at once where that is not given. Doing it again on the same
    Moroccan day for the same ``cause`` (``first``, ``update``) keeps one score. Raises NoModel
    where none holds.
    """
    day = scoring_day(now)
    model = model_on(session, day)
    result = compute_score(document, model=model, on=day)
    same = {"declaration_id": declaration_id, "model": model.id, "on_day": day, "cause": cause}
    values = {
        "id": uuid4(),
        "household_id": household_id,
        "takes_effect_on": takes_effect_on or day,
        "computed_at": now,
        "total_nano": result.total_nano,
        **same,
    }
    session.execute(insert_into(session, Score).values(values).on_conflict_do_nothing(index_elements=list(same)))
    keep_inputs(session, [(household_id, declaration_id, document)])
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
    model = model_on(session, day)
    shared = {"model": model.id, "on_day": day, "takes_effect_on": day, "computed_at": now, "cause": cause}
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
    keep_inputs(session, [(one.household_id, one.declaration_id, one.document) for one in declarations])


_OF_HOUSEHOLD = sa.bindparam("household_id", type_=sa.Uuid())
_EVERY = sa.union_all(
    sa.select(
        Score.id,
        sa.false().label("of_run"),
        Score.household_id,
        Score.declaration_id,
        Score.model,
        Score.on_day,
        Score.takes_effect_on,
        Score.computed_at,
        Score.total_nano,
        Score.cause,
    ).where(Score.household_id == _OF_HOUSEHOLD),
    sa.select(
        ScoreRun.id,
        sa.true(),
        RunScore.household_id,
        RunScore.declaration_id,
        ScoreRun.model,
        ScoreRun.on_day,
        ScoreRun.takes_effect_on,
        ScoreRun.became_current_at,
        RunScore.total_nano,
        ScoreRun.cause,
    )
    .join(ScoreRun, ScoreRun.id == RunScore.run_id)
    .where(RunScore.household_id == _OF_HOUSEHOLD, ScoreRun.state == CURRENT),
).subquery()
# A run may end after a family declared anew: what rests on the newer declaration is the newer score.
_ORDER = (Declaration.number, _EVERY.c.computed_at)
_NUMBERED = sa.select(
    _EVERY.c.id,
    _EVERY.c.of_run,
    sa.func.row_number().over(order_by=_ORDER).label("number"),
    *(column for column in _EVERY.c if column.name not in ("id", "of_run")),
    Declaration.declared_at,
    Declaration.document,
).join(Declaration, Declaration.id == _EVERY.c.declaration_id)
_OLDEST_FIRST = _NUMBERED.order_by(*_ORDER)
_NEWEST_FIRST = _NUMBERED.order_by(*(column.desc() for column in _ORDER))
_LATEST, _LAST_TWO = _NEWEST_FIRST.limit(1), _NEWEST_FIRST.limit(2)
_IN_EFFECT = _LATEST.where(_EVERY.c.takes_effect_on <= sa.bindparam("day", type_=sa.Date()))


def latest_score(session: Session, *, household_id: UUID) -> StoredScore | None:
    """The last score of a household and the declaration behind it, in one statement."""
    row = rows_of(session, _LATEST, {"household_id": household_id}).first()
    return None if row is None else _stored(row)


def last_two_scores(session: Session, *, household_id: UUID) -> tuple[StoredScore | None, StoredScore | None]:
    """The last score of a household and the one before it, each None where there is none; one statement."""
    rows = rows_of(session, _LAST_TWO, {"household_id": household_id})
    last, before, *_ = [*(_stored(row) for row in rows), None, None]
    return last, before


def score_in_effect(session: Session, *, household_id: UUID, on: date) -> StoredScore | None:
    """The score that counts for programmes on the day ``on``; ``number`` counts those in effect by then."""
    row = rows_of(session, _IN_EFFECT, {"household_id": household_id, "day": on}).first()
    return None if row is None else _stored(row)


def scores_of(session: Session, *, household_id: UUID) -> tuple[StoredScore, ...]:
    """Every score of a household, oldest first, those of runs that became current included."""
    return tuple(_stored(row) for row in rows_of(session, _OLDEST_FIRST, {"household_id": household_id}))


def replay_score(session: Session, *, stored: StoredScore) -> ScoreResult:
    """Compute a stored score again, with its lines. Raises ReplayDiffers unless it is the same to the bit."""
    result = compute_score(stored.document, model=model_named(session, stored.model), on=stored.on)
    if result.total_nano != stored.total_nano:
        raise ReplayDiffers(f"score {stored.id}: stored {stored.total_nano}, computed {result.total_nano}")
    return result


def _stored(row: Any) -> StoredScore:
    # The scores of a run are rows without an id: theirs comes from the run and the household.
    score_id, of_run, *rest = row
    return StoredScore(uuid5(score_id, str(row.household_id)) if of_run else score_id, *rest)
