"""A run told to the families whose score it changed: a short message with a link, at a set rate.

Each turn writes a few messages and moves the run's cursor in one transaction, and the next turn
is a job of that transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import jobs
from services.accounts.sessions import DEFAULT_LOCALE, language_of
from services.households.models import Declaration, Household
from services.messages import N_
from services.messaging import send_later
from services.population.register import mobile_of
from services.scoring.models import CURRENT, RunScore, Score, ScoreRun

KIND = "score_changed"
# With the link one SMS in every language: the page says the rest.
SCORE_CHANGED = N_("Usrati: your score has changed: %(link)s")
TURNS_A_MINUTE = 6
# Whose score stayed costs no message: many are passed over in one turn.
LOOKED_AT = 1_000


@dataclass(frozen=True)
class Told:
    """One turn: so many households ``looked_at``, so many ``written`` to; ``done`` when all are through."""

    looked_at: int
    written: int
    done: bool


def begin_telling(session: Session, *, run_id: UUID) -> None:
    """Have the families told of a run that is current, from the first on."""
    _queue(session, run_id, 0, timedelta(0))


def tell_next(session: Session, *, run_id: UUID, turn: int, per_minute: int, public_url: str, now: datetime) -> Told:
    """Write to the next families whose score this run changed; the rest follow in turns at the rate ``per_minute``."""
    run = session.get_one(ScoreRun, run_id, with_for_update=True, populate_existing=True)
    if run.state != CURRENT or run.told_at is not None:
        return Told(0, 0, done=True)
    most = max(1, per_minute // TURNS_A_MINUTE)
    following = _following(session, run)
    changed = _changed(session, run, following)
    now_told = [id_ for id_ in following if id_ in changed][:most]
    if len(now_told) == most:
        following = following[: following.index(now_told[-1]) + 1]
    for person_id in _declarants(session, now_told):
        _write(session, person_id, public_url, now)
    told = Told(len(following), len(now_told), done=not following)
    if told.done:
        run.told_at = now
    else:
        run.told_household = following[-1]
        _queue(session, run_id, turn + 1, timedelta(minutes=most / per_minute if now_told else 0))
    session.flush()
    return told


def _queue(session: Session, run_id: UUID, turn: int, delay: timedelta) -> None:
    key = f"tell:{run_id}:{turn}"
    jobs.enqueue(session, "tell_run", run_id, turn, queue=jobs.QUEUE_NEWS, key=key, delay=delay)


def _following(session: Session, run: ScoreRun) -> list[UUID]:
    chosen = sa.select(RunScore.household_id).where(RunScore.run_id == run.id)
    if run.told_household is not None:
        chosen = chosen.where(RunScore.household_id > run.told_household)
    return list(session.scalars(chosen.order_by(RunScore.household_id).limit(LOOKED_AT)))


def _changed(session: Session, run: ScoreRun, ids: Collection[UUID]) -> set[UUID]:
    """Those whose score of this run is not the one they had before it."""
    ranked: dict[UUID, list[tuple[int, datetime, bool, int]]] = {}
    for household_id, number, at, total, of_this_run in _scores(session, run, ids):
        ranked.setdefault(household_id, []).append((number, at, of_this_run, total))
    return {household_id for household_id, scores in ranked.items() if _moved(sorted(scores))}


def _moved(scores: list[tuple[int, datetime, bool, int]]) -> bool:
    place = next(place for place, score in enumerate(scores) if score[2])
    return place > 0 and scores[place - 1][3] != scores[place][3]


def _scores(session: Session, run: ScoreRun, ids: Collection[UUID]) -> list[Any]:
    alone = (
        sa.select(Score.household_id, Declaration.number, Score.computed_at, Score.total_nano, sa.false())
        .join(Declaration, Declaration.id == Score.declaration_id)
        .where(Score.household_id.in_(ids))
    )
    of_runs = (
        sa.select(
            RunScore.household_id,
            Declaration.number,
            ScoreRun.became_current_at,
            RunScore.total_nano,
            ScoreRun.id == run.id,
        )
        .join(ScoreRun, ScoreRun.id == RunScore.run_id)
        .join(Declaration, Declaration.id == RunScore.declaration_id)
        .where(RunScore.household_id.in_(ids), ScoreRun.state == CURRENT)
    )
    return [*session.execute(alone), *session.execute(of_runs)]


def _declarants(session: Session, ids: Collection[UUID]) -> list[UUID]:
    chosen = sa.select(Household.declarant_id).where(Household.id.in_(ids), Household.state == "active")
    return list(session.scalars(chosen.order_by(Household.id)))


def _write(session: Session, person_id: UUID, public_url: str, now: datetime) -> None:
    locale = language_of(session, person_id=person_id) or DEFAULT_LOCALE
    send_later(
        session,
        kind=KIND,
        to=mobile_of(session, person_id=person_id),
        person_id=person_id,
        locale=locale,
        key=SCORE_CHANGED,
        params={"link": f"{public_url}/{locale}/score/compare"},
        now=now,
    )
