"""What the operator's page says of an installation, in two statements: the part of its examination that a
page may ask for again and again. ``usrati doctor`` looks at everything."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.health.findings import Level
from services.health.stored import A_WAIT_TOO_LONG, SEALED_WITHIN
from services.jobs import QUEUE_CASES, QUEUE_CODES, QUEUE_NEWS, QueueDepth, WorkerHeartbeat, queue_depths
from services.journal.models import JournalEntry, JournalHead
from services.messages import N_, NN_, Words, counted
from services.migrations import newest_revision
from services.population.models import RegisterClosure
from services.workers import Rhythm

WORKERS, REGISTER = N_("Workers"), N_("Population register")
JOURNAL, TABLES = N_("Journal"), N_("Database")
QUEUE_NAMES = {
    QUEUE_CODES: N_("Codes to send"),
    QUEUE_CASES: N_("Requests to examine"),
    QUEUE_NEWS: N_("Messages to send"),
}
AT_WORK = NN_("%(count)s worker is at work.", "%(count)s workers are at work.")
WAITING = NN_(
    "%(count)s piece of work waits. The oldest has waited for %(minutes)s minutes.",
    "%(count)s pieces of work wait. The oldest has waited for %(minutes)s minutes.",
)


@dataclass(frozen=True)
class Fact:
    """One part of the installation, and in a sentence how it is."""

    subject: str
    level: Level
    sentence: Words


@dataclass(frozen=True)
class Moment:
    """What the database said at ``now``."""

    now: datetime
    row: Any
    depths: dict[str, QueueDepth]


def find_facts(session: Session, *, now: datetime) -> tuple[Fact, ...]:
    """Each part of the installation, in the order of the page."""
    moment = Moment(now, session.execute(_asked_at(session, now)).one(), queue_depths(session, now=now))
    return tuple(fact for look in LOOKS for fact in look(moment))


def _asked_at(session: Session, now: datetime) -> sa.Select[Any]:
    """One row with what each look needs."""
    silence = Rhythm().silence
    heard_of = WorkerHeartbeat.seen_at.between(now - silence, now + silence)
    if session.get_bind().dialect.name == "postgresql":
        # Workers beat by the clock that all machines share, as in shared_clock.
        shared = sa.func.clock_timestamp(type_=sa.DateTime(timezone=True))
        heard_of = WorkerHeartbeat.seen_at.between(shared - silence, shared + silence)
    sealed_up_to = sa.func.coalesce(sa.select(JournalHead.last_entry_id).scalar_subquery(), 0)
    answers = {
        "revision": sa.select(sa.column("version_num")).select_from(sa.table("alembic_version")),
        "living": sa.select(sa.func.count()).where(heard_of),
        "silent_since": sa.select(sa.func.min(RegisterClosure.since)).where(
            RegisterClosure.since <= now, now < RegisterClosure.until
        ),
        "sealed_up_to": sa.select(JournalHead.last_entry_id),
        "unsealed_since": sa.select(sa.func.min(JournalEntry.at)).where(JournalEntry.id > sealed_up_to),
    }
    return sa.select(*(question.scalar_subquery().label(name) for name, question in answers.items()))


def _look_at_workers(moment: Moment) -> Iterator[Fact]:
    if moment.row.living:
        yield Fact(WORKERS, Level.FINE, counted(AT_WORK, moment.row.living))
    else:
        none = N_("None has been heard of for a minute: no message leaves and no request goes on. Start one.")
        yield Fact(WORKERS, Level.WRONG, Words(none))


def _look_at_queues(moment: Moment) -> Iterator[Fact]:
    for queue, name in QUEUE_NAMES.items():
        depth = moment.depths[queue]
        level = Level.WRONG if depth.oldest > A_WAIT_TOO_LONG else Level.FINE
        minutes = int(depth.oldest.total_seconds() // 60)
        nothing = Words(N_("Nothing waits."))
        yield Fact(name, level, counted(WAITING, depth.waiting, minutes=minutes) if depth.waiting else nothing)


def _look_at_register(moment: Moment) -> Iterator[Fact]:
    since = moment.row.silent_since
    if since is None:
        yield Fact(REGISTER, Level.FINE, Words(N_("It answers.")))
    else:
        closed = N_("It has been closed since %(when)s. Requests wait, and go on by themselves when it opens.")
        yield Fact(REGISTER, Level.NOTE, Words(closed, {"when": since}))


def _look_at_journal(moment: Moment) -> Iterator[Fact]:
    since = moment.row.unsealed_since
    if since is not None and moment.now - since > SEALED_WITHIN:
        late = N_("Entries have waited for their seal since %(when)s. Is a worker running?")
        yield Fact(JOURNAL, Level.WRONG, Words(late, {"when": since}))
    elif moment.row.sealed_up_to is None:
        yield Fact(JOURNAL, Level.FINE, Words(N_("Nothing is to be sealed yet.")))
    else:
        sealed = N_("It is sealed up to entry %(number)s.")
        yield Fact(JOURNAL, Level.FINE, Words(sealed, {"number": moment.row.sealed_up_to}))


def _look_at_tables(moment: Moment) -> Iterator[Fact]:
    if moment.row.revision == newest_revision():
        yield Fact(TABLES, Level.FINE, Words(N_("It answers, with the tables of this version.")))
    else:
        other = N_("Its tables are of another version than the program: the migration must be run.")
        yield Fact(TABLES, Level.WRONG, Words(other))


Look = Callable[[Moment], Iterator[Fact]]
LOOKS: tuple[Look, ...] = (_look_at_workers, _look_at_queues, _look_at_register, _look_at_journal, _look_at_tables)
