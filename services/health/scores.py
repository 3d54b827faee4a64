"""The part of an examination that asks whether households can be scored."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.health.findings import Finding, fine, note, wrong
from services.scoring.compute import scoring_day
from services.scoring.installed import model_on
from services.scoring.models import COMPUTING, ScoreRun

A_RUN_TAKES_AT_MOST = timedelta(hours=1)


def check_formula(session: Session, now: datetime) -> Iterator[Finding]:
    """Whether a formula holds today."""
    try:
        model = model_on(session, scoring_day(now))
    except LookupError:
        yield wrong("formula", "No formula holds today: nobody is scored. Load and activate one (`usrati models`).")
        return
    yield fine("formula", f"{model.id} holds today{'' if model.official else ' (unofficial)'}.")


def check_runs(session: Session, now: datetime) -> Iterator[Finding]:
    """Whether a rescoring of the country was left unfinished."""
    run = session.scalars(sa.select(ScoreRun).where(ScoreRun.state == COMPUTING)).one_or_none()
    if run is None:
        yield fine("rescoring", "No rescoring is under way.")
    elif now - run.started_at > A_RUN_TAKES_AT_MOST:
        began = f"the rescoring by {run.model} for {run.on_day:%F}, begun at {run.started_at:%F %T} UTC"
        yield wrong("rescoring", f"After {run.scored} households stands {began}: run `usrati rescore` again.")
    else:
        yield note("rescoring", f"{run.scored} households are scored by {run.model} so far.")
