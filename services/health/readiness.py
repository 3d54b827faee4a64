"""Whether this process could serve a family now: what a deployment and an alarm ask every few seconds."""

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.crypto.custody import key_faults
from services.database import Database, shared_clock
from services.migrations import newest_revision, revision_of
from services.workers import Rhythm, living_workers

DATABASE, MIGRATIONS, KEYS, WORKER = "database", "migrations", "keys", "worker"


def find_unready(database: Database) -> tuple[str, ...]:
    """What is not as it must be, by name; empty where all is ready.

    ``database`` does not answer, ``migrations`` are missing, ``keys`` do not fit the data, no
    ``worker`` was heard of for most of a minute.
    """
    try:
        with database.reading() as session:
            return _find_in(session)
    except SQLAlchemyError:
        return (DATABASE,)


def _find_in(session: Session) -> tuple[str, ...]:
    if revision_of(session) != newest_revision():
        return (MIGRATIONS,)
    unready = []
    if key_faults(session):
        unready.append(KEYS)
    if not living_workers(session, silence=Rhythm().silence, now=shared_clock(session)):
        unready.append(WORKER)
    return tuple(unready)
