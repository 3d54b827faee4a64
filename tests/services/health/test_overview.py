"""What the operator's page says of an installation: the same as its examination, in two statements."""

from datetime import UTC, datetime, timedelta

from services.database import Database, shared_clock
from services.health.findings import Level
from services.health.overview import JOURNAL, QUEUE_NAMES, REGISTER, TABLES, WORKERS, find_facts
from services.jobs import QUEUE_CASES, enqueue
from services.journal import record, system_actor
from services.journal.sealing import seal_entries
from services.population.register import close_register
from services.workers import beat
from tests.services.households.families import statements

MINUTE = timedelta(minutes=1)


def facts(database: Database, now: datetime) -> dict[str, tuple[Level, str]]:
    with database.reading() as session:
        return {fact.subject: (fact.level, fact.sentence.key) for fact in find_facts(session, now=now)}


def test_a_quiet_installation_with_a_worker_is_fine(database: Database, now: datetime) -> None:
    with database.writing() as session:
        beat(session, executor_id="one", now=shared_clock(session))
    found = facts(database, datetime.now(UTC))
    assert {level for level, _ in found.values()} == {Level.FINE}
    assert {WORKERS, REGISTER, JOURNAL, TABLES, *QUEUE_NAMES.values()} == set(found)


def test_what_is_wrong_is_said(database: Database, now: datetime) -> None:
    with database.writing() as session:
        beat(session, executor_id="one", now=shared_clock(session) - 2 * MINUTE)
        record(session, actor=system_actor(), action="test.done", now=now - 2 * MINUTE)
        close_register(session, actor=system_actor(), now=now - MINUTE, until=now + MINUTE)
        enqueue(session, "verify_request", "an id", 1, queue=QUEUE_CASES)
    found = facts(database, now + timedelta(days=3650))
    wrong = {subject for subject, (level, _) in found.items() if level is Level.WRONG}
    assert wrong == {WORKERS, JOURNAL, QUEUE_NAMES[QUEUE_CASES]}
    assert facts(database, now)[REGISTER][0] is Level.NOTE


def test_the_journal_is_said_to_be_sealed(database: Database, now: datetime) -> None:
    with database.writing() as session:
        record(session, actor=system_actor(), action="test.done", now=now)
    with database.writing() as session:
        seal_entries(session, now=now)
    assert facts(database, now + timedelta(hours=1))[JOURNAL] == (Level.FINE, "It is sealed up to entry %(number)s.")


def test_it_costs_two_statements(database: Database, now: datetime) -> None:
    with database.reading() as session, statements(database) as seen:
        find_facts(session, now=now)
    assert len([one for one in seen if one.lstrip().startswith("SELECT")]) == 2
