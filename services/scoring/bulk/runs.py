"""A run: every decided household scored anew by one model as of one day, current in one act.

A run has a cursor that moves with its rows in one transaction: killed anywhere, it is gone on
with, and nothing is doubled. Its scores are seen by nobody until it is current.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.bulk import take_turns
from services.errors import StateConflict
from services.journal import Actor
from services.scoring.activation import TURN
from services.scoring.bulk.scoring import ScoredBatch, Seconds, score_batch
from services.scoring.bulk.storage import Batch, delete_scores, find_changed, read_batch, read_some, write_scores
from services.scoring.bulk.telling import begin_telling
from services.scoring.compute import scoring_day
from services.scoring.formula import Model
from services.scoring.inputs import find_unpacked, keep_inputs
from services.scoring.installed import installed_models, model_named
from services.scoring.models import ABANDONED, COMPUTING, CURRENT, RunScore, ScoreRun

Value = TypeVar("Value")

BATCH = 100_000
CAUGHT_UP_AT_ONCE = 2_000
PACKED_AT_ONCE = 2_000
FARTHEST = timedelta(days=366)
MOST_NAMED = 5


class NoSuchDay(ValueError):
    """The day cannot be scored for; the argument says why."""


@dataclass(frozen=True)
class Wish:
    """What is to be computed: by which model, as of which day, counting from when, and why."""

    model_id: str
    on: date
    takes_effect_on: date
    cause: str = "formula"


@dataclass(frozen=True)
class Begun:
    """A run that is under way; ``resumed`` when it had been begun before."""

    run_id: UUID
    resumed: bool
    scored: int


@dataclass(frozen=True)
class Step:
    """What one transaction of a run did; nothing ``passed``: all households are through."""

    passed: int
    scored: int
    seconds: Seconds


@dataclass(frozen=True)
class Finished:
    """A run that is current. ``left_out``: households that could not be scored, a few of them named."""

    scored: int
    caught_up: int
    left_out: int
    named: tuple[UUID, ...]


def begin_run(session: Session, *, actor: Actor, wish: Wish, now: datetime) -> Begun:
    """Begin the run that is wished for, or go on with it where it was interrupted.

    Raises LookupError for a model that is not active, NoSuchDay for a day out of reach, and
    StateConflict while another run is under way.
    """
    check_wish(session, wish, today=scoring_day(now))
    take_turns(session, name=TURN)
    running = session.scalars(sa.select(ScoreRun).where(ScoreRun.state == COMPUTING)).one_or_none()
    if running is not None:
        same = (running.model, running.on_day, running.takes_effect_on) == (
            wish.model_id,
            wish.on,
            wish.takes_effect_on,
        )
        if not same:
            raise StateConflict(
                f"a run of {running.model} on {running.on_day} is under way since {running.started_at:%Y-%m-%d %H:%M}"
            )
        return Begun(running.id, resumed=True, scored=running.scored)
    run = ScoreRun(
        model=wish.model_id,
        on_day=wish.on,
        takes_effect_on=wish.takes_effect_on,
        cause=wish.cause,
        started_at=now,
        scored=0,
        state=COMPUTING,
    )
    session.add(run)
    session.flush()
    _record(session, run, "scores.run_begun", actor, now)
    return Begun(run.id, resumed=False, scored=0)


def check_wish(session: Session, wish: Wish, *, today: date) -> Model:
    """The model of a wish that can be fulfilled. Raises LookupError and NoSuchDay as :func:`begin_run` does."""
    active = {model.id: model for model in installed_models(session)}
    if wish.model_id not in active:
        raise LookupError(f"no active model {wish.model_id!r}; there is {', '.join(active)}")
    model = active[wish.model_id]
    if wish.on < model.valid_from:
        raise NoSuchDay(f"{wish.model_id} holds from {model.valid_from} on, not yet on {wish.on}")
    if model.valid_until is not None and wish.on > model.valid_until:
        raise NoSuchDay(f"{wish.model_id} holds until {model.valid_until}, no longer on {wish.on}")
    if wish.on > today + FARTHEST:
        raise NoSuchDay(f"{wish.on} is more than a year away: ages so far ahead are scored later")
    if wish.takes_effect_on < wish.on:
        raise NoSuchDay(f"what is computed for {wish.on} cannot take effect before it, on {wish.takes_effect_on}")
    return model


def pack_next(session: Session, *, after: UUID | None) -> tuple[UUID | None, int]:
    """Keep the inputs of the next households that were decided before inputs were kept.

    Returns where to go on (None at the end) and how many of their declarations cannot be read.
    """
    found = find_unpacked(session, after=after, most=PACKED_AT_ONCE)
    return found.last, keep_inputs(session, found.rows)


def score_next(session: Session, *, run_id: UUID, most: int | None = None) -> Step:
    """Score the next households of a run and move its cursor behind them, in the caller's transaction."""
    run = _hold(session, run_id)
    if run.state != COMPUTING:
        return Step(0, 0, Seconds())
    batch, reading = _timed(lambda: read_batch(session, after=run.after_household, most=most or BATCH))
    if not len(batch):
        return Step(0, 0, Seconds(reading))
    scored, seconds = _score(session, run, batch)
    seconds.reading += reading
    run.after_household = batch.last
    run.scored += len(scored.totals)
    session.flush()
    return Step(len(batch), len(scored.totals), seconds)


