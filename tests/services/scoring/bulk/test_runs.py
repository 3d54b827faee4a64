"""A run scores everybody once, whatever interrupts it, and counts in one act."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import StateConflict
from services.journal import system_actor
from services.journal.models import JournalEntry
from services.scoring.bulk import runs
from services.scoring.bulk.driving import alone
from services.scoring.bulk.runs import NoSuchDay, abandon_run, begin_run, finish_run, score_next
from services.scoring.bulk.scoring import Progress
from services.scoring.bulk.storage import Batch
from services.scoring.models import ABANDONED, COMPUTING, CURRENT, RunScore, ScoreInputs, ScoreRun
from services.scoring.records import latest_score, replay_score, scores_of
from tests.conftest import NOW
from tests.services.scoring.bulk.countries import MODEL, NEXT_YEAR, WISH, one_by_one, populate, rescored, run_scores

IN_A_PROCESS = """
import os, sys
from datetime import UTC, date, datetime
from services import crypto
from services.database import Database
from services.journal import system_actor
from services.scoring.bulk import driving, runs
from services.settings import load_settings
crypto.install_keys(load_settings(os.environ))
wish = runs.Wish("rsu-2023-unofficial", date(2027, 3, 1), date(2027, 3, 1))
once = driving.score_next
driving.score_next = lambda session, *, run_id: once(session, run_id=run_id, most=2)
database = Database(sys.argv[1])
def wait(progress):
    print(progress.passed, flush=True)
    sys.stdin.readline()
