"""What a balancer and an alarm are told."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from services import crypto
from services.crypto.custody import hold_keys
from services.database import Database, shared_clock
from services.health.readiness import find_unready
from services.population.models import Person
from services.settings import load_settings
from services.workers import beat
from tests.portal.conftest import Portal


def ask(portal: Portal, path: str) -> tuple[int, str]:
    answer = portal.app.test_client().get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, answer.text


@pytest.fixture
def worked(portal: Portal) -> Portal:
    with portal.database.writing() as session:
        beat(session, executor_id="one", now=datetime.now(UTC))
    # As `usrati migrate` does.
    assert hold_keys(portal.database, now=datetime.now(UTC)) == []
    return portal


def test_a_living_process_says_so_without_asking_anybody(portal: Portal) -> None:
    portal.database.dispose()
    assert ask(portal, "/healthz") == (200, "alive\n")


def test_a_whole_installation_is_ready(worked: Portal) -> None:
    assert ask(worked, "/readyz") == (200, "ready\n")


def test_without_a_worker_for_a_minute_it_is_not_ready(worked: Portal, clock: object) -> None:
    clock.shift(timedelta(seconds=61))  # type: ignore[attr-defined]
    assert ask(worked, "/readyz") == (503, "not ready: worker\n")


def test_a_database_of_another_version_is_not_ready(worked: Portal) -> None:
    with worked.database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    assert ask(worked, "/readyz") == (503, "not ready: migrations\n")


@pytest.mark.parametrize("lost", ["USRATI_SECRET_KEY", "USRATI_ENCRYPTION_KEYS"])
def test_keys_that_are_not_those_of_the_data_are_not_ready(worked: Portal, lost: str) -> None:
    other = {"USRATI_SECRET_KEY": "x" * 40, "USRATI_ENCRYPTION_KEYS": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg="}
    try:
        crypto.install_keys(load_settings({lost: other[lost]}))
        assert ask(worked, "/readyz") == (503, "not ready: keys\n")
    finally:
        crypto.install_keys(worked.settings)


def test_where_nobody_is_registered_any_key_fits(database: Database) -> None:
    with database.writing() as session:
        beat(session, executor_id="one", now=shared_clock(session))
        assert session.scalar(sa.select(sa.func.count(Person.id))) == 0
    assert find_unready(database) == ()


def test_a_database_that_is_away_is_not_ready() -> None:
    away = Database("postgresql://nobody@127.0.0.1:9/usrati")
    assert find_unready(away) == ("database",)


def test_an_empty_database_wants_its_migrations(tmp_path: object) -> None:
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    assert find_unready(empty) == ("migrations",)
    empty.dispose()
