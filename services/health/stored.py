"""The part of an examination that asks the database."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from services.crypto.custody import key_faults
from services.database import Database, shared_clock
from services.health.findings import Finding, fine, note, wrong
from services.health.scores import check_formula, check_runs
from services.jobs import queue_depths
from services.journal.models import JournalEntry, JournalHead
from services.messaging.deliveries import find_backlog
from services.messaging.states import REFUSAL_WORDS
from services.migrations import newest_revision, revision_of
from services.population.register import silent_since
from services.workers import Rhythm, living_workers

OLDEST_SQLITE = (3, 35)
OLDEST_POSTGRESQL = 15
CLOCKS_AGREE_WITHIN = timedelta(seconds=5)
A_LITTLE_MORE = "CREATE TEMPORARY TABLE room AS SELECT repeat('x', 1000) FROM generate_series(1, 4000)"
A_WAIT_TOO_LONG = timedelta(minutes=10)
SEALED_WITHIN = timedelta(minutes=1)
Check = Callable[[Session, datetime], Iterator[Finding]]


def examine_database(database: Database, *, now: datetime) -> Iterator[Finding]:
    """Whether it answers, and then each check of what is in it."""
    try:
        with database.reading() as session:
            yield from check_server(session, now)
            if revision_of(session) != newest_revision():
                yield wrong("migrations", "The tables are of another version than the program: run `usrati migrate`.")
                return
            yield fine("migrations", f"The tables are of this version ({newest_revision()}).")
            yield from check_room(database)
            for check in CHECKS:
                yield from check(session, now)
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        where = database.url.render_as_string(hide_password=True)
        yield wrong("database", f"{where} does not answer: {reason}.")


def check_server(session: Session, now: datetime) -> Iterator[Finding]:
    """The version, and whether what is committed outlives a power cut."""
    if session.get_bind().dialect.name == "sqlite":
        yield from _check_sqlite(session)
        return
    number = int(session.scalar(sa.text("SHOW server_version_num")) or 0)
    if number // 10000 < OLDEST_POSTGRESQL:
        yield wrong("database", f"PostgreSQL {number // 10000} is too old: {OLDEST_POSTGRESQL} or newer is needed.")
    else:
        yield fine("database", f"PostgreSQL {session.scalar(sa.text('SHOW server_version'))} answers.")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        if session.scalar(sa.text(f"SHOW {setting}")) == "off":
            yield wrong("durability", f"PostgreSQL runs with {setting} = off: a power cut loses what families sent.")


def check_room(database: Database) -> Iterator[Finding]:
    """Whether PostgreSQL could write a little more; a SQLite file's disk is looked at with the machine's."""
    if database.url.get_backend_name() == "sqlite":
        return
    try:
        with database.write_engine.connect() as connection:
            connection.exec_driver_sql(A_LITTLE_MORE)
            connection.rollback()
    except DBAPIError as error:
        yield wrong("disk", f"PostgreSQL cannot write: {error.orig}. Make room before families' answers are refused.")
    else:
        yield fine("disk", "PostgreSQL has room to write.")


def _check_sqlite(session: Session) -> Iterator[Finding]:
    mode = session.scalar(sa.text("PRAGMA journal_mode"))
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield wrong("database", f"SQLite {sqlite3.sqlite_version} is too old: 3.35 or newer is needed.")
    else:
        yield fine("database", f"SQLite {sqlite3.sqlite_version} answers.")
    if mode != "wal":
        yield wrong("durability", f"SQLite's journal mode is {mode}, not wal: the file system does not allow it.")


def check_keys(session: Session, now: datetime) -> Iterator[Finding]:
    """Whether these keys open what is stored."""
    faults = key_faults(session)
    if not faults:
        yield fine("keys", "The keys open what is stored.")
    for fault in faults:
        yield wrong("keys", f"{fault}.")


def check_clock(session: Session, now: datetime) -> Iterator[Finding]:
    """Whether time goes on from what was recorded, and is the database server's too."""
    recorded = session.scalar(sa.select(JournalEntry.at).order_by(JournalEntry.id.desc()).limit(1))
    if recorded is not None and recorded > now + CLOCKS_AGREE_WITHIN:
        yield wrong("clock", f"This machine says {now:%F %T} UTC, but the last entry was made at {recorded:%F %T}.")
        return
    if session.get_bind().dialect.name == "postgresql":
        theirs = session.scalar(sa.select(sa.func.clock_timestamp()))
        apart = abs(theirs - datetime.now(UTC)) if theirs else timedelta(0)
        if apart > CLOCKS_AGREE_WITHIN:
            yield wrong("clock", f"This machine and the database are {apart.total_seconds():.0f} s apart: set both.")
            return
    yield fine("clock", f"It is {now:%F %T} UTC.")