driving.rescore(database, wish, actor=system_actor(), clock=lambda: datetime.fromisoformat(sys.argv[2]), progress=wait)
"""


@pytest.fixture
def country(database: Database) -> Database:
    populate(database)
    return database


def step(database: Database, run_id: UUID, most: int = 4) -> int:
    with database.writing() as session:
        return score_next(session, run_id=run_id, most=most).passed


def begin(database: Database, wish: runs.Wish = WISH) -> runs.Begun:
    with database.writing() as session:
        return begin_run(session, actor=system_actor(), wish=wish, now=NOW)


def finish(database: Database, run_id: UUID) -> runs.Finished:
    with database.writing() as session:
        return finish_run(session, actor=system_actor(), run_id=run_id, now=NOW)


def test_everybody_has_the_score_that_each_has_alone(country: Database) -> None:
    passed: list[Progress] = []
    done = rescored(country, passed=passed)
    with country.reading() as session:
        expected = one_by_one(session)
        assert run_scores(session, done.begun.run_id) == expected
        assert (done.finished.scored, done.finished.caught_up, done.finished.left_out) == (len(expected), 0, 0)
        assert sum(one.passed for one in passed) == passed[0].households == len(expected)
        run = session.get_one(ScoreRun, done.begun.run_id)
        assert (run.state, run.scored, run.became_current_at) == (CURRENT, len(expected), NOW)
        entry = session.scalars(sa.select(JournalEntry).where(JournalEntry.action == "scores.run_current")).one()
        assert (entry.details["scored"], entry.details["model"]) == (len(expected), MODEL.id)
        household_id = next(iter(expected))
        latest = latest_score(session, household_id=household_id)
        assert latest
        assert (latest.on, latest.cause) == (NEXT_YEAR, "formula")
        assert replay_score(session, stored=latest).total_nano == expected[household_id]


def test_nobody_sees_a_run_before_it_is_current_and_old_scores_stay(country: Database) -> None:
    run_id = begin(country).run_id
    while step(country, run_id):
        pass
    with country.reading() as session:
        household_id = session.scalars(sa.select(ScoreInputs.household_id)).first()
        assert household_id
        assert [score.cause for score in scores_of(session, household_id=household_id)] == ["first"]
    finish(country, run_id)
    with country.reading() as session:
        assert [score.cause for score in scores_of(session, household_id=household_id)] == ["first", "formula"]


def computing(database: Database) -> subprocess.Popen[str]:
    """A process that computes the run two households at a time, and waits for a line after each."""
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", IN_A_PROCESS, url, NOW.isoformat()]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def let_compute(process: subprocess.Popen[str], steps: int) -> list[str]:
    """What the process said: how many households had passed, then two for each of so many steps."""
    assert process.stdin
    assert process.stdout
    said = [process.stdout.readline()]
    for _ in range(steps):
        process.stdin.write("\n")
        process.stdin.flush()
        said.append(process.stdout.readline())
    return said


def kill(process: subprocess.Popen[str], database: Database) -> None:
    process.kill()
    process.communicate()
    _wait_until_free(database)


def test_a_run_that_is_killed_is_gone_on_with_and_nothing_is_doubled(country: Database) -> None:
    process = computing(country)
    assert let_compute(process, 3) == ["0\n", "2\n", "2\n", "2\n"]
    with pytest.raises(StateConflict, match="under way"):
        rescored(country)
    kill(process, country)
    with country.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RunScore)) == 6
    done = rescored(country)
    assert (done.begun.resumed, done.begun.scored) == (True, 6)
    with country.reading() as session:
        assert run_scores(session, done.begun.run_id) == one_by_one(session)


@pytest.mark.matrix
@pytest.mark.parametrize("moment", [0.0, 0.002, 0.005, 0.01, 0.02])
def test_a_run_that_is_killed_within_a_step_comes_to_its_end(country: Database, moment: float) -> None:
    process = computing(country)
    let_compute(process, 2)
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()
    time.sleep(moment)
    kill(process, country)
    with country.reading() as session:
        kept = session.scalar(sa.select(sa.func.count()).select_from(RunScore))
        assert kept in (4, 6)
        assert session.scalars(sa.select(ScoreRun.scored)).one() == kept
    done = rescored(country)
    with country.reading() as session:
        assert run_scores(session, done.begun.run_id) == one_by_one(session)
        assert session.scalar(sa.select(sa.func.count()).select_from(ScoreRun)) == 1


def _wait_until_free(database: Database) -> None:
    # The server notices the death of a client in its own time.
    give_up_at = time.monotonic() + 30
    while True:
        try:
            with alone(database):
                return
        except StateConflict:
            assert time.monotonic() < give_up_at
            time.sleep(0.02)


def test_what_changed_or_came_while_a_run_lasted_is_scored_before_it_counts(country: Database) -> None:
    with country.writing() as session:
        late = session.scalars(sa.select(ScoreInputs).order_by(ScoreInputs.household_id)).first()
        assert late
        kept = {"household_id": late.household_id, "declaration_id": late.declaration_id, "packed": late.packed}
        session.delete(late)
    run_id = begin(country).run_id
    while step(country, run_id):
        pass
    with country.writing() as session:
        changed = session.scalars(sa.select(ScoreInputs)).first()
        assert changed
        changed.declaration_id = UUID(int=7)
        changed.packed = changed.packed[:8] + b"\x09" + changed.packed[9:]  # nine families in the household
        session.add(ScoreInputs(**kept))
    finished = finish(country, run_id)
    assert finished.caught_up == 2
    with country.reading() as session:
        found = run_scores(session, run_id)
        assert (len(found), finished.scored) == (
            session.scalar(sa.select(sa.func.count(ScoreInputs.household_id))),
        ) * 2
        assert kept["household_id"] in found
        rests_on = sa.select(RunScore.declaration_id).where(RunScore.household_id == changed.household_id)
        assert session.scalars(rests_on).all() == [UUID(int=7)]


def test_households_from_before_inputs_were_kept_are_packed_first(country: Database) -> None:
    with country.writing() as session:
        expected = one_by_one(session)
        session.execute(sa.delete(ScoreInputs))
    assert rescored(country).finished.scored == len(expected)
    with country.reading() as session:
        assert one_by_one(session) == expected


def test_a_record_that_cannot_be_read_is_reported_and_left_out(country: Database) -> None:
    with country.writing() as session:
        one, other = session.scalars(sa.select(ScoreInputs).order_by(ScoreInputs.household_id).limit(2)).all()
        one.packed, other.packed = b"", other.packed[:48]  # nothing; a household without members
    done = rescored(country)
    assert done.finished.left_out == 2
    assert done.finished.named == (one.household_id, other.household_id)
    with country.reading() as session:
        assert not {one.household_id, other.household_id} & run_scores(session, done.begun.run_id).keys()
        assert len(scores_of(session, household_id=one.household_id)) == 1


def test_another_run_waits_until_the_first_is_done_or_given_up(country: Database) -> None:
    first = begin(country)
    step(country, first.run_id)
    other = replace(WISH, on=date(2027, 1, 1))
    with pytest.raises(StateConflict, match="under way since 2026-06-15"):
        begin(country, other)
    assert begin(country) == replace(first, resumed=True, scored=4)
    with country.writing() as session:
        assert abandon_run(session, actor=system_actor(), now=NOW) == first.run_id
    with country.reading() as session:
        assert run_scores(session, first.run_id) == {}
        assert session.get_one(ScoreRun, first.run_id).state == ABANDONED
    with pytest.raises(StateConflict, match="abandoned"):
        finish(country, first.run_id)
    assert not begin(country, other).resumed
    with country.writing() as session:
        assert session.scalar(sa.select(ScoreRun.state).where(ScoreRun.on_day == other.on)) == COMPUTING
        abandon_run(session, actor=system_actor(), now=NOW)
        assert abandon_run(session, actor=system_actor(), now=NOW) is None


def test_the_same_run_again_is_a_new_one_with_the_same_scores(country: Database) -> None:
    once, again = rescored(country), rescored(country)
    assert once.begun.run_id != again.begun.run_id
    with country.reading() as session:
        assert run_scores(session, once.begun.run_id) == run_scores(session, again.begun.run_id)


@pytest.mark.parametrize(
    ("wish", "fault", "says"),
    [
        (replace(WISH, model_id="rsu-1999"), LookupError, "no active model 'rsu-1999'; there is rsu-2023-unofficial"),
        (replace(WISH, on=date(2022, 12, 31)), NoSuchDay, "holds from 2023-01-01 on, not yet on 2022-12-31"),
        (replace(WISH, on=NOW.date() + timedelta(days=367)), NoSuchDay, "more than a year away"),
        (replace(WISH, takes_effect_on=NEXT_YEAR - timedelta(days=1)), NoSuchDay, "cannot take effect before it"),
    ],
)
def test_a_run_of_no_model_or_for_a_day_out_of_reach_is_not_begun(
    session: Session, wish: runs.Wish, fault: type[Exception], says: str
) -> None:
    with pytest.raises(fault, match=says):
        begin_run(session, actor=system_actor(), wish=wish, now=NOW)
    assert session.scalars(sa.select(ScoreRun)).all() == []


def test_a_country_of_nobody_has_a_run_of_nobody(database: Database) -> None:
    done = rescored(database)
    assert (done.finished.scored, done.finished.left_out) == (0, 0)


def test_a_batch_ends_where_its_greatest_id_is_whatever_its_order() -> None:
    ids = [UUID(int=3 << 64 | 9), UUID(int=3 << 64 | 12), UUID(int=2**64 - 1), UUID(int=7)]
    batch = Batch(b"".join(one.bytes for one in ids), b"", np.zeros(4, dtype=np.int64), b"")
    assert batch.last == ids[1]
