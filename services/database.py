"""The engine, the base of every table, and the two kinds of session: reading and writing.

On SQLite a writing transaction begins immediately, behind a lock file, so that writers queue
fairly instead of failing, and readers never wait (WAL). On PostgreSQL a reading session is a
read-only transaction. Services flush; whoever opened the writing session commits by leaving it.
"""

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.types import TypeDecorator

from services.measures import count_committed

LOCK_WAIT_SECONDS = 15.0
# A machine that loses its power or its cable closes nothing: each side finds out within half a minute,
# so that a page does not hang and the server lets go of what the lost one held.
TELL_THE_DEAD = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
    "options": "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4",
}
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclass(frozen=True)
class Patience:
    """How long somebody waits for a connection, for a lock that another holds, for one statement in all.

    ``frozen`` is how long the server waits for him within a transaction, before it lets go of what
    he holds: a process that stands still must not keep a family from its file.
    """

    connection: timedelta = timedelta(seconds=2)
    lock: timedelta = timedelta(seconds=2)
    statement: timedelta = timedelta(seconds=10)
    frozen: timedelta = timedelta(seconds=30)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, in UTC on every database (SQLite keeps no time zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a naive instant: it would be a different moment on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no meaning in the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the instant its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table of the services."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar = {datetime: UtcDateTime, dict[str, Any]: sa.JSON, list[Any]: sa.JSON}


class Identified:
    """A row under a random id that is known before anything else of it is set (sealing needs it)."""

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)

    def __init__(self, **values: Any) -> None:
        self.id = values.pop("id", None) or uuid4()
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{name!r} is not a column of {type(self).__name__}")
            setattr(self, name, value)


class Database:
    """The engines of one process; one for each process, made after any fork.

    ``patience`` is for the processes of the service: how long one waits for a connection, a lock, a
    statement; beyond it the database is not available now. Without it, a command waits.
    """

    def __init__(self, url: str, *, patience: Patience | None = None) -> None:
        self.url = sa.make_url(url)
        if self.url.get_backend_name() == "sqlite":
            self.write_engine = _sqlite_engine(self.url, patience, writing=True)
            self.read_engine = _sqlite_engine(self.url, patience, writing=False)
        else:
            self.url = self.url.set(drivername="postgresql+psycopg")
            self.write_engine = sa.create_engine(
                self.url,
                pool_size=5,
                max_overflow=5,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args=_limits(self.url, patience),
                **_pool_options(patience),
            )
            # As on SQLite, all that one page reads is of one moment.
            self.read_engine = self.write_engine.execution_options(
                postgresql_readonly=True, isolation_level="REPEATABLE READ"
            )

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that commits when the block ends and rolls back when it raises."""
        with Session(self.write_engine, expire_on_commit=False) as session:
            yield session
            session.commit()
            count_committed(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One snapshot that cannot write. That the server is gone when it ends matters to nobody."""
        session = Session(self.read_engine, expire_on_commit=False, autoflush=False)
        try:
            yield session
        finally:
            try:
                session.close()
            except sa.exc.DBAPIError:
                session.invalidate()

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.write_engine.dispose()
        self.read_engine.dispose()


def shared_clock(session: Session) -> datetime:
    """Now, by the one clock that every machine on this database shares: the server's; a SQLite file has one machine."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)
    server: datetime = session.scalars(sa.select(sa.func.clock_timestamp())).one()
    return server.astimezone(UTC)


def rows_of(
    session: Session, statement: TypedReturnsRows[*tuple[Any, ...]], values: Mapping[str, Any]
) -> sa.CursorResult[*tuple[Any, ...]]:
    """Rows of a statement that loads no object, straight from the connection.

    What every page begins with is read so: the ORM's own way to the same rows costs a third more.
    """
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, values)


def insert_into(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what to do where the row is there already, in the session's dialect."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(model)


def _pool_options(patience: Patience | None) -> dict[str, Any]:
    return {"pool_timeout": patience.connection.total_seconds()} if patience else {}


def _limits(url: sa.URL, patience: Patience | None) -> dict[str, Any]:
    told = [str(TELL_THE_DEAD["options"])]
    if patience is not None:
        limits = {
            "lock_timeout": patience.lock,
            "statement_timeout": patience.statement,
            "idle_in_transaction_session_timeout": patience.frozen,
        }
        told += [f"-c {name}={int(limit.total_seconds() * 1000)}" for name, limit in limits.items()]
    # What the address itself says comes last, and so counts.
    return {**TELL_THE_DEAD, "options": " ".join([*told, str(url.query.get("options", ""))]).strip()}


def _sqlite_engine(url: sa.URL, patience: Patience | None, *, writing: bool) -> sa.Engine:
    engine = sa.create_engine(url, pool_size=8, max_overflow=8, hide_parameters=True, **_pool_options(patience))
    lock_path = f"{url.database}.lock"

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")
        if not writing:
            connection.execute("PRAGMA query_only=ON")

    if not writing:

        @sa.event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN")

        return engine

    @sa.event.listens_for(engine, "begin")
    def begin_immediate(connection: sa.Connection) -> None:
        # A connection that begins again (migrations do) still has its lock.
        if "lock" not in connection.info:
            connection.info["lock"] = _take_lock(lock_path)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @sa.event.listens_for(engine, "reset")
    def release(connection: Any, record: Any, state: Any) -> None:
        # At "reset" the transaction is over for good: on "commit" it is not written yet.
        descriptor = record.info.pop("lock", None)
        if descriptor is not None:
            if connection.in_transaction:
                connection.rollback()
            os.close(descriptor)

    return engine


@contextmanager
def taking_turns(database: Database) -> Iterator[None]:
    """Keep every writer of a SQLite database out while the block runs."""
    descriptor = _take_lock(f"{database.url.database}.lock")
    try:
        yield
    finally:
        os.close(descriptor)


def _take_lock(path: str) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as fault:
        raise sa.exc.OperationalError("BEGIN IMMEDIATE", {}, fault) from None
    give_up_at = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up_at:
                os.close(descriptor)
                raise sa.exc.OperationalError("BEGIN IMMEDIATE", {}, TimeoutError("database is locked")) from None
            time.sleep(0.002)
        else:
            return descriptor
