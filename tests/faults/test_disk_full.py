"""The disk is full: pages say «not now» and keep what was typed, reads go on, and with room all goes on by itself."""

import json
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg
import pytest
import sqlalchemy as sa

from services.accounts.models import CitizenSession, CodeAttempt
from services.database import taking_turns
from services.messaging.gateways import FileGateway, GatewayFailed
from services.requests.models import Request
from services.settings import Settings
from tests.faults.cluster import Machine
from tests.faults.crowd import Home, homes, served, visitor
from tests.faults.disks import Disk, small_disk
from tests.journeys.installation import wait_until
from tests.portal.pages import said
from tests.postgresql import CARELESS, PostgreSQL, open_the_way

SMALL = 40
FULL, SHORT = 30, 4
SIZES = [pytest.param(FULL, marks=pytest.mark.matrix), SHORT]
NOBODY = {"idcs": "2345678906", "sex": "F", "birth_day": "2", "birth_month": "5", "birth_year": "1984"}
MOST_ROUNDS = 400


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.matrix)])
def place(
    request: pytest.FixtureRequest, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Machine, Disk]]:
    """A machine whose database, and for SQLite also its files and its log, stand on a disk that can be filled."""
    with ExitStack() as opened:
        folder = tmp_path_factory.mktemp("disk")
        open_the_way(folder)
        disk = opened.enter_context(small_disk(folder / "small", SMALL))
        url, home = None, disk.folder
        if request.param == "postgresql":
            url, home = on_this_disk(opened, tmp_path_factory.mktemp("cluster"), disk), folder
        yield opened.enter_context(served(home, url, works=True)), disk


def on_this_disk(opened: ExitStack, folder: Path, disk: Disk) -> str:
    """A database whose tables stand there; its log of what is to be written does not, as in a real house."""
    server = PostgreSQL(folder, *CARELESS)
    server.start()
    opened.callback(server.stop)
    tables = disk.folder / "tables"
    tables.mkdir()
    shutil.chown(tables, server.cluster.stat().st_uid)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")
        connection.execute("CREATE DATABASE filled TABLESPACE small")
    return server.url("filled")


def readiness(machine: Machine) -> tuple[int, str]:
    try:
        with urlopen(f"{machine.base}/readyz") as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def fill_until_refused(machine: Machine, disk: Disk) -> None:
    """What is left in pages that were begun is used up too."""
    disk.fill()
    passer_by = visitor(machine)
    for _ in range(MOST_ROUNDS):
        passer_by.get("/sign-in")
        if passer_by.fill(**NOBODY).status == 503:
            return
    raise AssertionError("a full disk refuses nothing")


@pytest.mark.parametrize("number", SIZES)
def test_nothing_acknowledged_is_lost_and_reading_goes_on(place: tuple[Machine, Disk], number: int) -> None:
    machine, disk = place
    crowd = homes(machine, number)
    for rooms, home in enumerate(crowd, 1):
        home.open()
        home.say(1 + rooms % 8)
        home.open()
    attempts = len(machine.rows(sa.select(CodeAttempt.id)))
    with machine.database.writing() as session:
        # Each was last seen a while ago: being seen again would be written.
        before = datetime.now(UTC) - timedelta(minutes=5)
        session.execute(sa.update(CitizenSession).values(last_seen_at=before))
    fill_until_refused(machine, disk)
    try:
        for turn in range(3):
            for home in crowd:
                page = home.say(2 + turn)
                assert page.status in (200, 503)
                if page.status == 503:
                    assert (page.heading, page.value("rooms")) == (said("Not available now"), str(2 + turn))
                for path in ("/household", "/form", "/form/check", "/requests"):
                    assert home.walker.get(path).status == 200, path
                assert visitor(machine).get("/").status == 200
                assert home.stored() == home.acknowledged
                home.open()
        assert_said(machine)
    finally:
        disk.make_room()
    # Nobody restarts anything.
    assert [home.say(9).status for home in crowd] == [200] * number
    assert [home.stored() for home in crowd] == [9] * number
    assert attempts <= len(machine.rows(sa.select(CodeAttempt.id)))
    sent = [send(home) for home in crowd]
    assert sorted(machine.rows(sa.select(Request.reference))) == sorted(sent)
    wait_until(lambda: set(machine.rows(sa.select(Request.state))) == {"decided"}, "the worker does not go on")
    wait_until(lambda: readiness(machine)[0] == 200, "it does not say that it is ready", seconds=20)


def assert_said(machine: Machine) -> None:
    """Whoever runs it can read what is wrong."""
    told = machine.run("doctor")
    assert told.returncode == 1
    assert "disk" in told.stdout
    if machine.database.url.get_backend_name() == "sqlite":
        status, words = readiness(machine)
        assert status == 503
        assert "disk" in words


def send(home: Home) -> str:
    home.walker.get("/form/check")
    path = home.walker.press("/form/check").path
    assert path.endswith("/receipt"), path
    return path.split("/")[-2]


@pytest.mark.parametrize("number", SIZES)
def test_what_was_sent_waits_for_room_and_messages_come_whole(place: tuple[Machine, Disk], number: int) -> None:
    machine, disk = place
    crowd = homes(machine, number)
    # The worker stands still while the families send, and meets the full disk with work in hand.
    stand_still(machine)
    sent = [send(home) for home in crowd]
    disk.fill()
    try:
        machine.worker.send_signal(signal.SIGCONT)
        time.sleep(2)
        assert machine.worker.poll() is None
    finally:
        disk.make_room()
    ours = sa.select(Request.state).where(Request.reference.in_(sent))
    wait_until(lambda: machine.rows(ours) == ["decided"] * number, "what was sent is not worked on")
    mobiles = {home.family.mobile for home in crowd}
    wait_until(lambda: told(machine) >= mobiles, "a message does not come")
    assert all(json.loads(line) for line in (machine.sms.path).read_text().splitlines())
    assert machine.worker.poll() is None
    assert machine.server.poll() is None


def stand_still(machine: Machine) -> None:
    """Stop the worker where it keeps nobody out: a writer of SQLite that stands still would."""
    wait_until(lambda: "worker_started" in machine.output(), "the worker does not start")
    is_file = machine.database.url.get_backend_name() == "sqlite"
    with taking_turns(machine.database) if is_file else nullcontext():
        machine.worker.send_signal(signal.SIGSTOP)


def told(machine: Machine) -> set[str]:
    return {message["to"] for message in machine.sms.messages()}


def test_a_server_that_starts_on_a_full_disk_shows_its_pages(place: tuple[Machine, Disk]) -> None:
    machine, disk = place
    [home] = homes(machine, 1)
    machine.kill_portal()
    disk.fill()
    try:
        machine.start_portal()
        assert home.walker.get("/household").status == 200
    finally:
        disk.make_room()
    home.open()
    assert home.say(4).status == 200
    assert home.stored() == 4


def test_a_message_for_which_there_is_no_room_leaves_no_half_of_it(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 1) as disk:
        path = disk.folder / "sms.jsonl"
        gateway = FileGateway(path)
        message = {"to": "+212600000101", "locale": "fr", "idempotency_key": "1", "at": datetime.now(UTC)}
        gateway.send(**message, text="before")
        disk.fill()
        with pytest.raises(GatewayFailed):
            gateway.send(**message, text="x" * 5000)
        disk.make_room()
        gateway.send(**message, text="afterwards")
        assert [json.loads(line)["text"] for line in path.read_text().splitlines()] == ["before", "afterwards"]
