"""A journal from before the chain is sealed as it stands, and guarded from then on."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import services.migrations
from services.database import Database
from services.journal.sealing import seal_entries
from services.settings import Settings
from tests.services.journal.chains import entry_ids, findings, sql, verified, write

BEFORE_THE_CHAIN = "0003"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Database]:
    """A database of its own, without any table."""
    url = f"sqlite:///{tmp_path}/old.db"
    if request.param == "postgresql":
        server: str = request.getfixturevalue("postgresql_server")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE before_the_chain")
        url = server.rsplit("/", 1)[0] + "/before_the_chain"
    database = Database(url)
    yield database
    database.dispose()


def test_entries_from_before_the_chain_are_sealed_as_they_stand(empty: Database, now: datetime) -> None:
    bring_to(empty, BEFORE_THE_CHAIN)
    for number in range(3):
        sql(
            empty,
            "INSERT INTO journal_entries (at, capacity, action, details) VALUES (:at, 'system', :action, '{}')",
            at=now.strftime("%Y-%m-%d %H:%M:%S.000000"),
            action=f"old.{number}",
        )
    bring_to(empty, "head")
    old = entry_ids(empty)
    with empty.writing() as session:
        write(session, 2, now)
        assert seal_entries(session, now=now) == 5
    assert verified(empty).findings == []
    sql(empty, "UPDATE journal_entries SET action = 'old.9' WHERE id = :id", id=old[1])
    sql(empty, "INSERT INTO journal_entries (at, capacity, action, details) SELECT at, 'system', 'x', '{}'"
               " FROM journal_entries WHERE id = :id", id=old[0])  # fmt: skip
    found = findings(empty)
    assert found[0] == f"entry {old[1]} was changed after it was sealed"
    assert found[1].startswith(f"entry {entry_ids(empty)[-1]} was inserted")


def bring_to(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(services.migrations.__file__).parent))
    with database.write_engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    with database.reading() as session:
        assert session.scalar(sa.text("SELECT version_num FROM alembic_version"))
