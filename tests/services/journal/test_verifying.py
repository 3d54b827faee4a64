"""Whoever has the database and not the keys cannot change, remove or insert an entry unnoticed."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.database import Database
from services.journal.chain import GENESIS, digest_of, link_hash
from services.journal.models import JournalEntry, JournalLink
from services.journal.roots import read_root, roots_of, write_root
from services.journal.sealing import seal_entries
from tests.services.journal.chains import DAY, entry_ids, findings, sealed_journal, sql, verified, write

COLUMNS = "at, capacity, actor_id, for_person, purpose, action, household_id, person_id, details"

CHANGES = {
    "at": "'2026-01-01 00:00:00+00'",
    "capacity": "'citizen'",
    "actor_id": f"'{UUID(int=1).hex}'",
    "for_person": f"'{UUID(int=1).hex}'",
    "purpose": "'another'",
    "action": "'household.released'",
    "household_id": f"'{UUID(int=1).hex}'",
    "person_id": f"'{UUID(int=1).hex}'",
    "details": "'{}'",
    "proof": "NULL",
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_entry_is_named(database: Database, now: datetime, column: str) -> None:
    numbers = sealed_journal(database, now, days=1)
    sql(database, f"UPDATE journal_entries SET {column} = {CHANGES[column]} WHERE id = :id", id=numbers[2])
    assert findings(database) == [f"entry {numbers[2]} was changed after it was sealed"]


def test_every_column_is_covered() -> None:
    assert set(CHANGES) | {"id"} == set(JournalEntry.__table__.c.keys())


def test_a_removed_entry_is_named(database: Database, now: datetime) -> None:
    numbers = sealed_journal(database, now)
    for number in (numbers[0], numbers[6], numbers[-1]):
        sql(database, "DELETE FROM journal_entries WHERE id = :id", id=number)
    at = "2026-06-{} 10:00:00 UTC".format
    assert findings(database) == [
        f"entry {numbers[0]} was removed; it was sealed at {at(15)}",
        f"entry {numbers[6]} was removed; it was sealed at {at(16)}",
        f"entry {numbers[-1]} was removed; it was sealed at {at(17)}",
    ]


@pytest.mark.parametrize("sealed_after", [False, True])
def test_an_entry_inserted_at_the_end_is_named(database: Database, now: datetime, sealed_after: bool) -> None:
    numbers = sealed_journal(database, now, days=1)
    sql(
        database,
        f"INSERT INTO journal_entries (id, {COLUMNS}) SELECT :new, {COLUMNS} FROM journal_entries WHERE id = :id",
        new=numbers[-1] + 1,
        id=numbers[0],
    )
    if sealed_after:
        with database.writing() as session:
            assert seal_entries(session, now=now) == 1
    (finding,) = findings(database)
    assert finding.startswith(f"entry {numbers[-1] + 1} was inserted")


def test_an_entry_inserted_in_the_middle_is_named(database: Database, now: datetime) -> None:
    with database.writing() as session:
        write(session, 4, now)
        ids = list(session.scalars(sa.select(JournalEntry.id).order_by(JournalEntry.id)))
        session.delete(session.get_one(JournalEntry, ids[1]))
        session.flush()
        seal_entries(session, now=now)
    sql(
        database,
        f"INSERT INTO journal_entries (id, {COLUMNS}) SELECT :new, {COLUMNS} FROM journal_entries WHERE id = :id",
        new=ids[1],
        id=ids[0],
    )
    (finding,) = findings(database)
    assert finding.startswith(f"entry {ids[1]} was inserted")


def test_a_copy_of_a_genuine_entry_is_named(database: Database, now: datetime) -> None:
    numbers = sealed_journal(database, now, days=1)
    whole = f"{COLUMNS}, proof"
    statement = f"INSERT INTO journal_entries (id, {whole}) SELECT :new, {whole} FROM journal_entries WHERE id = :id"
    sql(database, statement, new=numbers[-1] + 1, id=numbers[0])
    assert findings(database) == [f"entry {numbers[-1] + 1} was inserted: it is a copy of entry {numbers[0]}"]


def test_an_entry_changed_before_it_is_sealed_is_named(database: Database, now: datetime) -> None:
    with database.writing() as session:
        write(session, 2, now)
    (_, second) = entry_ids(database)
    sql(database, "UPDATE journal_entries SET action = 'household.released' WHERE id = :id", id=second)
    with database.writing() as session:
        seal_entries(session, now=now)
    (finding,) = findings(database)
    assert finding.startswith(f"entry {second} was inserted, or changed before it was sealed")


def test_a_number_far_beyond_does_not_stop_the_sealing(database: Database, now: datetime) -> None:
    numbers = sealed_journal(database, now, days=1)
    sql(
        database,
        f"INSERT INTO journal_entries (id, {COLUMNS}) SELECT 900000000, {COLUMNS} FROM journal_entries WHERE id = :id",
        id=numbers[0],
    )
    with database.writing() as session:
        write(session, 2, now)
        assert seal_entries(session, now=now) == 2
        write(session, 2, now)
        assert seal_entries(session, now=now) >= 2
    (finding,) = findings(database)
    assert finding.startswith("entry 900000000 was inserted")


def forge_links(database: Database) -> None:
    """Make every hash anew after the entries as they stand: all that can be done without the secret."""
    with database.writing() as session:
        previous = GENESIS
        for link in session.scalars(sa.select(JournalLink).order_by(JournalLink.sequence)):
            entry = session.get_one(JournalEntry, link.entry_id)
            said = {"sequence": link.sequence, "entry_id": link.entry_id, "sealed_at": link.sealed_at}
            link.entry_digest = digest_of(entry)
            link.hash = previous = link_hash(previous, **said, entry_digest=link.entry_digest)
        session.execute(sa.text("UPDATE journal_heads SET hash = :hash"), {"hash": previous})


def test_a_chain_made_anew_over_a_changed_entry_is_noticed(database: Database, now: datetime) -> None:
    numbers = sealed_journal(database, now)
    sql(database, "UPDATE journal_entries SET action = 'household.released' WHERE id = :id", id=numbers[5])
    forge_links(database)
    found = findings(database)
    assert any(line.startswith(f"entry {numbers[5]} was inserted, or changed before") for line in found)
    assert f"link 6, of entry {numbers[5]}, was not made by the service" in found
    assert "the head of the chain was changed: it is not signed by the service" in found
    assert any(line.startswith("the root of 2026-06-16 is not that of this chain") for line in found)
    assert not any("2026-06-15" in line for line in found)


def test_an_entry_taken_out_with_its_link_is_noticed(database: Database, now: datetime) -> None:
    numbers = sealed_journal(database, now, days=1)
    sql(database, "DELETE FROM journal_entries WHERE id = :id", id=numbers[1])
    sql(database, "DELETE FROM journal_links WHERE entry_id = :id", id=numbers[1])
    assert findings(database) == ["link 2 was removed from the chain"]


def test_a_removed_link_names_its_entry(database: Database, now: datetime) -> None:
    numbers = sealed_journal(database, now, days=1)
    sql(database, "DELETE FROM journal_links WHERE entry_id >= :id", id=numbers[2])
    assert findings(database) == [
        "links 3 to 4 were removed from the end of the chain",
        f"entry {numbers[2]} stands outside of the chain: its link was removed",
        f"entry {numbers[3]} stands outside of the chain: its link was removed",
    ]


TAMPERINGS: dict[str, tuple[str, Callable[[list[int]], str]]] = {
    "a link's digest": (
        "UPDATE journal_links SET entry_digest = :other WHERE sequence = 3",
        lambda ids: f"link 3, of entry {ids[2]}, was changed or does not follow the former",
    ),
    "a link's moment": (
        "UPDATE journal_links SET sealed_at = '2026-06-14 10:00:00' WHERE sequence = 3 AND :other IS NOT NULL",
        lambda ids: f"link 3, of entry {ids[2]}, was changed or does not follow the former",
    ),
    "the head": (
        "UPDATE journal_heads SET hash = :other",
        lambda ids: "the head of the chain was changed: it is not signed by the service",
    ),
    "no head": (
        "DELETE FROM journal_heads WHERE :other IS NOT NULL",
        lambda ids: "the head of the chain was removed",
    ),
    "a root": (
        "UPDATE journal_roots SET hash = :other WHERE first_sequence = 1",
        lambda ids: "the root of 2026-06-15 was changed: it is not signed by the service",
    ),
    "no first root": (
        "DELETE FROM journal_roots WHERE first_sequence = 1 AND :other IS NOT NULL",
        lambda ids: "the root over links 1 to 4 was removed",
    ),
    "no last root": (
        "DELETE FROM journal_roots WHERE first_sequence = 5 AND :other IS NOT NULL",
        lambda ids: "the root over links 5 to 8 was removed",
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_what_seals_is_itself_sealed(database: Database, now: datetime, tampering: str) -> None:
    numbers = sealed_journal(database, now)
    statement, expected = TAMPERINGS[tampering]
    other = sa.bindparam("other", hashlib.sha256(b"other").digest(), sa.LargeBinary)
    with database.writing() as session:
        assert session.execute(sa.text(statement).bindparams(other)).rowcount == 1  # type: ignore[attr-defined]
    assert expected(numbers) in findings(database)


def test_a_journal_begun_anew_is_betrayed_by_the_roots_kept_elsewhere(database: Database, now: datetime) -> None:
    numbers = sealed_journal(database, now)
    with database.reading() as session:
        kept = [read_root(write_root(root)) for root in roots_of(session)]
    assert findings(database, kept) == []
    sql(database, "DELETE FROM journal_entries WHERE id = :id", id=numbers[5])
    for table in ("journal_links", "journal_roots", "journal_heads"):
        sql(database, f"DELETE FROM {table}")
    with database.writing() as session:
        assert seal_entries(session, now=now + 4 * DAY) == 11
    assert findings(database) == []
    assert [line[:28] for line in findings(database, kept)] == [
        "the kept root of 2026-06-15 ",
        "the kept root of 2026-06-16 ",
    ]


def test_what_is_not_sealed_yet_is_told(database: Database, now: datetime) -> None:
    sealed_journal(database, now, days=1)
    with database.writing() as session:
        write(session, 2, now + DAY)
        write(session, 1, now + 2 * DAY)
    verification = verified(database)
    assert verification.findings == []
    assert (verification.sealed, verification.waiting, verification.waiting_since) == (4, 3, now + DAY)


def test_an_empty_journal_is_whole(database: Database) -> None:
    verification = verified(database)
    assert (verification.findings, verification.sealed, verification.waiting) == ([], 0, 0)


def test_a_journal_rewritten_all_over_is_told_in_a_bounded_answer(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.journal.verifying.MOST_FINDINGS", 3)
    sealed_journal(database, now, days=1)
    sql(database, "UPDATE journal_entries SET action = 'x'")
    verification = verified(database)
    assert (len(verification.findings), verification.unsaid) == (3, 1)
