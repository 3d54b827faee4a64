"""Without its keys a process does not start, and says which one is missing."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from services.crypto.custody import hold_keys, marked_keys, release_unused
from services.crypto.models import KeyMark
from services.crypto.resealing import Resealing, keys_in_use
from services.database import Database
from services.population.models import Person
from tests.services.crypto.people import add_people
from tests.services.crypto.rings import UseKeys, key_id


def test_the_keys_that_were_used_let_in(database: Database, use_keys: UseKeys, now: datetime) -> None:
    use_keys("old")
    assert hold_keys(database, now=now) == []
    assert hold_keys(database, now=now) == []
    use_keys("new", "old")
    assert hold_keys(database, now=now) == []
    with database.reading() as session:
        assert set(marked_keys(session)) == {key_id("old"), key_id("new")}


def test_a_lost_key_is_named(database: Database, use_keys: UseKeys, now: datetime) -> None:
    use_keys("old")
    hold_keys(database, now=now)
    use_keys("new")
    (fault,) = hold_keys(database, now=now)
    assert f"USRATI_ENCRYPTION_KEYS lacks the key {key_id('old')}" in fault
    assert "since 2026-06-15" in fault
    use_keys("new", "old")
    assert hold_keys(database, now=now) == []


def test_a_lost_key_is_noticed_in_data_without_a_mark(database: Database, use_keys: UseKeys, now: datetime) -> None:
    use_keys("old")
    with database.writing() as session:
        add_people(session, 3)
    use_keys("new")
    (fault,) = hold_keys(database, now=now)
    assert f"lacks the key {key_id('old')}" in fault
    assert "in the table persons" in fault


def test_a_mark_that_was_tampered_with_is_not_believed(database: Database, use_keys: UseKeys, now: datetime) -> None:
    use_keys("old")
    hold_keys(database, now=now)
    with database.writing() as session:
        session.execute(sa.update(KeyMark).values(mark=sa.func.substr(KeyMark.mark, 1, 30)))
    (fault,) = hold_keys(database, now=now)
    assert f"the mark of the key {key_id('old')}" in fault


def test_another_secret_is_refused(database: Database, use_keys: UseKeys, now: datetime) -> None:
    use_keys("old")
    hold_keys(database, now=now)
    use_keys("old", secret="another")
    (fault,) = hold_keys(database, now=now)
    assert fault.startswith("USRATI_SECRET_KEY is not the one")


def test_a_database_that_was_not_migrated_is_told(use_keys: UseKeys, now: datetime, tmp_path: object) -> None:
    use_keys("old")
    (fault,) = hold_keys(Database(f"sqlite:///{tmp_path}/new.db"), now=now)
    assert "usrati migrate" in fault


def test_a_key_that_seals_nothing_any_more_may_go_and_come_back(
    database: Database, use_keys: UseKeys, now: datetime
) -> None:
    use_keys("old")
    hold_keys(database, now=now)
    with database.writing() as session:
        add_people(session, 3)
    use_keys("new", "old")
    hold_keys(database, now=now)
    with database.writing() as session:
        assert release_unused(session, in_use=keys_in_use(session), now=now) == []
    list(Resealing(database).run())
    with database.writing() as session:
        assert release_unused(session, in_use=keys_in_use(session), now=now) == [key_id("old")]
    use_keys("new")
    assert hold_keys(database, now=now) == []
    # A process that writes with it again says so, and from then on it is needed again.
    use_keys("old", "new")
    assert hold_keys(database, now=now + timedelta(days=1)) == []
    use_keys("new")
    assert len(hold_keys(database, now=now)) == 1


def test_starting_costs_little_however_many_people_there_are(
    sqlite_database: Database, use_keys: UseKeys, now: datetime
) -> None:
    use_keys("old")
    hold_keys(sqlite_database, now=now)
    with sqlite_database.writing() as session:
        add_people(session, 200)
        session.flush()
        assert session.scalar(sa.select(sa.func.count(Person.id))) == 200
    rows: list[int] = []

    @sa.event.listens_for(sqlite_database.read_engine, "after_cursor_execute")
    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        rows.append(1)
        assert any(word in statement for word in ("BEGIN", "LIMIT", "key_marks", "sqlite_")), statement

    assert hold_keys(sqlite_database, now=now) == []
    assert len(rows) < 40


@pytest.mark.parametrize("names", [("old",), ("old", "other")])
def test_a_ring_may_hold_more_than_is_needed(
    database: Database, use_keys: UseKeys, now: datetime, names: tuple[str, ...]
) -> None:
    use_keys(*names)
    assert hold_keys(database, now=now) == []
