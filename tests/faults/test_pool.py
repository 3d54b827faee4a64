"""More requests than connections: a kind «not now» in seconds, nothing acknowledged lost, well again by itself."""

import threading
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from services.settings import Settings
from tests.faults.cluster import Machine
from tests.faults.crowd import Home, homes, locked, served, visitor
from tests.faults.measuring import Waits, all_ended, busy, for_seconds
from tests.portal.pages import said

FULL, SHORT = (40, 20.0), (12, 2.0)
SIZES = [pytest.param(FULL, marks=pytest.mark.matrix), SHORT]
MOST_CONNECTIONS = 3


@pytest.fixture(scope="module")
def url(settings: Settings, postgresql_server: str) -> str:
    """A database whose owner may have as many connections as a test allows."""
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute("CREATE ROLE family_office LOGIN")
        connection.execute("CREATE DATABASE few_connections OWNER family_office")
    host = postgresql_server.partition("@")[2].rpartition("/")[0]
    return f"postgresql://family_office@{host}/few_connections"


@pytest.fixture(scope="module")
def machine(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with served(tmp_path_factory.mktemp("few"), url) as machine:
        yield machine


def allow(server: str, most: int) -> None:
    """From now on so many connections, and none of those there were."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE family_office CONNECTION LIMIT {most}")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'family_office'")


def keep_saving(home: Home, seconds: float, waits: Waits) -> None:
    """A family that saves again and again, and presses «try again» where it could not."""
    rooms = 1
    for _ in for_seconds(seconds):
        if waits.take(home.open).status == 200:
            rooms = rooms % 9 + 1
            waits.take(lambda rooms=rooms: home.say(rooms))


def all_save(crowd: list[Home], seconds: float) -> Waits:
    waits = Waits()
    with all_ended([threading.Thread(target=keep_saving, args=(home, seconds, waits)) for home in crowd]):
        pass
    return waits


@pytest.mark.parametrize("size", SIZES)
def test_where_every_connection_is_taken_nothing_acknowledged_is_lost(
    machine: Machine, postgresql_server: str, size: tuple[int, float]
) -> None:
    number, seconds = size
    crowd, times = homes(machine, number), busy()
    machine.database.dispose()
    allow(postgresql_server, MOST_CONNECTIONS)
    try:
        waits = all_save(crowd, seconds)
    finally:
        allow(postgresql_server, -1)
    times = max(times, busy())
    print(f"{times:.1f} times as slow;", waits, Counter(waits.statuses))
    assert set(waits.statuses) == {200, 503}
    assert waits.share(0.99) < 2.0 * times
    assert [home.stored() for home in crowd] == [home.acknowledged for home in crowd]
    # No one restarted anything.
    assert set(all_save(crowd, 0.5).statuses) == {200}
    assert [home.stored() for home in crowd] == [home.acknowledged for home in crowd]


@pytest.mark.parametrize("size", SIZES)
def test_where_each_connection_waits_for_another_who_asks_hears_not_now_in_seconds(
    machine: Machine, postgresql_server: str, size: tuple[int, float]
) -> None:
    number, seconds = size
    crowd, times = homes(machine, number), busy()
    for home in crowd:
        home.open()
    waits, passers_by = Waits(), Waits()
    superuser = postgresql_server.rpartition("/")[0] + "/few_connections"
    saving = [threading.Thread(target=keep_saving, args=(home, seconds, waits)) for home in crowd]
    with locked(superuser, "draft_pages"), all_ended(saving):
        for _ in for_seconds(seconds):
            passers_by.take(lambda: visitor(machine).get("/"))
    times = max(times, busy())
    print(f"{times:.1f} times as slow; held: {waits}; visitors: {passers_by}")
    assert set(waits.statuses) == {503}
    assert set(passers_by.statuses) == {200}
    # Two seconds for a lock; whoever stands behind the others for a free thread waits a few times as long.
    assert max(waits.seconds) < 2 * (1 + number / 10) + 1.0 * times
    assert set(all_save(crowd, 0.5).statuses) == {200}
    assert [home.stored() for home in crowd] == [home.acknowledged for home in crowd]


def test_the_page_keeps_what_was_typed_and_says_when_to_come_back(machine: Machine, postgresql_server: str) -> None:
    home = homes(machine, 1)[0]
    home.open()
    with locked(postgresql_server.rpartition("/")[0] + "/few_connections", "draft_pages"):
        page = home.walker.fill(rooms="8")
    assert (page.status, page.heading, page.value("rooms")) == (503, said("Not available now"), "8")
    assert page.headers["Retry-After"] == "10"
    assert home.walker.press("/form/home").status == 200
    assert home.stored() == 8
