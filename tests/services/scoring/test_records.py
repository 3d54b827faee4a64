"""Scores that are kept come out again to the bit, and are kept once."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.households.models import Declaration
from services.scoring.models import COMPUTING, CURRENT, RunScore, Score, ScoreRun
from services.scoring.records import (
    ReplayDiffers,
    StoredScore,
    latest_score,
    replay_score,
    score_in_effect,
    scores_of,
)
from tests.services.scoring.stored import NOW, declare, record


def latest(session: Session, household_id: UUID) -> StoredScore:
    stored = latest_score(session, household_id=household_id)
    assert stored is not None
    return stored


def test_a_household_without_a_score_has_none(session: Session, household_id: UUID) -> None:
    assert latest_score(session, household_id=household_id) is None


def test_a_score_is_kept_with_all_that_reproduces_it(session: Session, household_id: UUID) -> None:
    declaration = declare(session, household_id)
    score_id = record(session, declaration)
    stored = latest(session, household_id)
    assert (stored.id, stored.declaration_id, stored.cause) == (score_id, declaration.id, "first")
    assert (stored.model, stored.on.isoformat()) == ("rsu-2023-unofficial", "2026-06-15")
    assert (stored.computed_at, stored.declared_at) == (NOW, NOW)
    assert stored.total_nano == replay_score(session, stored=stored).total_nano == 10_844_874_400


def test_recording_again_keeps_one_score(session: Session, household_id: UUID) -> None:
    declaration = declare(session, household_id)
    assert record(session, declaration) == record(session, declaration, NOW + timedelta(hours=1))
    assert session.scalar(sa.select(sa.func.count(Score.id))) == 1


def test_another_cause_or_day_is_another_score(session: Session, household_id: UUID) -> None:
    declaration = declare(session, household_id)
    ids = {
        record(session, declaration),
        record(session, declaration, cause="review"),
        record(session, declaration, NOW + timedelta(days=1)),
    }
    assert len(ids) == 3


def test_the_score_shown_is_the_latest(session: Session, household_id: UUID) -> None:
    record(session, declare(session, household_id))
    update = declare(session, household_id, number=2, motorbikes=0)
    record(session, update, cause="update")  # at the same instant: the later declaration
    assert latest(session, household_id).declaration_id == update.id


def test_a_score_and_its_declaration_are_read_in_one_statement(
    database: Database, session: Session, household_id: UUID
) -> None:
    record(session, declare(session, household_id))
    session.commit()
    statements: list[str] = []
    with database.reading() as reader:
        engine = reader.get_bind()
        sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        latest(reader, household_id)
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1


def test_a_score_that_does_not_come_out_again_is_never_explained(session: Session, household_id: UUID) -> None:
    record(session, declare(session, household_id))
    session.execute(sa.update(Score).values(total_nano=Score.total_nano + 1))
    with pytest.raises(ReplayDiffers):
        replay_score(session, stored=latest(session, household_id))


def rescore(session: Session, declaration: Declaration, *, state: str, at: datetime, total_nano: int) -> None:
    run = ScoreRun(
        model="rsu-2023-unofficial",
        on_day=at.date(),
        takes_effect_on=at.date() + timedelta(days=30),
        cause="yearly",
        state=state,
        started_at=at,
        became_current_at=at,
    )
    session.add(run)
    session.flush()
    of_run = {"run_id": run.id, "declaration_id": declaration.id, "total_nano": total_nano}
    session.add(RunScore(household_id=declaration.household_id, **of_run))
    session.flush()


def test_the_scores_of_a_run_count_once_it_is_current(session: Session, household_id: UUID) -> None:
    declaration = declare(session, household_id)
    record(session, declaration)
    rescore(session, declaration, state=COMPUTING, at=NOW + timedelta(days=1), total_nano=1)
    assert latest(session, household_id).cause == "first"
    rescore(session, declaration, state=CURRENT, at=NOW + timedelta(days=2), total_nano=2)
    stored = latest(session, household_id)
    assert (stored.number, stored.cause, stored.total_nano) == (2, "yearly", 2)
    assert [score.number for score in scores_of(session, household_id=household_id)] == [1, 2]
    assert stored.id == latest(session, household_id).id


def test_what_was_declared_anew_is_newer_than_a_run_that_ended_later(session: Session, household_id: UUID) -> None:
    first = declare(session, household_id)
    record(session, first)
    update = declare(session, household_id, number=2, motorbikes=0)
    record(session, update, now=NOW + timedelta(days=1), cause="update")
    rescore(session, first, state=CURRENT, at=NOW + timedelta(days=2), total_nano=2)
    assert latest(session, household_id).declaration_id == update.id


def test_a_score_counts_for_programmes_from_its_day_on(session: Session, household_id: UUID) -> None:
    declaration = declare(session, household_id)
    record(session, declaration)
    rescore(session, declaration, state=CURRENT, at=NOW + timedelta(days=2), total_nano=2)
    begins = (NOW + timedelta(days=32)).date()
    for day, cause in ((begins - timedelta(days=1), "first"), (begins, "yearly")):
        counting = score_in_effect(session, household_id=household_id, on=day)
        assert counting is not None
        assert counting.cause == cause
    assert score_in_effect(session, household_id=household_id, on=NOW.date() - timedelta(days=1)) is None