def check_workers(session: Session, now: datetime) -> Iterator[Finding]:
    """Whether anybody works."""
    living = living_workers(session, silence=Rhythm().silence, now=shared_clock(session))
    if living:
        yield fine("workers", f"{len(living)} heard of within a minute.")
    else:
        yield wrong("workers", "None was heard of within a minute: no message leaves. Start `usrati worker`.")


def check_queues(session: Session, now: datetime) -> Iterator[Finding]:
    """Whether work waits too long."""
    depths = queue_depths(session, now=now)
    late = {queue: depth for queue, depth in depths.items() if depth.oldest > A_WAIT_TOO_LONG}
    for queue, depth in late.items():
        minutes = round(depth.oldest.total_seconds() / 60)
        yield wrong("queues", f"{depth.waiting} {queue} jobs wait, the oldest for {minutes} minutes: add workers.")
    if not late:
        yield fine("queues", f"{sum(depth.waiting for depth in depths.values())} jobs wait, none for long.")


def check_messages(session: Session, now: datetime) -> Iterator[Finding]:
    """Whether the gateway takes what is written, put off or not."""
    backlog = find_backlog(session, now=now)
    last = backlog.last_taken_at
    taken = f"the gateway last took one at {last:%F %T} UTC" if last else "the gateway has taken none yet"
    late = {queue: waiting for queue, waiting in backlog.waiting.items() if waiting.oldest > A_WAIT_TOO_LONG}
    for queue, waiting in late.items():
        minutes = round(waiting.oldest.total_seconds() / 60)
        why = REFUSAL_WORDS.get(backlog.reason or "", "")
        words = f"{waiting.count} {queue} wait, the oldest for {minutes} minutes; {taken}. {why}"
        yield wrong("messages", words.rstrip())
    if not late:
        yield fine("messages", f"{sum(one.count for one in backlog.waiting.values())} wait, none for long; {taken}.")


def check_journal(session: Session, now: datetime) -> Iterator[Finding]:
    """Whether what is recorded is soon sealed."""
    sealed_up_to = session.scalar(sa.select(JournalHead.last_entry_id)) or 0
    oldest = session.scalar(sa.select(sa.func.min(JournalEntry.at)).where(JournalEntry.id > sealed_up_to))
    if oldest is not None and now - oldest > SEALED_WITHIN:
        yield wrong("journal", f"Entries have waited for their seal since {oldest:%F %T} UTC: is a worker running?")
    else:
        yield fine("journal", f"It is sealed up to entry {sealed_up_to}.")


def check_register(session: Session, now: datetime) -> Iterator[Finding]:
    """Whether the population register answers."""
    since = silent_since(session, now=now)
    if since is None:
        yield fine("register", "The population register answers.")
    else:
        yield note("register", f"The population register has been closed since {since:%F %T} UTC.")


CHECKS: tuple[Check, ...] = (
    check_keys,
    check_clock,
    check_workers,
    check_queues,
    check_messages,
    check_journal,
    check_register,
    check_formula,
    check_runs,
)
