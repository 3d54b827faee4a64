"""The drill: everything is lost, and comes back as it was."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from services import crypto
from services.backups.errors import BackupError
from services.backups.making import back_up
from services.backups.manifest import NAME, count_rows
from services.backups.restoring import restore
from services.database import Database
from services.journal import Actor, Capacity
from services.journal.models import JournalEntry
from services.journal.sealing import seal_entries
from services.journal.verifying import Verification
from services.migrations import migrate
from services.population.models import Person
from services.population.register import facts_about
from services.settings import Settings, load_settings
from services.workers import beat
from tests.services.requests.families import enrol, queued, sent_request

OPERATOR = Actor(Capacity.OPERATOR, None)
PAPER = b"%PDF a receipt"


@dataclass
class Machine:
    """Where an installation lives; ``lose`` leaves nothing of it but an empty disk."""

    settings: Settings
    database: Database
    lose: Callable[[], None]

    def back_up(self, folder: Path) -> int:
        return back_up(self.settings, self.database, folder, actor=OPERATOR, now=datetime.now(UTC)).rows

    def restore(self, folder: Path) -> int:
        return restore(self.settings, self.database, folder, actor=OPERATOR, now=datetime.now(UTC)).rows

    def counts(self) -> dict[str, int]:
        with self.database.reading() as session:
            return {table: count for table, count in count_rows(session).items() if "journal" not in table}


def on_sqlite(settings: Settings) -> Machine:
    database = Database(settings.database_url)

    def lose() -> None:
        database.dispose()
        shutil.rmtree(settings.data_dir)

    return Machine(settings, database, lose)


def on_postgresql(settings: Settings, server: str) -> Machine:
    def again() -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS drill WITH (FORCE)")
            connection.execute("CREATE DATABASE drill")

    again()
    database = Database(server.rsplit("/", 1)[0] + "/drill")

    def lose() -> None:
        database.dispose()
        again()
        shutil.rmtree(settings.data_dir)

    return Machine(settings, database, lose)


@pytest.fixture(params=["sqlite", "postgresql"])
def machine(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Machine]:
    """A migrated installation with a file beside its database, whose processes may be anywhere."""
    ours = load_settings({"USRATI_DATA_DIR": str(tmp_path / "var")})
    if request.param == "sqlite":
        machine = on_sqlite(ours)
    else:
        machine = on_postgresql(ours, request.getfixturevalue("postgresql_server"))
    migrate(machine.database)
    (ours.data_dir / "papers").mkdir(parents=True)
    (ours.data_dir / "papers" / "receipt.pdf").write_bytes(PAPER)
    (ours.data_dir / "metrics" / "portal").mkdir(parents=True)
    (ours.data_dir / "metrics" / "portal" / "counter_1.db").write_bytes(b"of this run")
    yield machine
    machine.database.dispose()


def test_what_is_lost_comes_back_whole_and_readable(machine: Machine, tmp_path: Path, now: datetime) -> None:
    with machine.database.writing() as session:
        sent_request(session, now)
        work = queued(session)
        people = list(session.scalars(sa.select(Person.id)))
        before = facts_about(session, person_ids=people)
        assert seal_entries(session, now=now) > 0
    counts = machine.counts()
    assert counts["requests"] == 1
    machine.back_up(tmp_path / "backup")

    machine.lose()
    assert machine.restore(tmp_path / "backup") >= sum(counts.values())

    assert machine.counts() == counts
    with machine.database.reading() as session:
        assert facts_about(session, person_ids=people) == before
        assert queued(session) == work
        actions = list(session.scalars(sa.select(JournalEntry.action).order_by(JournalEntry.id)))
        chain = Verification(session)
        assert sum(chain.run()) == chain.sealed > 0
        assert chain.findings == []
    assert actions[-1] == "installation.restored"
    assert "request.submitted" in actions
    assert (machine.settings.data_dir / "papers" / "receipt.pdf").read_bytes() == PAPER
    assert not (machine.settings.data_dir / "metrics").exists()


def test_a_backup_among_writers_is_of_one_moment(machine: Machine, tmp_path: Path, now: datetime) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with machine.database.writing() as session:
                beat(session, executor_id=f"worker {number}", now=now)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        machine.back_up(tmp_path / "backup")
    finally:
        stop.set()
        writer.join()
    machine.lose()
    # It counts again what came back, and refuses to say that all is there when it is not.
    machine.restore(tmp_path / "backup")


def test_nobody_who_is_there_is_overwritten(machine: Machine, tmp_path: Path, now: datetime) -> None:
    machine.back_up(tmp_path / "backup")
    with machine.database.writing() as session:
        person = enrol(session)
    with pytest.raises(BackupError, match="people are in this database already"):
        machine.restore(tmp_path / "backup")
    with machine.database.reading() as session:
        assert session.get(Person, person.id) is not None


def test_a_journal_that_was_rewritten_before_the_backup_is_told(
    machine: Machine, tmp_path: Path, now: datetime
) -> None:
    with machine.database.writing() as session:
        sent_request(session, now)
        seal_entries(session, now=now)
        session.execute(sa.update(JournalEntry).where(JournalEntry.id == 1).values(action="nothing.happened"))
    machine.back_up(tmp_path / "backup")
    machine.lose()
    with pytest.raises(BackupError, match="it was changed before: entry 1 was changed after it was sealed"):
        machine.restore(tmp_path / "backup")


def test_a_lost_key_is_told(machine: Machine, tmp_path: Path, now: datetime) -> None:
    with machine.database.writing() as session:
        enrol(session)
    machine.back_up(tmp_path / "backup")
    machine.lose()
    try:
        other = "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg="
        crypto.install_keys(load_settings({"USRATI_ENCRYPTION_KEYS": other}))
        with pytest.raises(BackupError, match="cannot be read: USRATI_ENCRYPTION_KEYS lacks the key"):
            machine.restore(tmp_path / "backup")
    finally:
        crypto.install_keys(machine.settings)


@pytest.fixture
def backup(sqlite_database: Database, tmp_path: Path) -> Path:
    """A backup of an installation on SQLite; its settings name what restores it."""
    ours = load_settings({"USRATI_DATA_DIR": str(tmp_path)})
    back_up(ours, sqlite_database, tmp_path / "backup", actor=OPERATOR, now=datetime.now(UTC))
    return tmp_path / "backup"


def try_to_restore(folder: Path, tmp_path: Path) -> None:
    fresh = load_settings({"USRATI_DATA_DIR": str(tmp_path / "fresh")})
    restore(fresh, Database(fresh.database_url), folder, actor=OPERATOR, now=datetime.now(UTC))


def test_a_backup_is_for_its_owner_alone_and_holds_no_earlier_one(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in backup.iterdir()) == ["database.sqlite", NAME]


def of_a_newer_version(folder: Path) -> None:
    manifest = json.loads((folder / NAME).read_text())
    (folder / NAME).write_text(json.dumps(manifest | {"revision": "9999"}))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda folder: (folder / NAME).unlink(), "is no backup, or one that was never finished"),
        (lambda folder: (folder / NAME).write_text("{}"), "is no backup"),
        (lambda folder: (folder / "database.sqlite").unlink(), "is missing from the backup"),
        (lambda folder: (folder / "database.sqlite").write_bytes(b"x"), "is not what was backed up"),
        (of_a_newer_version, "was made by a newer version"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    backup: Path, tmp_path: Path, damage: Callable[[Path], object], told: str
) -> None:
    damage(backup)
    with pytest.raises(BackupError, match=told):
        try_to_restore(backup, tmp_path)
    assert not (tmp_path / "fresh").exists()


def test_a_backup_goes_into_a_folder_of_its_own(backup: Path, sqlite_database: Database, tmp_path: Path) -> None:
    ours = load_settings({"USRATI_DATA_DIR": str(tmp_path)})
    with pytest.raises(BackupError, match="is not empty"):
        back_up(ours, sqlite_database, backup, actor=OPERATOR, now=datetime.now(UTC))


def test_a_database_of_another_kind_is_refused(backup: Path, tmp_path: Path) -> None:
    ours = load_settings({"USRATI_DATA_DIR": str(tmp_path), "USRATI_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/x"})
    with pytest.raises(BackupError, match="a backup of sqlite"):
        restore(ours, Database(ours.database_url), backup, actor=OPERATOR, now=datetime.now(UTC))
