"""What every worker does besides its jobs: it says that it lives, takes over from the silent, seals the journal."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from services.database import Database
from services.jobs import WorkerHeartbeat
from services.journal.sealing import BATCH, seal_entries, sealing_is_due

FORGOTTEN_AFTER = timedelta(days=1)
log = structlog.get_logger("usrati.workers")


@dataclass(frozen=True)
class Rhythm:
    """How often a worker beats, after what silence its work is taken over, how often queues are read,
    how often the journal is sealed."""

    beat: timedelta = timedelta(seconds=10)
    silence: timedelta = timedelta(seconds=60)
    poll: timedelta = timedelta(milliseconds=250)
    seal: timedelta = timedelta(seconds=2)


def beat(session: Session, *, executor_id: str, now: datetime) -> None:
    """Say that this worker lives."""
    session.merge(WorkerHeartbeat(executor_id=executor_id, seen_at=now))
    session.flush()


def living_workers(session: Session, *, silence: timedelta, now: datetime) -> frozenset[str]:
    """The workers that were heard of within ``silence``."""
    chosen = sa.select(WorkerHeartbeat.executor_id).where(WorkerHeartbeat.seen_at > now - silence)
    return frozenset(session.scalars(chosen))


def forget_worker(session: Session, *, executor_id: str, now: datetime) -> None:
    """Remove a worker that stopped with nothing left to do, and those silent for a day."""
    long_silent = WorkerHeartbeat.seen_at <= now - FORGOTTEN_AFTER
    session.execute(sa.delete(WorkerHeartbeat).where((WorkerHeartbeat.executor_id == executor_id) | long_silent))


class Pulse(threading.Thread):
    """Beats for one worker until ``stop``, and has the work of silent ones queued again.

    ``busy_workers`` names those who have work in hand; ``take_over`` queues again what the
    named ones had. Taking over twice does nothing: it moves only what is still the silent one's.
    """

    def __init__(
        self,
        database: Database,
        executor_id: str,
        *,
        rhythm: Rhythm,
        busy_workers: Callable[[], Collection[str]],
        take_over: Callable[[list[str]], object],
        stop: threading.Event,
    ) -> None:
        super().__init__(name="pulse", daemon=True)
        self._database = database
        self._executor_id = executor_id
        self._rhythm = rhythm
        self._busy_workers = busy_workers
        self._take_over = take_over
        self._stop_asked = stop

    def run(self) -> None:
        """Beat and look around. A database that is away for a while ends nothing."""
        for turn in count():
            # The first beat was made before any work could be taken; others may be silent already.
            if turn and self._stop_asked.wait(self._rhythm.beat.total_seconds()):
                return
            try:
                self._turn()
            except Exception as error:
                log.warning("pulse_missed", worker=self._executor_id, error=type(error).__name__)

    def _turn(self) -> None:
        now = datetime.now(UTC)
        with self._database.writing() as session:
            beat(session, executor_id=self._executor_id, now=now)
            living = living_workers(session, silence=self._rhythm.silence, now=now)
        silent = sorted(set(self._busy_workers()) - living)
        if silent:
            log.warning("worker_silent", workers=silent)
            self._take_over(silent)


class Sealer(threading.Thread):
    """Seals the journal into its chain until told to finish.

    Every worker has one; whoever comes while another seals has nothing to do.
    """

    def __init__(self, database: Database, *, every: timedelta) -> None:
        super().__init__(name="sealer", daemon=True)
        self._database = database
        self._every = every
        self._finishing = threading.Event()

    def run(self) -> None:
        """Seal what waits, and once more at the end. A database that is away for a while ends nothing."""
        over = False
        while not over:
            over = self._finishing.wait(self._every.total_seconds())
            try:
                while self._seal() == BATCH:
                    pass
            except Exception as error:
                log.warning("journal_not_sealed", error=type(error).__name__)

    def finish(self) -> None:
        """Seal what is there now, then end."""
        self._finishing.set()
        self.join()

    def _seal(self) -> int:
        now = datetime.now(UTC)
        with self._database.reading() as session:
            if not sealing_is_due(session, now=now):
                return 0
        with self._database.writing() as session:
            return seal_entries(session, now=now)
