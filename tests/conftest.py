"""Real databases for every test: SQLite in a file, and a throw-away PostgreSQL cluster."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import psycopg
import pytest
from sqlalchemy.orm import Session

from portal.counts import SHARED_IN
from services import crypto
from services.database import Database
from services.migrations import migrate
from services.settings import Settings, load_settings
from tests.postgresql import CARELESS, PostgreSQL

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("usrati", deadline=None)
hypothesis.settings.load_profile("usrati")
NOW = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
# As a replica: no trigger and no foreign key is asked, so the order of the tables is all the same.
EMPTY_EVERY_TABLE = """
SET session_replication_role = replica;
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'dbos')
    AND tablename NOT IN ('alembic_version', 'dbos_migrations', 'application_versions')
    AND pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 0
  LOOP EXECUTE format('DELETE FROM %I.%I', t.schemaname, t.tablename); END LOOP;
END $$
"""
TESTS = Path(__file__).parent
# What takes longest begins first. What starts many processes stays on one worker of several.
FIRST = ("faults", "deploy", "services/test_workflows.py", "services/backups", "services/generation")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers (``-n 2 --dist loadgroup``) the tests of a file stay together, those of faults too."""
    for item in items:
        place = item.path.relative_to(TESTS).as_posix()
        item.add_marker(pytest.mark.xdist_group("faults" if place.startswith("faults/") else place))
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    place = item.path.relative_to(TESTS).as_posix()
    return next((turn for turn, first in enumerate(FIRST) if place.startswith(first)), len(FIRST))


@pytest.fixture(autouse=True)
def _counts_in_memory() -> Iterator[None]:
    """A command that starts a server has its process count in files; the tests after it count here."""
    yield
    os.environ.pop(SHARED_IN, None)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Demo settings in a folder of their own; the keys are installed."""
    settings = load_settings({"USRATI_DATA_DIR": str(tmp_path_factory.mktemp("var"))})
    crypto.install_keys(settings)
    return settings


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.write_engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a cluster that lives as long as the tests do."""
    server = PostgreSQL(tmp_path_factory.mktemp("postgresql"), *CARELESS)
    server.start()
    yield server.url()
    server.stop()


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str) -> str:
    """A migrated database on the cluster."""
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE usrati")
    url = postgresql_server.rsplit("/", 1)[0] + "/usrati"
    database = Database(url)
    migrate(database)
    database.dispose()
    return url


def _sqlite_database(template: Path, folder: Path) -> Database:
    shutil.copy(template, folder / "usrati.db")
    return Database(f"sqlite:///{folder}/usrati.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        database = _sqlite_database(request.getfixturevalue("sqlite_template"), tmp_path)
    else:
        url = request.getfixturevalue("postgresql_url")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(EMPTY_EVERY_TABLE)
        database = Database(url)
    yield database
    database.dispose()


@pytest.fixture
def sqlite_database(settings: Settings, sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite database, for what does not depend on the kind."""
    database = _sqlite_database(sqlite_template, tmp_path)
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session that the test may commit."""
    with database.writing() as session:
        yield session