def finish_run(session: Session, *, actor: Actor, run_id: UUID, now: datetime) -> Finished:
    """Score those whose inputs changed or came meanwhile, then make the run current: one act, journaled.

    Nobody's inputs change while this lasts. Raises StateConflict for a run that was given up.
    """
    run = _hold(session, run_id)
    if run.state != COMPUTING:
        raise StateConflict(f"this run is {run.state}")
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE score_inputs IN SHARE MODE"))
    caught_up, left_out = _catch_up(session, run)
    run.state, run.became_current_at = CURRENT, now
    session.flush()
    _record(session, run, "scores.run_current", actor, now, len(left_out))
    begin_telling(session, run_id=run.id)
    return Finished(run.scored, caught_up, len(left_out), tuple(left_out[:MOST_NAMED]))


def abandon_run(session: Session, *, actor: Actor, now: datetime) -> UUID | None:
    """Give up the run under way, and take away what it had computed; its id, or None where there is none."""
    run = session.scalars(sa.select(ScoreRun).where(ScoreRun.state == COMPUTING).with_for_update()).one_or_none()
    if run is None:
        return None
    run.state = ABANDONED
    session.flush()
    gone = sa.delete(RunScore).where(RunScore.run_id == run.id).execution_options(synchronize_session=False)
    session.execute(gone)
    _record(session, run, "scores.run_abandoned", actor, now)
    return run.id


def _catch_up(session: Session, run: ScoreRun) -> tuple[int, list[UUID]]:
    caught_up, left_out = 0, list[UUID]()
    changed = find_changed(session, run_id=run.id)
    for first in range(0, len(changed), CAUGHT_UP_AT_ONCE):
        batch = read_some(session, households=changed[first : first + CAUGHT_UP_AT_ONCE])
        run.scored -= delete_scores(session, run_id=run.id, households=batch.households)
        scored, _ = _score(session, run, batch)
        run.scored += len(scored.totals)
        caught_up += len(scored.totals)
        left_out += batch.ids_of(~scored.scored)
    return caught_up, left_out


def _score(session: Session, run: ScoreRun, batch: Batch) -> tuple[ScoredBatch, Seconds]:
    model = model_named(session, run.model)
    found, arithmetic = _timed(lambda: score_batch(batch, model=model, on=run.on_day))
    _, writing = _timed(
        lambda: write_scores(session, run_id=run.id, batch=batch, scored=found.scored, totals=found.totals)
    )
    return found, Seconds(0.0, arithmetic, writing)


def _hold(session: Session, run_id: UUID) -> ScoreRun:
    return session.get_one(ScoreRun, run_id, with_for_update=True, populate_existing=True)


def _timed(work: Callable[[], Value]) -> tuple[Value, float]:
    begun = perf_counter()
    return work(), perf_counter() - begun


def _record(session: Session, run: ScoreRun, action: str, actor: Actor, now: datetime, left_out: int = 0) -> None:
    journal.record(
        session,
        actor=actor,
        action=action,
        now=now,
        model=run.model,
        on=run.on_day.isoformat(),
        takes_effect_on=run.takes_effect_on.isoformat(),
        scored=run.scored,
        left_out=left_out,
    )
