"""``usrati audit``: what an auditor runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.database import Database
from tests.portal.cli.conftest import Usrati
from tests.services.journal.chains import sealed_journal, sql, write


def test_a_whole_journal_is_told_with_its_last_sealed_entry(usrati: Usrati, database: Database, now: datetime) -> None:
    numbers = sealed_journal(database, now)
    with database.writing() as session:
        write(session, 1, now - timedelta(minutes=5))
    told = usrati("audit", "verify")
    assert told.exit_code == 0
    assert f"Sealed: 12 entries, up to entry {numbers[-1]}, at 2026-06-17 10:00:00 UTC; signed roots: 2 days" in (
        told.stdout
    )
    assert "Not sealed yet: 1 entries" in told.stdout
    assert "is a worker running?" in told.stdout
    assert told.stdout.endswith("All is as the service wrote it.\n")


def test_entries_just_written_are_no_reason_to_worry(usrati: Usrati, database: Database) -> None:
    with database.writing() as session:
        write(session, 1, datetime.now(UTC) - timedelta(seconds=3))
    told = usrati("audit", "verify")
    assert "Nothing is sealed yet." in told.stdout
    assert "is a worker running?" not in told.stdout


def test_each_entry_tampered_with_is_one_line_and_status_2(usrati: Usrati, database: Database, now: datetime) -> None:
    numbers = sealed_journal(database, now)
    sql(database, "UPDATE journal_entries SET purpose = 'none' WHERE id = :id", id=numbers[1])
    sql(database, "DELETE FROM journal_entries WHERE id = :id", id=numbers[7])
    told = usrati("audit", "verify")
    assert told.exit_code == 2
    changed, removed = told.stderr.splitlines()
    assert changed == f"entry {numbers[1]} was changed after it was sealed"
    assert removed.startswith(f"entry {numbers[7]} was removed")


def test_roots_kept_elsewhere_are_compared(usrati: Usrati, database: Database, now: datetime, tmp_path: Path) -> None:
    sealed_journal(database, now)
    kept = tmp_path / "roots.jsonl"
    kept.write_text(usrati("audit", "roots").stdout)
    assert len(kept.read_text().splitlines()) == 2
    told = usrati("audit", "verify", "--roots", kept)
    assert told.exit_code == 0
    assert "kept roots compared: 2" in told.stdout
    kept.write_text(kept.read_text().replace('"last": 4', '"last": 3'))
    told = usrati("audit", "verify", "--roots", kept)
    assert told.exit_code == 2
    assert told.stderr == "the kept root of 2026-06-15 was changed: it is not signed by the service\n"


def test_a_file_that_holds_no_roots_is_refused(usrati: Usrati, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for content in ("no json", "[]", '{"day": "2026-06-15"}'):
        other.write_text(content)
        told = usrati("audit", "verify", "--roots", other)
        assert (told.exit_code, told.stderr) == (2, f"{other}: not what `usrati audit roots` prints\n")
    assert usrati("audit", "verify", "--roots", tmp_path / "none").exit_code == 2
