"""Two hundred requests at once with one family's cookie: no fault, no deadlock, one request, and others go on."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from services.requests.models import Request
from services.settings import Settings
from tests.faults.cluster import Machine
from tests.faults.crowd import ROOMS, Home, homes, served
from tests.faults.measuring import Waits, at_once, busy
from tests.portal.pages import Page

# Reads, saves of one question with another number each, clicks on «send».
FULL, SHORT = (90, 70, 40), (16, 12, 8)
SIZES = [pytest.param(FULL, marks=pytest.mark.matrix), SHORT]
READ = ("/household", "/form", ROOMS, "/form/check", "/requests")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def machine(
    request: pytest.FixtureRequest, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    url = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE one_account")
        url = server.rpartition("/")[0] + "/one_account"
    with served(tmp_path_factory.mktemp("one"), url) as machine:
        yield machine


def browsers(machine: Machine, first: Home, number: int) -> list[Home]:
    """The same family at so many browsers."""
    return [Home(machine, first.family) for _ in range(number)]


def meanwhile(other: Home, stop: threading.Event, waits: Waits) -> None:
    """Another family at its form."""
    rooms = 1
    while not stop.is_set():
        waits.take(other.open)
        rooms = rooms % 9 + 1
        waits.take(lambda rooms=rooms: other.say(rooms))


def reading(home: Home, path: str) -> Callable[[], Page]:
    return lambda: home.walker.get(path)


def saving(home: Home, rooms: int) -> Callable[[], Page]:
    return lambda: home.say(rooms)


def sending(home: Home) -> Callable[[], Page]:
    return lambda: home.walker.press("/form/check")


def all_at_once(other: Home, asked: list[Callable[[], Page]]) -> tuple[Waits, Waits]:
    """Everything asked in one moment; what it cost, and what it cost another family."""
    ours, theirs, stop = Waits(), Waits(), threading.Event()
    thread = threading.Thread(target=meanwhile, args=(other, stop, theirs))
    thread.start()
    try:
        at_once([lambda ask=ask: ours.take(ask) for ask in asked])
    finally:
        stop.set()
        thread.join()
    print(f"ours: {ours} {Counter(ours.statuses)}; another family: {theirs}")
    return ours, theirs


@pytest.mark.parametrize("size", SIZES)
def test_reads_saves_and_submissions_of_one_family_at_once(
    machine: Machine, tmp_path: Path, size: tuple[int, int, int]
) -> None:
    reads, saves, sends = size
    ours, other = homes(machine, 2)
    times = busy()
    savers, senders = browsers(machine, ours, saves), browsers(machine, ours, sends)
    for saver in savers:
        saver.open()
    saved, theirs_while_saving = all_at_once(
        other,
        [reading(ours, READ[n % len(READ)]) for n in range(reads // 2)]
        + [saving(saver, 10 + number) for number, saver in enumerate(savers)],
    )
    acknowledged = [saver.acknowledged for saver in savers if not saver.walker.page.path.endswith(ROOMS)]
    assert set(saved.statuses) <= {200, 422}
    # One of those that read the same page was saved; each other was shown that it changed meanwhile.
    assert acknowledged == [ours.stored()]
    for sender in senders:
        sender.walker.get("/form/check")
    sent, theirs_while_sending = all_at_once(
        other,
        [reading(ours, READ[n % len(READ)]) for n in range(reads // 2)] + [sending(sender) for sender in senders],
    )
    assert set(sent.statuses) == {200}
    mine = sa.select(Request.reference).where(Request.household_id == ours.family.household_id)
    [reference] = machine.rows(mine)
    receipts = {sender.walker.page.path for sender in senders}
    assert receipts == {f"/fr/requests/{reference}/receipt"}
    assert set(theirs_while_saving.statuses + theirs_while_sending.statuses) == {200}
    assert other.stored() == other.acknowledged
    times = max(times, busy())
    assert max(saved.seconds + sent.seconds) < sum(size) / 20 * times + 1
    assert theirs_while_saving.share(0.9) < sum(size) / 30 * times + 1
    assert theirs_while_sending.share(0.9) < sum(size) / 30 * times + 1
