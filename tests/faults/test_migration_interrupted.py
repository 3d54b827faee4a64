"""A migration that was killed anywhere is made good by the next one; two at once are one after the other."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from services.database import Database
from services.migrations import version_fault
from tests.architecture.test_migrations import differences, every_table, tables_of
from tests.faults.cluster import ROOT
from tests.faults.conftest import MakeMachines

KILLED = "killed 9"
SAMPLES = 3
NewDatabase = Callable[[], str]


class Migrator:
    """A process that migrates what it is told, in children that may die."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.faults.migrate_and_die"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def migrate(self, url: str, *, die_at: int = 0) -> str:
        """How many statements it took, or how it ended."""
        self.begin(url, die_at=die_at)
        return self.end()

    def begin(self, url: str, *, die_at: int = 0) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{die_at} {url}\n")
        self.process.stdin.flush()

    def end(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def stop(self) -> None:
        self.process.communicate(timeout=30)


@pytest.fixture
def migrator() -> Iterator[Migrator]:
    migrator = Migrator()
    yield migrator
    migrator.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> NewDatabase:
    """Make empty databases."""

    def make() -> str:
        if request.param == "sqlite":
            return f"sqlite:///{tmp_path}/{uuid4().hex}.db"
        server: str = request.getfixturevalue("postgresql_server")
        name = f"migrated_{uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        return f"{server.rsplit('/', 1)[0]}/{name}"

    return make


def check_migrated(url: str, queues: set[str]) -> None:
    """The tables are those of the models and of the queue, and every index is whole."""
    database = Database(url)
    assert differences(database) == []
    assert set(every_table().tables) <= tables_of(database)
    assert tables_of_queue(database) == queues
    with database.reading() as session:
        assert version_fault(session) is None
        if database.url.get_backend_name() != "sqlite":
            broken = "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"
            assert session.scalars(sa.text(broken)).all() == []
    database.dispose()


def tables_of_queue(database: Database) -> set[str]:
    ours = set(every_table().tables)
    if database.url.get_backend_name() == "sqlite":
        return {name for name in tables_of(database) if name not in ours}
    with database.read_engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names(schema="dbos"))


def interrupt(migrator: Migrator, new_database: NewDatabase, choose: Callable[[range], list[int]]) -> None:
    whole = new_database()
    statements = int(migrator.migrate(whole))
    assert statements > 30
    database = Database(whole)
    queues = tables_of_queue(database)
    database.dispose()
    for number in choose(range(1, statements + 1)):
        url = new_database()
        assert migrator.migrate(url, die_at=number) == KILLED, number
        assert migrator.migrate(url).isdecimal(), number
        check_migrated(url, queues)


def test_a_killed_migration_is_made_good_by_the_next(migrator: Migrator, new_database: NewDatabase) -> None:
    interrupt(migrator, new_database, lambda every: sorted(random.Random(4).sample(every, SAMPLES)))


@pytest.mark.matrix
def test_a_migration_killed_at_any_statement_is_made_good(migrator: Migrator, new_database: NewDatabase) -> None:
    interrupt(migrator, new_database, list)


def test_two_migrations_at_once_are_one_after_the_other(new_database: NewDatabase) -> None:
    url = new_database()
    nodes = [Migrator() for _ in range(2)]
    for node in nodes:
        node.begin(url)
    assert all(node.end().isdecimal() for node in nodes)
    for node in nodes:
        node.stop()
    database = Database(url)
    check_migrated(url, tables_of_queue(database))
    database.dispose()


@pytest.mark.parametrize(
    ("process", "revision", "said"),
    [
        ("serve", "0001", "older version (0001)"),
        ("worker", "9999", "newer version (9999)"),
        ("worker", None, "migrate"),
    ],
)
def test_nobody_starts_on_tables_of_another_version(
    make_machines: MakeMachines, process: str, revision: str | None, said: str
) -> None:
    [machine] = make_machines(None)
    with machine.database.writing() as session:
        session.execute(sa.text("DELETE FROM alembic_version"))
        if revision:
            session.execute(sa.text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    ended = machine.run(process)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
