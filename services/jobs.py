"""Durable work, enqueued in the caller's transaction: committed with it or not at all.

Only this module and ``workflows`` know DBOS. A job is a name and ids, never personal data: its
arguments stand readable in the database.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from dbos import DBOSClient, Serializer
from dbos import EnqueueOptions as Options
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.database import Base
from services.erasing import Erasure
from services.retention import due_before

QUEUE_NEWS = "news"
QUEUE_CODES = "codes"
QUEUE_CASES = "cases"
QUEUES = (QUEUE_CODES, QUEUE_CASES, QUEUE_NEWS)
CLOCKS_DIFFER_BY = timedelta(minutes=1)
SHORT_WAIT = timedelta(minutes=30)
APPLICATION = "usrati"
APPLICATION_VERSION = "1"

_clients: WeakKeyDictionary[sa.Engine, DBOSClient] = WeakKeyDictionary()


class WorkerHeartbeat(Base):
    """A running worker says here that it lives; the work of a silent one is taken over."""

    __tablename__ = "worker_heartbeats"

    executor_id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    seen_at: Mapped[datetime]


class JsonSerializer(Serializer):
    """Arguments and results as JSON: a stored job can be read, and nothing in it can run."""

    def serialize(self, data: Any) -> str:
        """Write ``data``, which holds ids and counts only."""
        return json.dumps(data)

    def deserialize(self, serialized_data: str) -> Any:
        """Read what :meth:`serialize` wrote."""
        return json.loads(serialized_data)

    def name(self) -> str:
        """The name under which stored values say how they were written."""
        return "json"


def enqueue(
    session: Session,
    job: str,
    *ids: UUID | str | int,
    queue: str = QUEUE_CASES,
    key: str | None = None,
    delay: timedelta = timedelta(0),
) -> None:
    """Have a worker run ``job`` with ``ids``, once the caller's transaction commits.

    Two calls with the same ``key`` are one piece of work. ``delay`` is the least time to wait.
    """
    options: Options = {"workflow_name": job, "queue_name": queue, "app_version": APPLICATION_VERSION}
    if key is not None:
        options["workflow_id"] = key
    if delay:
        options["delay_seconds"] = delay.total_seconds()
    arguments = [str(value) if isinstance(value, UUID) else value for value in ids]
    _client(session).enqueue_in_transaction(session, options, *arguments)


def _client(session: Session) -> DBOSClient:
    engine = session.get_bind()
    assert isinstance(engine, sa.Engine)
    if engine not in _clients:
        _clients[engine] = DBOSClient(
            system_database_engine=engine, serializer=JsonSerializer(), application_name=APPLICATION, lazy=True
        )
    return _clients[engine]


@dataclass(frozen=True)
class QueueDepth:
    """What waits in one queue now: how many jobs, and for how long the oldest has waited."""

    waiting: int
    oldest: timedelta


def is_waiting(session: Session, queue: str, *, since: datetime) -> bool:
    """Whether a job written after ``since`` waits in a queue for a worker."""
    table = _table(session, "workflow_status", "queue_name", "status", "created_at")
    found = sa.select(sa.literal(1)).where(
        table.c.queue_name == queue, table.c.status == "ENQUEUED", table.c.created_at > since.timestamp() * 1000
    )
    return session.scalar(found.limit(1)) is not None


def queue_depths(session: Session, *, now: datetime) -> dict[str, QueueDepth]:
    """Each queue's jobs that a worker could take now; those put off until later do not count."""
    table = _table(session, "workflow_status", "queue_name", "status", "created_at")
    found = session.execute(
        sa.select(table.c.queue_name, sa.func.count(), sa.func.min(table.c.created_at))
        .where(table.c.status == "ENQUEUED")
        .group_by(table.c.queue_name)
    )
    depths = {name: QueueDepth(0, timedelta(0)) for name in QUEUES}
    for name, waiting, since in found:
        depths[name] = QueueDepth(waiting, max(now - datetime.fromtimestamp(since / 1000, UTC), timedelta(0)))
    return depths


def bring_forward(session: Session, *, now: datetime) -> int:
    """Have short waits that were begun in a time to come count from now; how many that were.

    The clock was set back: the next try to send a code would come hours late. Deadlines that were
    told to people, which are days away, stay as they were told.
    """
    jobs = _table(session, "workflow_status", "workflow_uuid", "status", "created_at", "delay_until_epoch_ms")
    at, ahead = (int(moment.timestamp() * 1000) for moment in (now, now + CLOCKS_DIFFER_BY))
    wait = jobs.c.delay_until_epoch_ms - jobs.c.created_at
    short = (jobs.c.status == "DELAYED", jobs.c.created_at > ahead, wait <= SHORT_WAIT.total_seconds() * 1000)
    if not session.scalar(sa.select(sa.exists(sa.select(jobs.c.workflow_uuid).where(*short)))):
        return 0
    moved = sa.update(jobs).where(*short).values(created_at=at, delay_until_epoch_ms=at + wait)
    return len(session.execute(moved.returning(jobs.c.workflow_uuid)).all())


def _due_jobs(session: Session, now: datetime) -> sa.Select[Any]:
    # By its key a job is one piece of work: the keys of what was done are needed no longer than this.
    jobs = _table(session, "workflow_status", "workflow_uuid", "status", "completed_at")
    before = int(due_before("finished_job", now).timestamp() * 1000)
    return sa.select(jobs.c.workflow_uuid).where(jobs.c.status == "SUCCESS", jobs.c.completed_at < before)


def _erase_jobs(session: Session, found: Sequence[Any], now: datetime) -> int:
    done = _due_jobs(session, now)
    ids = list(session.scalars(done.where(sa.column("workflow_uuid").in_([row.workflow_uuid for row in found]))))
    for name in ("workflow_input", "workflow_output", "operation_outputs", "workflow_status"):
        table = _table(session, name, "workflow_uuid")
        session.execute(sa.delete(table).where(table.c.workflow_uuid.in_(ids)))
    return len(ids)


def _table(session: Session, name: str, *columns: str) -> sa.TableClause:
    schema = "dbos" if session.get_bind().dialect.name == "postgresql" else None
    return sa.table(name, *(sa.column(column) for column in columns), schema=schema)


# What failed for good, was put off or waits is never touched.
ERASURES = (Erasure("finished_job", _due_jobs, _erase_jobs),)
