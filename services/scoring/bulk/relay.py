"""A run as a chain of jobs, each one short transaction on any worker; and the run of every year.

Each job queues the next within its own transaction, so that a worker's death loses no step and
doubles none.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import jobs
from services.bulk import take_turns
from services.errors import StateConflict
from services.journal import system_actor
from services.scoring.activation import TURN
from services.scoring.bulk.runs import Wish, begin_run, finish_run, pack_next, score_next
from services.scoring.compute import scoring_day
from services.scoring.installed import model_on
from services.scoring.models import COMPUTING, ScoreRun

CAUSE = "yearly"


@dataclass(frozen=True)
class Yearly:
    """The day of the year as of which all are scored, and when these scores count; from ``valid_from`` on."""

    valid_from: date
    month: int
    day: int
    takes_effect_after_days: int
    within_days: int
    grade: str
    source: str

    def due_in(self, year: int) -> date:
        """The day of this year."""
        return date(year, self.month, self.day)

    def is_due(self, today: date) -> bool:
        """Whether this year's run may begin today."""
        due = self.due_in(today.year)
        return due <= today <= due + timedelta(days=self.within_days)


@cache
def yearly_rules() -> tuple[Yearly, ...]:
    """Every rule there was, oldest first."""
    raw = tomllib.loads(files("services.scoring.bulk").joinpath("yearly.toml").read_text(encoding="utf-8"))
    return tuple(sorted((Yearly(**row) for row in raw["rescoring"]), key=lambda rule: rule.valid_from))


def begin_yearly(session: Session, *, now: datetime) -> str:
    """Begin this year's run if its day has come and it was not begun yet; otherwise do nothing.

    It is begun once a year, whatever became of it. Another run that is under way is waited for.
    """
    today = scoring_day(now)
    rule = next((rule for rule in reversed(yearly_rules()) if rule.valid_from <= today), None)
    if rule is None or not rule.is_due(today):
        return "not_due"
    take_turns(session, name=TURN)
    day = rule.due_in(today.year)
    begun = sa.select(ScoreRun.id).where(ScoreRun.cause == CAUSE, ScoreRun.on_day == day)
    if session.scalars(begun).first() is not None:
        return "begun_before"
    try:
        # From today: families of a run that begins late hear of it as long before.
        counts_from = today + timedelta(days=rule.takes_effect_after_days)
        wish = Wish(model_on(session, day).id, day, counts_from, CAUSE)
        run = begin_run(session, actor=system_actor(), wish=wish, now=now)
    except LookupError:
        return "no_model"
    except StateConflict:
        return "another_is_under_way"
    _queue(session, "pack_inputs", run.run_id, "first")
    return "begun"


def pack_inputs(session: Session, *, run_id: UUID, after: UUID | None) -> str:
    """Pack the next households from before inputs were kept, then go on packing, or begin to score."""
    if session.get_one(ScoreRun, run_id).state != COMPUTING:
        return "over"
    behind, _ = pack_next(session, after=after)
    if behind is None:
        _queue(session, "score_run", run_id, 0)
    else:
        _queue(session, "pack_inputs", run_id, str(behind))
    return "packed"


def score_run(session: Session, *, run_id: UUID, turn: int, now: datetime) -> str:
    """Score the next households of a run; behind the last, make it current."""
    if session.get_one(ScoreRun, run_id).state != COMPUTING:
        return "over"
    step = score_next(session, run_id=run_id)
    if step.passed:
        _queue(session, "score_run", run_id, turn + 1)
        return str(step.scored)
    try:
        finish_run(session, actor=system_actor(), run_id=run_id, now=now)
    except StateConflict:
        # The command, which goes on with the same run, was faster.
        return "over"
    return "current"


def _queue(session: Session, job: str, run_id: UUID, place: str | int) -> None:
    jobs.enqueue(session, job, run_id, place, queue=jobs.QUEUE_NEWS, key=f"{job}:{run_id}:{place}")
