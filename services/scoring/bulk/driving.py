"""A whole run by one process, as the command has it: begun or gone on with, batch by batch, made current."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from uuid import UUID

import sqlalchemy as sa

from services.database import Database
from services.errors import StateConflict
from services.journal import Actor
from services.scoring.bulk.runs import Begun, Finished, Wish, begin_run, finish_run, pack_next, score_next
from services.scoring.bulk.scoring import Progress, Seconds
from services.scoring.inputs import count_inputs

Clock = Callable[[], datetime]
UNDER_WAY = "a run is under way: another process computes it now"
LOCK = "SELECT pg_try_advisory_lock(hashtext('usrati rescore'))"


@dataclass(frozen=True)
class Rescored:
    """A run from its beginning or resumption to its end. ``unpacked``: declarations that cannot be read."""

    begun: Begun
    finished: Finished
    unpacked: int
    seconds: Seconds


def rescore(
    database: Database, wish: Wish, *, actor: Actor, clock: Clock, progress: Callable[[Progress], None]
) -> Rescored:
    """Compute the run that is wished for and make it current; killed anywhere, it is gone on with by the same call.

    Raises what :func:`begin_run` does, and StateConflict while another process computes.
    """
    with alone(database):
        with database.writing() as session:
            begun = begin_run(session, actor=actor, wish=wish, now=clock())
        seconds = Seconds()
        unpacked = _pack(database, seconds)
        _score(database, begun, seconds, progress)
        started = perf_counter()
        with database.writing() as session:
            finished = finish_run(session, actor=actor, run_id=begun.run_id, now=clock())
        seconds.finishing += perf_counter() - started
    return Rescored(begun, finished, unpacked, seconds)


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Keep every other process from computing a run while the block runs. Raises StateConflict where one does.

    Whoever is killed lets go of it.
    """
    with _turn(database) as free:
        if not free:
            raise StateConflict(UNDER_WAY)
        yield


@contextmanager
def _turn(database: Database) -> Iterator[bool]:
    if database.url.get_backend_name() == "sqlite":
        descriptor = os.open(f"{database.url.database}.rescore.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield _is_locked(descriptor)
        finally:
            os.close(descriptor)
        return
    with database.write_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            yield bool(connection.scalar(sa.text(LOCK)))
        finally:
            # Not back to the pool: the server holds the lock for as long as the connection lives.
            connection.invalidate()


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pack(database: Database, seconds: Seconds) -> int:
    started = perf_counter()
    after: UUID | None = None
    unpacked = 0
    while True:
        with database.writing() as session:
            after, refused = pack_next(session, after=after)
        unpacked += refused
        if after is None:
            seconds.packing += perf_counter() - started
            return unpacked


def _score(database: Database, begun: Begun, seconds: Seconds, progress: Callable[[Progress], None]) -> None:
    with database.reading() as session:
        households = count_inputs(session)
    progress(Progress(households, begun.scored))
    while True:
        started = perf_counter()
        with database.writing() as session:
            step = score_next(session, run_id=begun.run_id)
        taken = step.seconds
        taken.committing = perf_counter() - started - taken.reading - taken.arithmetic - taken.writing
        seconds.add(taken)
        if not step.passed:
            return
        progress(Progress(households, step.passed))
