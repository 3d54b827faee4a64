"""Whether this process could serve a family now: what a deployment and an alarm ask every few seconds."""

import shutil
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.crypto.custody import key_faults
from services.database import Database, shared_clock
from services.migrations import newest_revision, revision_of
from services.workers import Rhythm, living_workers

DATABASE, MIGRATIONS, KEYS, WORKER, DISK = "database", "migrations", "keys", "worker", "disk"
# What a few minutes of answers, their journal and their messages take.
LEAST_ROOM = 16 * 1024 * 1024


def find_unready(database: Database) -> tuple[str, ...]:
    """What is not as it must be, by name; empty where all is ready.

    ``database`` does not answer, ``migrations`` are missing, ``keys`` do not fit the data, no
    ``worker`` was heard of for most of a minute; a SQLite file's ``disk`` is full.
    """
    try:
        with database.reading() as session:
            return (*_find_in(session), *_find_full(database))
    except SQLAlchemyError:
        return (DATABASE,)


def _find_full(database: Database) -> tuple[str, ...]:
    if database.url.get_backend_name() != "sqlite":
        return ()
    folder = Path(database.url.database or "").absolute().parent
    return (DISK,) if shutil.disk_usage(folder).free < LEAST_ROOM else ()


def _find_in(session: Session) -> tuple[str, ...]:
    if revision_of(session) != newest_revision():
        return (MIGRATIONS,)
    unready = []
    if key_faults(session):
        unready.append(KEYS)
    if not living_workers(session, silence=Rhythm().silence, now=shared_clock(session)):
        unready.append(WORKER)
    return tuple(unready)
