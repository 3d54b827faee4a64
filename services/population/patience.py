"""How long anybody waits for the population register, and how many may wait at once.

The register may be slow without being away. Whoever asks it waits a few seconds, then it counts as
not available now; and only so many of a process's threads wait, so that the others go on answering
families whose page needs no register.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa
from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from services.errors import Unavailable

# Decided on 2026-11-22: a yes or no takes milliseconds; who waits for longer on a page believes it broken.
ANSWERS_WITHIN = timedelta(seconds=3)
MOST_WAITING = 4
# An ordinary crowd is through in less; a crowd that is not waits for a register that is slow.
PLACE_WITHIN = timedelta(milliseconds=500)
TOO_LATE = (QueryCanceled, LockNotAvailable)

_places = threading.BoundedSemaphore(MOST_WAITING)


@contextmanager
def asking(session: Session) -> Iterator[sa.Connection]:
    """The connection on which to ask the register one thing.

    Raises Unavailable where it does not answer in time, or where too many wait already. What the
    caller's transaction did before stays. On SQLite the register is a table of the same file, and
    no server's waiting: there is nothing to bound.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        yield connection
        return
    if not _places.acquire(timeout=PLACE_WITHIN.total_seconds()):
        raise Unavailable("the population register")
    try:
        yield from _within_time(connection)
    finally:
        _places.release()


def _within_time(connection: sa.Connection) -> Iterator[sa.Connection]:
    limit = int(ANSWERS_WITHIN.total_seconds() * 1000)
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {limit}")
            yield connection
            connection.exec_driver_sql("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.orig, TOO_LATE):
            raise Unavailable("the population register") from None
        raise
