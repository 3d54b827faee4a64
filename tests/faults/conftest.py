"""Machines and servers that a test may kill."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.settings import Settings
from tests.faults.cluster import Machine, machines
from tests.postgresql import PostgreSQL

MakeMachines = Callable[..., list[Machine]]


@pytest.fixture
def killable_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    """A cluster that keeps what it promised, also when it is killed."""
    server = PostgreSQL(tmp_path_factory.mktemp("killable"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def make_machines(settings: Settings, tmp_path: Path) -> Iterator[MakeMachines]:
    """Make machines on a database: ``make_machines(url, 2)``. The database is migrated; nothing runs yet."""
    made: list[Machine] = []

    def make(database_url: str | None, count: int = 1) -> list[Machine]:
        made.extend(machines(tmp_path, database_url, count))
        made[0].command("migrate")
        return made

    yield make
    for machine in made:
        machine.stop()
