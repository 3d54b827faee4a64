"""The run of the year: begun on its day, once, and carried on by jobs from worker to worker."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.database import Database
from services.errands import HOURLY, JOBS, Tools
from services.errors import StateConflict
from services.jobs import enqueue
from services.journal import system_actor
from services.scoring.bulk import relay, runs
from services.scoring.bulk.relay import begin_yearly, yearly_rules
from services.scoring.bulk.runs import abandon_run, begin_run
from services.scoring.models import CURRENT, ScoreInputs, ScoreRun
from tests.services.requests.families import queued
from tests.services.scoring.bulk.countries import WISH, one_by_one, populate, run_scores

THE_DAY = date(2027, 1, 15)
BY_NAME = {job.name: job for job in JOBS}
TOOLS = Tools(None, lambda locale, key, params: key)  # type: ignore[arg-type]


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[str | int, ...]]]:
    """The jobs that were queued, to be run by the test in any order and as often as it likes."""
    waiting: list[tuple[str, tuple[str | int, ...]]] = []
    keys = set()

    def remember(session: object, job: str, *ids: UUID | str | int, key: str, **others: object) -> None:
        if key in keys:
            return
        keys.add(key)
        waiting.append((job, tuple(str(one) if isinstance(one, UUID) else one for one in ids)))

    monkeypatch.setattr(relay.jobs, "enqueue", remember)
    monkeypatch.setattr(runs, "BATCH", 5)
    monkeypatch.setattr(runs, "PACKED_AT_ONCE", 7)
    return waiting


def begin(database: Database, now: datetime) -> str:
    with database.writing() as session:
        return begin_yearly(session, now=now)


def test_the_rule_is_dated_and_says_whose_choice_it_is() -> None:
    rule = yearly_rules()[-1]
    assert (rule.due_in(2027), rule.grade) == (THE_DAY, "own")
    days = [THE_DAY - timedelta(days=1), THE_DAY, THE_DAY + timedelta(days=60), THE_DAY + timedelta(days=61)]
    assert [rule.is_due(day) for day in days] == [False, True, True, False]


def test_a_year_is_begun_once(database: Database) -> None:
    assert begin(database, at(THE_DAY - timedelta(days=1))) == "not_due"
    # In Morocco the day begins an hour before it does in UTC.
    assert begin(database, at(THE_DAY)) == "begun"
    assert begin(database, at(THE_DAY, 10)) == "begun_before"
    with database.writing() as session:
        assert any(key.startswith("pack_inputs:") for key in queued(session))
        run = session.scalars(sa.select(ScoreRun)).one()
        assert (run.on_day, run.takes_effect_on, run.cause) == (THE_DAY, date(2027, 2, 14), "yearly")
        abandon_run(session, actor=system_actor(), now=at(THE_DAY))
    assert begin(database, at(THE_DAY + timedelta(days=30))) == "begun_before"
    assert begin(database, at(date(2028, 1, 15))) == "begun"


def test_a_run_that_begins_late_gives_families_as_many_days_as_any(sqlite_database: Database) -> None:
    assert begin(sqlite_database, at(THE_DAY + timedelta(days=45))) == "begun"
    with sqlite_database.reading() as session:
        run = session.scalars(sa.select(ScoreRun)).one()
        assert (run.on_day, run.takes_effect_on) == (THE_DAY, THE_DAY + timedelta(days=75))


def test_the_run_of_the_year_waits_for_another_that_is_under_way(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        begin_run(session, actor=system_actor(), wish=WISH, now=at(THE_DAY))
    assert begin(sqlite_database, at(THE_DAY)) == "another_is_under_way"
    with sqlite_database.writing() as session:
        abandon_run(session, actor=system_actor(), now=at(THE_DAY))
    assert begin(sqlite_database, at(THE_DAY)) == "begun"


def test_jobs_carry_the_run_to_its_end_and_a_job_done_twice_does_nothing_more(
    database: Database, work: list[tuple[str, tuple[str | int, ...]]]
) -> None:
    populate(database)
    with database.writing() as session:
        expected = one_by_one(session, THE_DAY)
        session.execute(sa.delete(ScoreInputs))
    begin(database, at(THE_DAY))
    done = []
    while any(name != "tell_run" for name, _ in work):
        work.sort(key=lambda job: job[0] == "tell_run")
        name, ids = work.pop(0)
        for _ in range(2):
            with database.writing() as session:
                done.append((name, BY_NAME[name].run(TOOLS, session, at(THE_DAY), *ids)))
    with database.reading() as session:
        run = session.scalars(sa.select(ScoreRun)).one()
        assert run.state == CURRENT
        assert run_scores(session, run.id) == expected
        assert work == [("tell_run", (str(run.id), 0))]
    assert ("score_run", "current") in done
    assert done[-1] == ("score_run", "over")


def test_the_hourly_job_asks_for_the_next_hour_and_tells_of_the_run(database: Database) -> None:
    job = next(job for job in HOURLY if job.name == "rescore_yearly")
    with database.writing() as session:
        assert job.run(TOOLS, session, at(THE_DAY)) == "begun"
        assert "rescore_yearly:2027-01-15T10" in queued(session)
        run_id = session.scalars(sa.select(ScoreRun.id)).one()
        while (session.get_one(ScoreRun, run_id)).state != CURRENT:
            BY_NAME["pack_inputs"].run(TOOLS, session, at(THE_DAY), str(run_id), "first")
            BY_NAME["score_run"].run(TOOLS, session, at(THE_DAY), str(run_id), 0)
        assert BY_NAME["tell_run"].run(TOOLS, session, at(THE_DAY), str(run_id), 0) == "0"
        enqueue(session, "tell_run", run_id, 0, key=f"tell:{run_id}:0")


def test_a_job_that_the_command_overtook_has_nothing_left_to_do(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite_database.writing() as session:
        run_id = begin_run(session, actor=system_actor(), wish=WISH, now=at(THE_DAY)).run_id

    def overtaken(session: object, **others: object) -> None:
        raise StateConflict("this run is current")

    monkeypatch.setattr(relay, "finish_run", overtaken)
    with sqlite_database.writing() as session:
        assert relay.score_run(session, run_id=run_id, turn=0, now=at(THE_DAY)) == "over"
