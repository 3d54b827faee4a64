"""Workers on several machines: the dead one's work goes on within a minute, a wrong clock makes nobody dead."""

import signal
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from services.journal import citizen
from services.messaging import send_later
from services.messaging.models import Message
from services.papers.receipts import submit_with_receipt
from tests.faults.accounts import check_chain, check_messages, check_whole, wait_for_the_workers
from tests.faults.cluster import REAL_WORKER, Machine
from tests.faults.conftest import MakeMachines
from tests.faults.families import ready_families
from tests.journeys.installation import wait_until
from tests.services.worker_process import QUICK

FAMILIES = 40
WITHIN_SECONDS = 60.0


@pytest.fixture
def two_machines(postgresql_server: str, make_machines: MakeMachines) -> tuple[Machine, Machine]:
    """Two machines on a new database, on which nothing runs yet."""
    name = f"workers_{uuid4().hex}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    one, two = make_machines(f"{postgresql_server.rsplit('/', 1)[0]}/{name}", 2)
    return one, two


@pytest.mark.parametrize(("hours_of_the_busy", "hours_of_the_other"), [(0, 2), (-2, 0)])
def test_a_wrong_clock_makes_nobody_dead(
    two_machines: tuple[Machine, Machine], hours_of_the_busy: int, hours_of_the_other: int
) -> None:
    busy, other = two_machines
    with_clock = (sys.executable, "-m", "tests.faults.worker_with_clock")
    with busy.database.writing() as session:
        now = datetime.now(UTC)
        send_later(
            session, kind="news", to="+212600000101", person_id=None, locale="fr", key="Hello", params={}, now=now
        )
    busy.start_worker((*with_clock, str(hours_of_the_busy), str(busy.folder)))
    wait_until((busy.folder / "begun").exists, "no job was begun")
    other.start_worker((*with_clock, str(hours_of_the_other)))
    wait_until(lambda: "worker_started" in other.output(), "the other does not start")
    time.sleep(2 * QUICK.silence.total_seconds())
    assert other.sms.messages() == []
    (busy.folder / "go").touch()
    wait_until(lambda: busy.rows(sa.select(Message.sent_at))[0], "nothing was sent")
    assert busy.rows(sa.select(Message.attempts)) == [1]
    assert len(busy.sms.messages()) == 1
    assert not any("worker_silent" in machine.output() for machine in two_machines)


@pytest.mark.matrix
def test_the_work_of_a_worker_that_died_for_good_is_done_within_a_minute(
    two_machines: tuple[Machine, Machine],
) -> None:
    dying, other = two_machines
    families = ready_families(dying.database, FAMILIES)
    dying.start_worker(REAL_WORKER)
    wait_until(lambda: "worker_started" in dying.output(), "no worker starts")
    other.start_worker(REAL_WORKER)
    wait_until(lambda: "worker_started" in other.output(), "no worker starts")
    [name] = [line.split('"worker": "')[1].split('"')[0] for line in dying.output().splitlines() if "started" in line]
    acknowledged = {}
    with dying.database.writing() as session:
        for family in families:
            place = {"actor": citizen(family.mother_id), "household_id": family.household_id}
            sent = submit_with_receipt(session, **place, submission_key="the page's key", now=datetime.now(UTC))  # type: ignore[arg-type]
            acknowledged[family.household_id] = sent.reference
    had = _kill_with_work_in_hand(dying, name)
    died = time.monotonic()
    wait_for_the_workers(other.database, FAMILIES, seconds=2 * WITHIN_SECONDS)
    took = time.monotonic() - died
    print(f"{len(had)} jobs of the dead worker were done {took:.1f} s after its death")
    assert took < WITHIN_SECONDS
    check_whole(other.database, families, acknowledged)
    check_messages(other, families, kills=1)
    check_chain(other)


def _kill_with_work_in_hand(machine: Machine, name: str) -> list[str]:
    query = "SELECT workflow_uuid FROM dbos.workflow_status WHERE status = 'PENDING' AND executor_id = %s"
    url = machine.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            if connection.execute(query, [name]).fetchone():
                machine.worker.send_signal(signal.SIGSTOP)
                # What the server was told already comes to its end.
                time.sleep(0.2)
                had = [row[0] for row in connection.execute(query, [name])]
                if had:
                    machine.kill_worker()
                    return had
                machine.worker.send_signal(signal.SIGCONT)
            time.sleep(0.005)
