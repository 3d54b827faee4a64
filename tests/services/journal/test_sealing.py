"""Every entry takes its place in the chain once, whoever seals and whenever it was committed."""

import threading
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.journal.chain import FACTS, content_of
from services.journal.models import JournalEntry, JournalHead, JournalLink, JournalRoot
from services.journal.sealing import GAP_KEPT, seal_entries, sealing_is_due
from services.workers import Sealer
from tests.services.journal.chains import DAY, entry_ids, sealed_journal, verified, write

SECOND = timedelta(seconds=1)


def links(database: Database) -> list[tuple[int, int]]:
    with database.reading() as session:
        chosen = sa.select(JournalLink.sequence, JournalLink.entry_id).order_by(JournalLink.sequence)
        return [(sequence, entry_id) for sequence, entry_id in session.execute(chosen)]


def test_entries_are_sealed_in_their_order_without_gaps(database: Database, now: datetime) -> None:
    numbers = sealed_journal(database, now)
    assert links(database) == list(enumerate(numbers, start=1))
    verification = verified(database)
    assert verification.findings == []
    assert (verification.sealed, verification.last_entry_id) == (12, numbers[-1])
    assert verification.waiting == 0


def test_sealing_is_due_only_when_something_waits(session: Session, now: datetime) -> None:
    assert not sealing_is_due(session, now=now)
    write(session, 3, now)
    assert sealing_is_due(session, now=now)
    assert seal_entries(session, now=now, limit=2) == 2
    assert sealing_is_due(session, now=now)
    assert seal_entries(session, now=now, limit=2) == 1
    assert not sealing_is_due(session, now=now)
    assert seal_entries(session, now=now) == 0


def test_each_day_has_a_signed_root(database: Database, now: datetime) -> None:
    sealed_journal(database, now)
    assert [(root.first_sequence, root.last_sequence) for root in verified(database).roots] == [(1, 4), (5, 8)]
    with database.writing() as session:
        assert sealing_is_due(session, now=now + 5 * DAY)
        assert seal_entries(session, now=now + 5 * DAY) == 0
        assert not sealing_is_due(session, now=now + 5 * DAY)
        days = list(session.scalars(sa.select(JournalRoot.day).order_by(JournalRoot.day)))
    assert days == [(now + day * DAY).date() for day in range(3)]
    assert verified(database).findings == []


def test_a_clock_that_steps_back_breaks_nothing(database: Database, now: datetime) -> None:
    sealed_journal(database, now, days=2)
    with database.writing() as session:
        write(session, 2, now - DAY)
        assert seal_entries(session, now=now - DAY) == 2
    assert verified(database).findings == []


def test_an_entry_that_commits_late_takes_its_place(database: Database, now: datetime) -> None:
    sealed_journal(database, now, days=1)
    with database.writing() as session:
        write(session, 3, now)
        late, *_ = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id.desc()).offset(1))
        kept = {column: getattr(late, column) for column in (*FACTS, "id", "proof")}
        session.delete(late)
    with database.writing() as session:
        assert seal_entries(session, now=now) == 2
        assert not sealing_is_due(session, now=now)
        session.add(JournalEntry(**kept))
        session.flush()
        assert sealing_is_due(session, now=now + SECOND)
        assert seal_entries(session, now=now + SECOND) == 1
        assert session.scalars(sa.select(JournalHead.gaps)).one() == {}
    assert links(database)[-1] == (7, kept["id"])
    assert verified(database).findings == []


def test_a_number_that_never_came_is_forgotten_after_an_hour(database: Database, now: datetime) -> None:
    with database.writing() as session:
        write(session, 3, now)
        session.delete(session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id).offset(1)).first())
        session.flush()
        seal_entries(session, now=now)
        head = session.scalars(sa.select(JournalHead)).one()
        assert len(head.gaps) == 1
        write(session, 1, now)
        seal_entries(session, now=now + GAP_KEPT + SECOND)
        assert head.gaps == {}
    assert verified(database).findings == []


def test_sealers_at_once_seal_each_entry_once(database: Database, now: datetime) -> None:
    sealers = [Sealer(database, every=timedelta(milliseconds=5)) for _ in range(3)]
    for sealer in sealers:
        sealer.start()

    def keep_writing() -> None:
        for _ in range(15):
            with database.writing() as session:
                write(session, 3, datetime.now(now.tzinfo))

    writers = [threading.Thread(target=keep_writing) for _ in range(3)]
    for writer in writers:
        writer.start()
    for thread in writers:
        thread.join()
    for sealer in sealers:
        sealer.finish()
    found = links(database)
    assert [sequence for sequence, _ in found] == list(range(1, 136))
    assert sorted(entry_id for _, entry_id in found) == entry_ids(database)
    assert verified(database).findings == []


def test_what_an_entry_says_reads_the_same_from_every_database(database: Database, now: datetime) -> None:
    with database.writing() as session:
        write(session, 1, now)
        said = content_of(session.scalars(sa.select(JournalEntry)).one())
    with database.reading() as session:
        assert content_of(session.execute(sa.select(*JournalEntry.__table__.c)).one()) == said
    assert said == (
        '{"action":"household.activated","at":"2026-06-15T10:00:00.000000+00:00","capacity":"system",'
        '"details":{"note":"é · ⵣ","number":0}}'
    )
