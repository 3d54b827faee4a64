"""SQLite: a copy of one moment, taken while others read and write."""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from services.backups.errors import BackupError
from services.backups.manifest import count_rows
from services.database import Database, taking_turns

FILE = "database.sqlite"


def save(database: Database, folder: Path) -> dict[str, int]:
    """Write the database into ``folder``; returns the rows of each table of the copy."""
    target = folder / FILE
    with closing(sqlite3.connect(f"{path_of(database).as_uri()}?mode=ro", uri=True)) as source:
        with closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise BackupError(f"the database {path_of(database)} is damaged")
    return _count(target)


def load(folder: Path, database: Database) -> None:
    """Put the copy of ``folder`` in the place of the database, whole or not at all."""
    target = path_of(database)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.restoring")
    beside.write_bytes(b"")
    beside.chmod(0o600)
    with closing(sqlite3.connect(folder / FILE)) as source, closing(sqlite3.connect(beside)) as copy:
        source.backup(copy)
    database.dispose()
    with taking_turns(database):
        for leftover in ("-wal", "-shm"):
            target.with_name(target.name + leftover).unlink(missing_ok=True)
        beside.replace(target)


def path_of(database: Database) -> Path:
    """The database's file."""
    return Path(database.url.database or "").absolute()


def _count(path: Path) -> dict[str, int]:
    engine = sa.create_engine(f"sqlite:///{path}")
    try:
        with sa.orm.Session(engine) as session:
            return count_rows(session)
    finally:
        engine.dispose()
