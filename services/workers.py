"""What every worker does besides its jobs: it says that it lives, takes over from the silent, seals the journal."""

import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from services.accounts.codes import settle_codes
from services.accounts.sessions import IDLE, settle_sessions
from services.database import Database, shared_clock
from services.jobs import WorkerHeartbeat, bring_forward
from services.journal.sealing import BATCH, seal_entries, sealing_is_due

LEAP = timedelta(minutes=2)
FORGOTTEN_AFTER = timedelta(days=1)
log = structlog.get_logger("usrati.workers")


@dataclass(frozen=True)
class Rhythm:
    """How often a worker beats, after what silence its work is taken over, how often queues are read,
    how often the journal is sealed, how often what is over is closed."""

    beat: timedelta = timedelta(seconds=5)
    silence: timedelta = timedelta(seconds=40)
    poll: timedelta = timedelta(milliseconds=250)
    seal: timedelta = timedelta(seconds=2)
    settle: timedelta = timedelta(seconds=30)

    @property
    def taken_over_within(self) -> timedelta:
        """The longest that a dead worker's job waits for another: it may die right after a beat."""
        return self.silence + self.beat + self.poll


class Work(Protocol):
    """The jobs that were begun, on every machine, as the pulse asks about them."""

    def begun(self) -> Mapping[str, str]:
        """Each job that was begun and has not ended, and the worker that has it."""

    def in_hand(self) -> Collection[str]:
        """The jobs that this process runs."""

    def queue_again(self, job: str, worker: str) -> None:
        """Queue one job once more, if it is still that worker's."""


def beat(session: Session, *, executor_id: str, now: datetime) -> None:
    """Say that this worker lives."""
    session.merge(WorkerHeartbeat(executor_id=executor_id, seen_at=now))
    session.flush()


def living_workers(session: Session, *, silence: timedelta, now: datetime) -> frozenset[str]:
    """The workers that were heard of within ``silence``; ``now`` is by the shared clock, as each beat is."""
    # A beat of the future was made before the clock was set back: whoever lives beats again soon.
    heard_of = WorkerHeartbeat.seen_at.between(now - silence, now + silence)
    chosen = sa.select(WorkerHeartbeat.executor_id).where(heard_of)
    return frozenset(session.scalars(chosen))


def forget_worker(session: Session, *, executor_id: str, now: datetime) -> None:
    """Remove a worker that stopped with nothing left to do, and those silent for a day."""
    long_silent = WorkerHeartbeat.seen_at <= now - FORGOTTEN_AFTER
    session.execute(sa.delete(WorkerHeartbeat).where((WorkerHeartbeat.executor_id == executor_id) | long_silent))


class Pulse(threading.Thread):
    """Beats for one worker until ``stop``, and has the work of silent ones queued again.

    A silent worker is one that was not heard of for a while by the clock of the database: what
    the clock of a machine says matters to nobody. What was queued for this worker itself and
    never begun by it (a server that died while it answered) is queued again after the same while.
    """

    def __init__(
        self, database: Database, executor_id: str, *, rhythm: Rhythm, work: Work, stop: threading.Event
    ) -> None:
        super().__init__(name="pulse", daemon=True)
        self._database = database
        self._executor_id = executor_id
        self._rhythm = rhythm
        self._work = work
        self._stop_asked = stop
        self._heard_at = time.monotonic()
        self._strays: dict[str, float] = {}

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
        with self._database.writing() as session:
            now = shared_clock(session)
            beat(session, executor_id=self._executor_id, now=now)
            living = living_workers(session, silence=self._rhythm.silence, now=now)
        heard_before, self._heard_at = self._heard_at, time.monotonic()
        if self._heard_at - heard_before > self._rhythm.silence.total_seconds() / 2:
            # The database was away, or this machine slept: the others may beat first.
            return
        begun = self._work.begun()
        lost = {job: worker for job, worker in begun.items() if worker not in living}
        if lost:
            log.warning("worker_silent", workers=sorted(set(lost.values())))
        for job, worker in (lost | self._find_strays(begun)).items():
            self._work.queue_again(job, worker)

    def _find_strays(self, begun: Mapping[str, str]) -> dict[str, str]:
        ours = {job for job, worker in begun.items() if worker == self._executor_id}
        missing = ours.difference(self._work.in_hand())
        self._strays = {job: self._strays.get(job, self._heard_at) for job in missing}
        patience = self._rhythm.silence.total_seconds()
        strays = [job for job, since in self._strays.items() if self._heard_at - since > patience]
        if strays:
            log.warning("jobs_never_begun", count=len(strays))
        return dict.fromkeys(strays, self._executor_id)


class Caretaker(threading.Thread):
    """Ends what time has ended, so that no clock that is set back later brings it to life again."""

    def __init__(self, database: Database, *, every: timedelta, stop: threading.Event) -> None:
        super().__init__(name="caretaker", daemon=True)
        self._database = database
        self._every = every
        self._stop_asked = stop
        self._clock = SteadyClock()

    def run(self) -> None:
        """Look around until ``stop``. A database that is away for a while ends nothing."""
        while not self._stop_asked.wait(self._every.total_seconds()):
            try:
                self.turn(datetime.now(UTC))
            except Exception as error:
                log.warning("nothing_settled", error=type(error).__name__)

    def turn(self, now: datetime) -> None:
        """Settle codes, sessions and short waits, each in a transaction of its own."""
        leapt = self._clock.leapt_ahead(now)
        for settle in (settle_codes, bring_forward) if leapt else (settle_codes, bring_forward, settle_sessions):
            with self._database.writing() as session:
                settled = settle(session, now=now)
            if settled:
                log.info("settled", what=settle.__name__, count=settled)


class SteadyClock:
    """Notices a clock that leaps ahead: nobody was idle for that long, and it may leap back."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self._trusted_from = 0.0

    def leapt_ahead(self, now: datetime) -> bool:
        """Whether it did within the last half hour of time that really passed."""
        steady = time.monotonic()
        if self._last is not None:
            leap = (now - self._last[0]).total_seconds() - (steady - self._last[1])
            if leap > LEAP.total_seconds():
                self._trusted_from = steady + IDLE.total_seconds()
                log.warning("clock_leapt_ahead", seconds=round(leap))
        self._last = (now, steady)
        return steady < self._trusted_from


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
