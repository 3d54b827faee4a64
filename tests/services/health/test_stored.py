"""What an examination says of the database, in sentences."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import crypto, journal
from services.database import Database
from services.health.findings import Level
from services.health.stored import check_server, examine_database
from services.jobs import enqueue
from services.journal import system_actor
from services.journal.sealing import seal_entries
from services.messaging import send_later
from services.messaging.models import Message
from services.migrations import newest_revision
from services.population.register import close_register
from services.settings import Settings, load_settings
from services.workers import beat
from tests.services.households.families import enrol


def sentences(database: Database, now: datetime) -> dict[str, str]:
    """What is not fine, by its subject."""
    found = examine_database(database, now=now)
    return {one.subject: one.sentence for one in found if one.level is not Level.FINE and one.subject != "durability"}


@pytest.fixture
def worked(database: Database) -> tuple[Database, datetime]:
    now = datetime.now().astimezone()
    with database.writing() as session:
        beat(session, executor_id="one", now=now)
    return database, now


def test_nothing_is_said_of_a_whole_database(worked: tuple[Database, datetime]) -> None:
    assert sentences(*worked) == {}
    subjects = [one.subject for one in examine_database(worked[0], now=worked[1])]
    for subject in ("database", "migrations", "keys", "clock", "workers", "queues", "register"):
        assert subject in subjects


def test_a_power_cut_is_thought_of(postgresql_url: str, now: datetime) -> None:
    # The cluster of the tests runs without fsync.
    database = Database(postgresql_url)
    found = list(examine_database(database, now=now))
    database.dispose()
    assert [one.sentence for one in found if one.level is Level.WRONG and one.subject == "durability"] == [
        f"PostgreSQL runs with {setting} = off: a power cut loses what families sent."
        for setting in ("fsync", "synchronous_commit", "full_page_writes")
    ]


def test_a_journal_mode_in_which_readers_wait_is_told(now: datetime) -> None:
    engine = sa.create_engine("sqlite://")
    with Session(engine) as session:
        found = list(check_server(session, now))
    engine.dispose()
    assert "SQLite's journal mode is memory, not wal: the file system does not allow it." in {
        one.sentence for one in found
    }


def test_no_worker_no_message(database: Database, now: datetime) -> None:
    said = sentences(database, datetime.now().astimezone())
    assert said["workers"].startswith("None was heard of within a minute")


def call_it(database: Database, revision: str) -> None:
    with database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_tables_of_another_version_end_the_examination(worked: tuple[Database, datetime]) -> None:
    database, now = worked
    call_it(database, "0000")
    try:
        assert set(sentences(database, now)) == {"migrations"}
    finally:
        call_it(database, newest_revision() or "")


def test_a_lost_key_is_named(worked: tuple[Database, datetime], settings: Settings) -> None:
    database, now = worked
    with database.writing() as session:
        enrol(session)
    try:
        crypto.install_keys(load_settings({"USRATI_ENCRYPTION_KEYS": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg="}))
        assert "USRATI_ENCRYPTION_KEYS lacks the key" in sentences(database, now)["keys"]
    finally:
        crypto.install_keys(settings)


def test_a_clock_that_stepped_back_is_told(worked: tuple[Database, datetime]) -> None:
    database, now = worked
    with database.writing() as session:
        journal.record(session, actor=system_actor(), action="test", now=now + timedelta(hours=1))
    assert "but the last entry was made at" in sentences(database, now)["clock"]


def test_work_that_waits_too_long_is_told(worked: tuple[Database, datetime]) -> None:
    database, now = worked
    with database.writing() as session:
        enqueue(session, "verify_request", "an id", 1)
    assert "queues" not in sentences(database, now)
    assert sentences(database, now + timedelta(minutes=30))["queues"].startswith("1 cases jobs wait, the oldest for 30")


def test_messages_that_the_gateway_does_not_take_are_told(worked: tuple[Database, datetime]) -> None:
    database, now = worked
    written = now - timedelta(minutes=20)
    with database.writing() as session:
        send_later(
            session, kind="decision", to="+212612345678", person_id=None, locale="fr", key="x", params={}, now=written
        )
        session.execute(sa.update(Message).values(attempts=4, reason="unreachable"))
    assert sentences(*worked)["messages"] == (
        "1 news wait, the oldest for 20 minutes; the gateway has taken none yet. The gateway cannot be reached."
    )
    with database.writing() as session:
        session.execute(sa.update(Message).values(sent_at=now))
    assert "messages" not in sentences(*worked)


def test_entries_that_nobody_seals_are_told(worked: tuple[Database, datetime]) -> None:
    database, now = worked
    with database.writing() as session:
        journal.record(session, actor=system_actor(), action="test", now=now)
    assert "journal" not in sentences(database, now)
    assert sentences(database, now + timedelta(minutes=2))["journal"].startswith("Entries have waited for their seal")
    with database.writing() as session:
        assert seal_entries(session, now=now) == 1
    assert "journal" not in sentences(database, now + timedelta(minutes=2))


def test_a_closed_register_is_a_note(worked: tuple[Database, datetime]) -> None:
    database, now = worked
    with database.writing() as session:
        close_register(session, actor=system_actor(), until=now + timedelta(hours=1), now=now - timedelta(minutes=1))
    assert sentences(database, now)["register"].startswith("The population register has been closed since")


@pytest.mark.parametrize("url", ["postgresql://u:a-password@127.0.0.1:9/usrati", "sqlite:////no/such/folder/usrati.db"])
def test_a_database_that_is_away_is_one_sentence_without_its_password(url: str, now: datetime) -> None:
    [found] = examine_database(Database(url), now=now)
    assert (found.subject, found.level) == ("database", Level.WRONG)
    assert "does not answer" in found.sentence
    assert "a-password" not in found.sentence
