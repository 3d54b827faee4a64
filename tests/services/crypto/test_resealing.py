"""A rotation brings every value under the new key, loses none, and never undoes a change."""

import base64
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from portal.cli import main
from services.crypto import resealing, sealed_columns
from services.crypto.resealing import Resealing, count_stale, keys_in_use
from services.database import Database
from services.population.models import Person
from tests.services.crypto.people import add_people, fill_every_sealed_column, names_of
from tests.services.crypto.rings import UseKeys, key, key_id

MANY = 3000


def test_every_sealed_column_comes_under_the_new_key(database: Database, use_keys: UseKeys, now: datetime) -> None:
    use_keys("old")
    with database.writing() as session:
        fill_every_sealed_column(session, now)
    with database.reading() as session:
        for columns in sealed_columns().values():
            for sealed in columns:
                assert session.scalar(sa.select(sa.func.count(sealed.column))), f"nothing fills {sealed.column}"
        before = keys_in_use(session)
        names = names_of(session)
    assert before.keys() == {key_id("old")}
    use_keys("new", "old")
    resealed = Resealing(database)
    done = list(resealed.run())
    assert not resealed.damaged
    with database.reading() as session:
        assert keys_in_use(session) == {key_id("new"): before[key_id("old")]}
        assert count_stale(session) == 0
    use_keys("new")
    with database.reading() as session:
        assert names_of(session) == names
    assert sum(done) > 0
    assert list(Resealing(database).run()) == []


def test_a_change_in_the_middle_of_a_batch_is_not_undone(
    database: Database, use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys("old")
    with database.writing() as session:
        add_people(session, 20)
    use_keys("new", "old")
    store = Resealing._store

    def change_then_store(self: Resealing, *arguments: object) -> int:
        monkeypatch.undo()
        with database.writing() as session:
            for person in session.scalars(sa.select(Person)):
                person.name_latin = f"{person.name_latin} changed"
        return store(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Resealing, "_store", change_then_store)
    list(Resealing(database).run())
    use_keys("new")
    with database.reading() as session:
        assert {name for _, _, name in names_of(session)} == {f"name {number} changed" for number in range(20)}


def test_the_service_writes_meanwhile_and_keeps_every_word(
    database: Database, use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys("old")
    monkeypatch.setattr(resealing, "BATCH_ROWS", 10)
    with database.writing() as session:
        add_people(session, 300)
    use_keys("new", "old")
    stop = threading.Event()
    written: dict[object, str] = {}

    def write() -> None:
        with database.reading() as session:
            ids = list(session.scalars(sa.select(Person.id)))
        turn = 0
        while not stop.is_set():
            turn += 1
            for person_id in ids[turn % 7 :: 40]:
                with database.writing() as session:
                    session.get_one(Person, person_id, with_for_update=True).name_latin = f"turn {turn}"
                written[person_id] = f"turn {turn}"

    writer = threading.Thread(target=write)
    writer.start()
    list(Resealing(database).run())
    stop.set()
    writer.join()
    use_keys("new")
    with database.reading() as session:
        for person in session.scalars(sa.select(Person)):
            assert person.name_arabic
            assert person.name_latin == written.get(person.id, f"name {person.idcs}")
    assert written


def test_rows_that_somebody_holds_are_left_to_the_next_pass(database: Database, use_keys: UseKeys) -> None:
    use_keys("old")
    with database.writing() as session:
        add_people(session, 5)
    use_keys("new", "old")
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with database.writing() as session:
            session.scalars(sa.select(Person).order_by(Person.id).limit(1).with_for_update()).one()
            held.set()
            release.wait(0.5)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    list(Resealing(database).run())
    holder.join()
    with database.reading() as session:
        assert count_stale(session) == 0


def test_a_value_that_does_not_open_is_named_and_left(database: Database, use_keys: UseKeys) -> None:
    use_keys("old")
    with database.writing() as session:
        add_people(session, 3)
    with database.writing() as session:
        victim, other = session.scalars(sa.select(Person).limit(2))
        victim.name_latin_sealed = other.name_latin_sealed
    use_keys("new", "old")
    resealed = Resealing(database)
    list(resealed.run())
    assert list(resealed.damaged) == [("persons.name_latin_sealed", victim.id)]
    with database.reading() as session:
        assert keys_in_use(session)[key_id("old")] == 1


def test_killed_in_the_middle_it_goes_on_where_it_was(
    database: Database, use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys("old")
    with database.writing() as session:
        add_people(session, MANY)
    with database.reading() as session:
        names = names_of(session)
    ring = ",".join(base64.b64encode(key(name)).decode() for name in ("new", "old"))
    monkeypatch.setenv("USRATI_ENCRYPTION_KEYS", ring)
    monkeypatch.setenv("USRATI_DATABASE_URL", database.url.render_as_string(hide_password=False))
    use_keys("new", "old")
    command = [sys.executable, "-c", "from portal.cli import main; main()", "keys", "rotate"]
    rotation = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while under_new_key(database) == 0:
        assert rotation.poll() is None
        time.sleep(0.01)
    rotation.send_signal(signal.SIGKILL)
    rotation.wait()
    done = under_new_key(database)
    assert 0 < done < MANY
    ended = CliRunner().invoke(main, ["keys", "rotate"], catch_exceptions=False)
    assert ended.exit_code == 0
    assert f"{MANY - done} rows sealed again" in ended.stdout
    assert f"No longer used anywhere: {key_id('old')}" in ended.stdout
    use_keys("new")
    with database.reading() as session:
        assert names_of(session) == names


def under_new_key(database: Database) -> int:
    with database.reading() as session:
        return (session.scalar(sa.select(sa.func.count(Person.id))) or 0) - count_stale(session)
