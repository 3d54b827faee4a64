"""Bringing a database to the tables of this version."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from dbos import DBOS
from sqlalchemy.orm import Session

from services.database import Database

# Of all who take PostgreSQL's advisory locks, a migration is known by this number.
ADVISORY_KEY = 0x7573_7261_7469
ASK_AGAIN_SECONDS = 0.2


def migrate(database: Database, *, waiting: Callable[[], None] = lambda: None) -> None:
    """Create or upgrade every table, the queue's own included. Safe to run again, also after a kill.

    One at a time: where another migrates this database, ``waiting`` is called and its end awaited.
    """
    if database.url.get_backend_name() == "sqlite" and database.url.database:
        Path(database.url.database).parent.mkdir(parents=True, exist_ok=True)
    config = _config()
    with _alone(database, waiting):
        DBOS.migrate(system_database_url=database.url.render_as_string(hide_password=False))
        # Ours come last, in one transaction: a database of this revision has every table.
        with database.write_engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()


def version_fault(session: Session) -> str | None:
    """Why this program cannot work with the tables that there are, in a sentence; None where it can."""
    found = revision_of(session)
    if found == newest_revision():
        return None
    if found is None:
        return "the database has not the tables of this version: run `usrati migrate` first"
    if is_known(found):
        return (
            f"the database is of an older version ({found}) than this program ({newest_revision()}):"
            " run `usrati migrate` first"
        )
    return f"the database is of a newer version ({found}) than this program ({newest_revision()}): install that version"


@cache
def newest_revision() -> str | None:
    """The revision to which :func:`migrate` brings a database."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revision_of(session: Session) -> str | None:
    """The revision that a database has now; None before its first migration."""
    if not sa.inspect(session.connection()).has_table("alembic_version"):
        return None
    found: str | None = session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def is_known(revision: str) -> bool:
    """Whether this version of the program has ``revision``."""
    script = ScriptDirectory.from_config(_config())
    return revision in {known.revision for known in script.walk_revisions()}


@contextmanager
def _alone(database: Database, waiting: Callable[[], None]) -> Iterator[None]:
    if database.url.get_backend_name() == "sqlite":
        descriptor = os.open(f"{database.url.database}.migrating", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
        return
    # A connection of its own, closed for good afterwards: who is killed here lets go of the lock.
    engine = sa.create_engine(database.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
    with engine.connect() as connection:
        free = sa.select(sa.func.pg_try_advisory_lock(ADVISORY_KEY))
        if not connection.scalar(free):
            waiting()
            # Asked again and again: who waits inside a statement is himself waited for, by indexes made concurrently.
            while not connection.scalar(free):
                time.sleep(ASK_AGAIN_SECONDS)
        yield


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
