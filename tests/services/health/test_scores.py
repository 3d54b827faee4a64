"""What an examination says of formulas and runs."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from services.health.findings import Level
from services.health.scores import check_formula, check_runs
from services.scoring.models import COMPUTING, ScoreRun


def test_the_formula_of_today_is_named_and_said_to_be_unofficial(session: Session, now: datetime) -> None:
    [found] = check_formula(session, now)
    assert (found.level, found.sentence) == (Level.FINE, "rsu-2023-unofficial holds today (unofficial).")


def test_a_day_before_any_formula_is_wrong(session: Session) -> None:
    [found] = check_formula(session, datetime(2022, 6, 1, tzinfo=UTC))
    assert found.level is Level.WRONG


@pytest.mark.parametrize(("hours", "level"), [(0, Level.NOTE), (2, Level.WRONG)])
def test_a_run_that_stopped_is_told_from_one_under_way(
    session: Session, now: datetime, hours: int, level: Level
) -> None:
    day = now.date()
    begun = {"model": "rsu-2023-unofficial", "on_day": day, "takes_effect_on": day, "cause": "yearly"}
    session.add(ScoreRun(state=COMPUTING, started_at=now - timedelta(hours=hours), scored=7, **begun))
    session.flush()
    [found] = check_runs(session, now)
    assert found.level is level
    assert "7 households" in found.sentence
