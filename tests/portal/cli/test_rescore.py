"""``usrati rescore`` as its operator meets it."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from portal.cli import main
from services.database import Database
from services.journal import system_actor
from services.scoring.bulk.driving import alone
from services.scoring.bulk.runs import Wish, begin_run
from services.scoring.models import CURRENT, RunScore, ScoreInputs, ScoreRun
from tests.portal.cli.conftest import Usrati
from tests.services.scoring.bulk.countries import MODEL, populate

BEGIN = ("rescore", "--model", MODEL.id, "--on", "2026-06-15")


@pytest.fixture
def sqlite_usrati(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> Usrati:
    monkeypatch.setenv("USRATI_DATABASE_URL", sqlite_database.url.render_as_string(hide_password=False))
    return lambda *words: CliRunner().invoke(main, words, catch_exceptions=False)


def test_a_country_is_rescored_in_one_command(database: Database, usrati: Usrati) -> None:
    populate(database)
    with database.writing() as session:
        broken = session.scalars(sa.select(ScoreInputs).limit(1)).one()
        broken.packed = b"?"
        households = session.scalar(sa.select(sa.func.count()).select_from(ScoreInputs)) or 0
    said = usrati(*BEGIN, "--takes-effect", "2026-07-01")
    assert said.exit_code == 0, said.output
    assert f"scored {households - 1} households, 0 of them because they changed meanwhile" in said.stdout
    assert "left out 1 that cannot be read" in said.stdout
    assert "reading 0." in said.stdout
    assert f"current: {MODEL.id} on 2026-06-15, in effect from 2026-07-01" in said.stdout
    assert said.stderr == f"left out: household {broken.household_id}\n"
    with database.reading() as session:
        run = session.scalars(sa.select(ScoreRun)).one()
        assert (run.state, run.takes_effect_on, run.cause) == (CURRENT, date(2026, 7, 1), "formula")


def test_a_rehearsal_says_the_same_and_writes_nothing(database: Database, usrati: Usrati) -> None:
    populate(database)
    said = usrati(*BEGIN, "--dry-run")
    assert said.exit_code == 0, said.output
    with database.reading() as session:
        households = session.scalar(sa.select(sa.func.count()).select_from(ScoreInputs))
        assert f"would score {households} households and leave out 0" in said.stdout
        assert session.scalars(sa.select(ScoreRun)).all() == session.scalars(sa.select(RunScore)).all() == []


def test_an_interrupted_run_is_gone_on_with_or_given_up(database: Database, usrati: Usrati) -> None:
    with database.writing() as session:
        wish = Wish(MODEL.id, date(2026, 6, 15), date(2026, 6, 15))
        begin_run(session, actor=system_actor(), wish=wish, now=datetime(2026, 6, 15, tzinfo=UTC))
    other = usrati("rescore", "--model", MODEL.id, "--on", "2026-06-16")
    assert (other.exit_code, other.stderr) == (
        2,
        f"usrati rescore: a run of {MODEL.id} on 2026-06-15 is under way since 2026-06-15 00:00\n",
    )
    assert "(0 of them before it was interrupted)" in usrati(*BEGIN).stdout
    assert usrati("rescore", "--abandon").stderr == "usrati rescore: no run is under way\n"
    with database.writing() as session:
        begin_run(session, actor=system_actor(), wish=wish, now=datetime(2026, 6, 15, tzinfo=UTC))
    assert "is abandoned, and what it computed is gone" in usrati("rescore", "--abandon").stdout


def test_a_second_run_at_once_says_that_one_is_under_way(database: Database, usrati: Usrati) -> None:
    with alone(database):
        for words in (BEGIN, ("rescore", "--abandon")):
            said = usrati(*words)
            assert (said.exit_code, said.stderr) == (
                2,
                "usrati rescore: a run is under way: another process computes it now\n",
            )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "needs --model ID and --on DATE, or --abandon alone"),
        (("--model", MODEL.id), "needs --model ID and --on DATE, or --abandon alone"),
        (("--abandon", "--model", MODEL.id, "--on", "2026-06-15"), "or --abandon alone"),
        (("--model", "none", "--on", "2026-06-15"), f"no active model 'none'; there is {MODEL.id}"),
        (("--model", MODEL.id, "--on", "2022-12-31"), "not yet on 2022-12-31"),
        (("--model", MODEL.id, "--on", "2022-12-31", "--dry-run"), "not yet on 2022-12-31"),
        (("--model", MODEL.id, "--on", "9999-01-01"), "more than a year away"),
        (("--model", MODEL.id, "--on", "2026-06-15", "--takes-effect", "2026-06-14"), "cannot take effect before it"),
    ],
)
def test_bad_input_is_one_line(sqlite_usrati: Usrati, words: tuple[str, ...], says: str) -> None:
    said = sqlite_usrati("rescore", *words)
    assert (said.exit_code, said.stderr.count("\n")) == (2, 1)
    assert says in said.stderr
