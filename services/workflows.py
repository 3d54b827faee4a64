"""What the worker runs: every job is one writing transaction around one service function.

Killed anywhere, a job is wholly done or wholly not; what was in hand is queued again and sees
from the state what is left to do. A job that fails unexpectedly comes back later, for ever.
"""

import secrets
import signal
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter

import structlog
from dbos import DBOS
from dbos._dbos import _get_dbos_instance
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from services import crypto, jobs
from services.database import Database, Patience, shared_clock
from services.errands import HOURLY, JOBS, Job, Render, Tools, queue_for_hour
from services.logs import place_of
from services.measures import JOBS_RUN, count_once_committed
from services.messaging.gateways import gateway_for
from services.messaging.pace import Pace
from services.settings import Settings
from services.workers import Caretaker, Pulse, Rhythm, Sealer, beat, forget_worker

BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600, 3600))
CONCURRENCY = {jobs.QUEUE_CODES: 8, jobs.QUEUE_CASES: 8, jobs.QUEUE_NEWS: 8}
DRAIN_SECONDS = 20
# Nobody waits before a screen; what takes longer comes back later.
PATIENCE = Patience(timedelta(seconds=30), lock=timedelta(seconds=30), statement=timedelta(minutes=5))
BEGIN_AGAIN_SECONDS = 2
log = structlog.get_logger("usrati.workflows")


class Abandoned(BaseException):
    """The worker stops while a job could be neither done nor queued again: it stays in hand."""


def run_worker(settings: Settings, render: Render, *, rhythm: Rhythm | None = None) -> None:
    """Work until SIGTERM or SIGINT, then finish what is in hand. Called in the main thread."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work_until(stop, settings, render, rhythm=rhythm or Rhythm())


def work_until(stop: threading.Event, settings: Settings, render: Render, *, rhythm: Rhythm) -> None:
    """Work until ``stop`` is set. One worker a process."""
    crypto.install_keys(settings)
    database = Database(settings.database_url, patience=PATIENCE)
    executor_id = f"{socket.gethostname()[:40]}-{secrets.token_hex(8)}"
    pace = Pace(database, settings.sms_per_second, stop)
    tools = Tools(gateway_for(settings), render, pace.wait, settings.public_url, settings.scores_told_per_minute)
    for job in JOBS:
        DBOS.workflow(name=job.name, max_recovery_attempts=None)(_as_workflow(job, tools, database, stop))
    # Beating before taking any work: whoever holds work and has no fresh beat is silent.
    while not _has_begun(database, executor_id):
        if stop.wait(BEGIN_AGAIN_SECONDS):
            return
    _launch(database, executor_id, rhythm)
    pulse = Pulse(database, executor_id, rhythm=rhythm, work=DurableWork(), stop=stop)
    pulse.start()
    sealer = Sealer(database, every=rhythm.seal)
    sealer.start()
    Caretaker(database, every=rhythm.settle, stop=stop).start()
    log.info("worker_started", worker=executor_id)
    stop.wait()
    _stop(database, executor_id, pulse, sealer)


def _has_begun(database: Database, executor_id: str) -> bool:
    try:
        with database.writing() as session:
            beat(session, executor_id=executor_id, now=shared_clock(session))
            for job in HOURLY:
                queue_for_hour(session, job.name, datetime.now(UTC))
    except SQLAlchemyError as error:
        # It is away, or its disk is full: it comes back.
        log.warning("worker_waits_for_database", error=type(error).__name__)
        return False
    return True


def _launch(database: Database, executor_id: str, rhythm: Rhythm) -> None:
    DBOS(
        config={
            "name": jobs.APPLICATION,
            "system_database_engine": database.write_engine,
            "application_version": jobs.APPLICATION_VERSION,
            "executor_id": executor_id,
            "serializer": jobs.JsonSerializer(),
            "run_migrations": False,
            "use_listen_notify": False,
            "log_level": "WARNING",
        }
    )
    DBOS.launch()
    for queue in jobs.QUEUES:
        DBOS.register_queue(
            queue,
            polling_interval_sec=rhythm.poll.total_seconds(),
            worker_concurrency=CONCURRENCY[queue],
            on_conflict="always_update",
        )


def _stop(database: Database, executor_id: str, pulse: Pulse, sealer: Sealer) -> None:
    DBOS.destroy(workflow_completion_timeout_sec=DRAIN_SECONDS)
    pulse.join()
    sealer.finish()
    # Without a beat, whatever could not be finished is taken over at once.
    with database.writing() as session:
        forget_worker(session, executor_id=executor_id, now=shared_clock(session))
    database.dispose()
    log.info("worker_stopped", worker=executor_id)


class DurableWork:
    """The jobs of every worker, as the pulse asks about them."""

    def begun(self) -> dict[str, str]:
        """Each job that was begun and has not ended, and the worker that has it."""
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {workflow.workflow_id: workflow.executor_id for workflow in pending if workflow.executor_id}

    def in_hand(self) -> list[str]:
        """The jobs that this process runs."""
        return _get_dbos_instance()._active_workflows_set.activeList()

    def queue_again(self, job: str, worker: str) -> None:
        """Queue one job once more, if it is still that worker's."""
        _get_dbos_instance()._sys_db.reenqueue_for_recovery(job, [worker], jobs.QUEUE_CASES)


def _as_workflow(job: Job, tools: Tools, database: Database, stop: threading.Event) -> Callable[..., str]:
    def run(*ids: str | int) -> str:
        begun = perf_counter()
        with bound_contextvars(job=job.name, job_id=DBOS.workflow_id):
            try:
                with database.writing() as session:
                    outcome = job.run(tools, session, datetime.now(UTC), *ids)
                    count_once_committed(session, JOBS_RUN, job.name, "done")
            except Exception as error:
                log.error("job_failed", error=type(error).__name__, where=place_of(error.__traceback__))
                JOBS_RUN.labels(job.name, "failed").inc()
                outcome = _put_back(job, ids, database, stop)
            log.info("job", outcome=outcome, ms=round((perf_counter() - begun) * 1000, 1))
        return outcome

    return run


def _put_back(job: Job, ids: tuple[str | int, ...], database: Database, stop: threading.Event) -> str:
    first_key, _, tries = str(DBOS.workflow_id).partition("~")
    failed = int(tries or 0)
    delay = BACK_OFF[min(failed, len(BACK_OFF) - 1)]
    while True:
        try:
            with database.writing() as session:
                jobs.enqueue(session, job.name, *ids, queue=job.queue, key=f"{first_key}~{failed + 1}", delay=delay)
            return "put_back"
        except Exception as error:
            log.error("job_not_put_back", error=type(error).__name__)
            if stop.wait(delay.total_seconds()):
                raise Abandoned(job.name) from None
