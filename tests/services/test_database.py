"""The two kinds of session, sealed columns, and who waits for whom."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from services.crypto import KeyMissing
from services.database import Database, Patience
from services.population.models import Person


def a_person() -> Person:
    return Person(
        idcs_index=b"0" * 16,
        idcs="2345678904",
        name_arabic="فاطمة",
        name_latin="Fatima",
        sex="F",
        birth_year=1984,
        birth_month=None,
        birth_day=None,
        nationality="MA",
    )


def test_a_reading_session_cannot_write(database: Database) -> None:
    with database.reading() as session:
        session.add(a_person())
        with pytest.raises(DBAPIError):
            session.flush()


def test_what_one_page_reads_is_of_one_moment(database: Database) -> None:
    count = sa.select(sa.func.count(Person.id))
    with database.reading() as session:
        assert session.scalar(count) == 0
        with database.writing() as writer:
            writer.add(a_person())
        assert session.scalar(count) == 0
    with database.reading() as session:
        assert session.scalar(count) == 1


def test_what_raises_in_a_writing_session_leaves_no_trace(database: Database) -> None:
    def add_and_fail() -> None:
        with database.writing() as session:
            session.add(a_person())
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        add_and_fail()
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(Person.id))) == 0


def test_personal_columns_are_sealed_in_their_place(database: Database) -> None:
    with database.writing() as session:
        person = a_person()
        session.add(person)
    with database.reading() as session:
        stored = session.execute(sa.text("SELECT name_latin_sealed, idcs_sealed FROM persons")).one()
        assert b"Fatima" not in bytes(stored[0])
        assert session.get_one(Person, person.id).name_latin == "Fatima"
        with pytest.raises(KeyMissing):
            Person.idcs.open(person.id, stored[0])


def test_writers_of_one_row_wait_for_each_other(database: Database) -> None:
    with database.writing() as session:
        person = a_person()
        session.add(person)

    def grow_older() -> None:
        for _ in range(25):
            with database.writing() as session:
                row = session.scalars(sa.select(Person).with_for_update()).one()
                row.birth_year += 1

    threads = [threading.Thread(target=grow_older) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.get_one(Person, person.id).birth_year == 1984 + 100


def test_what_was_read_stays_read_when_the_server_dies_meanwhile(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    for _ in range(20):
        with database.reading() as session:
            process = session.scalar(sa.text("SELECT pg_backend_pid()"))
            with database.writing() as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})
    pool = database.write_engine.pool
    assert isinstance(pool, sa.pool.QueuePool)
    assert pool.checkedout() == 0
    database.dispose()


def test_who_stands_still_in_a_transaction_loses_what_he_holds(postgresql_url: str) -> None:
    frozen = Database(postgresql_url, patience=Patience(frozen=timedelta(milliseconds=300)))
    other = Database(postgresql_url, patience=Patience(lock=timedelta(seconds=20)))
    lock = sa.text("LOCK TABLE worker_heartbeats IN EXCLUSIVE MODE")

    def stand_still() -> None:
        with frozen.writing() as session:
            session.execute(lock)
            with other.writing() as waiting:
                waiting.execute(lock)

    with pytest.raises(DBAPIError):
        stand_still()
    frozen.dispose()
    other.dispose()
