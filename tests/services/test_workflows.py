"""The worker as a real process: killed anywhere, it loses nothing and doubles nothing."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.errands import HOURLY, JOBS, Tools
from services.expiry import due_now
from services.households.models import Household
from services.jobs import QUEUE_CODES, QUEUE_NEWS, WorkerHeartbeat
from services.journal.models import JournalEntry
from services.messaging import GatewayFailed, send_later
from services.messaging.models import Message
from services.requests.models import Request, Transition
from services.requests.states import Event
from services.scoring.models import Score
from services.workers import Pulse, Rhythm, beat, forget_worker, living_workers
from tests.services.journal.chains import verified
from tests.services.requests.families import answered_family, queued, send

REQUESTS = 20
KILLS = 5
LONG = timedelta(minutes=1)
START = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def sms(tmp_path: Path) -> Path:
    return tmp_path / "sms.jsonl"


@pytest.fixture
def start_worker(database: Database, sms: Path) -> Iterator[START]:
    """Start workers on the test's database; whatever still runs at the end is killed."""
    workers: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "USRATI_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "USRATI_SMS_URL": f"file://{sms}",
    }

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.services.worker_process", *arguments]
        workers.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def wait_until(true: Callable[[], object], seconds: float = 120) -> None:
    give_up_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up_at, "it never came"
        time.sleep(0.02)


def lines(sms: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in sms.read_text().splitlines()] if sms.exists() else []


def count(database: Database, what: type) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(what)) or 0


def unfinished(database: Database) -> int:
    with database.reading() as session:
        requests = sa.select(sa.func.count(Request.id)).where(Request.state == "decided")
        messages = sa.select(sa.func.count(Message.id)).where(Message.sent_at.is_not(None))
        return 3 * REQUESTS - (session.scalar(requests) or 0) - (session.scalar(messages) or 0)


def test_workers_killed_in_mid_flow_lose_and_double_nothing(database: Database, start_worker: START, sms: Path) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        families = [answered_family(session, now, children=1) for _ in range(REQUESTS)]

    def submit_all() -> None:
        for family in families:
            with database.writing() as session:
                send(session, family, datetime.now(UTC))
            time.sleep(0.1)

    workers = [start_worker(), start_worker()]
    submitting = threading.Thread(target=submit_all)
    submitting.start()
    for kill in range(1, KILLS + 1):
        wait_until(lambda done=kill * 12: count(database, Transition) >= done)  # type: ignore[misc]
        victim = workers.pop(0)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        workers.append(start_worker())
    submitting.join()
    wait_until(lambda: unfinished(database) == 0)

    whole_life = (Event.SUBMIT, Event.START, Event.CONFIRM, Event.DECIDE)
    with database.reading() as session:
        steps = Counter(session.execute(sa.select(Transition.request_id, Transition.event)).all())
        assert Counter(event for _, event in steps) == dict.fromkeys(whole_life, REQUESTS)
        assert set(steps.values()) == {1}
        assert Counter(session.scalars(sa.select(Score.household_id))) == {f.household_id: 1 for f in families}
        assert set(session.scalars(sa.select(Household.state))) == {"active"}
        assert Counter(session.scalars(sa.select(Message.kind))) == {"submission": REQUESTS, "decision": REQUESTS}
    # An SMS may leave again, the same, when its worker was killed in between; none is missing.
    texts = Counter(line["text"] for line in lines(sms))
    assert len(texts) == 2 * REQUESTS
    assert max(texts.values()) <= 1 + KILLS
    wait_until(lambda: verified(database).waiting == 0, 10)
    journal = verified(database)
    assert (journal.findings, journal.sealed) == ([], count(database, JournalEntry))


def test_a_worker_asked_to_stop_finishes_and_leaves(database: Database, start_worker: START) -> None:
    worker = start_worker()
    wait_until(lambda: count(database, WorkerHeartbeat) == 1)
    time.sleep(1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=15) == 0
    assert count(database, WorkerHeartbeat) == 0


def test_a_job_that_fails_comes_back(database: Database, start_worker: START, sms: Path, tmp_path: Path) -> None:
    failures = tmp_path / "failures"
    failures.write_text("no words")
    now = datetime.now(UTC)
    with database.writing() as session:
        send_later(
            session, kind="news", to="+212600000101", person_id=None, locale="fr", key="Hello", params={}, now=now
        )
    start_worker(str(failures))
    wait_until(lambda: lines(sms))
    assert [line["text"] for line in lines(sms)] == ["Hello"]
    with database.reading() as session:
        (message_id,) = session.scalars(sa.select(Message.id))
        assert {f"send:{message_id}", f"send:{message_id}~1"} <= queued(session).keys()
    # What the queue writes of a finished job is what the retention of it goes by.
    wait_until(lambda: due_in_a_month(database) >= len(HOURLY) + 1)


def due_in_a_month(database: Database) -> int:
    with database.reading() as session:
        return due_now(session, now=datetime.now(UTC) + timedelta(days=30))["finished_job"]


def test_what_is_over_is_forgotten_every_hour_once(session: Session, now: datetime) -> None:
    for job in HOURLY:
        for _ in range(2):
            assert job.run(Tools(BrokenGateway(), lambda *words: ""), session, now) in ("0", "not_due")
    assert set(queued(session)) == {f"{job.name}:2026-06-15T11" for job in HOURLY}


class BrokenGateway:
    def send(self, **message: object) -> None:
        raise GatewayFailed


@pytest.mark.parametrize(("kind", "queue"), [("code", QUEUE_CODES), ("news", QUEUE_NEWS)])
def test_a_failing_gateway_is_tried_again_by_the_same_transaction(
    session: Session, now: datetime, kind: str, queue: str
) -> None:
    send_later(session, kind=kind, to="+212600000101", person_id=None, locale="fr", key="Hello", params={}, now=now)
    (message_id,) = session.scalars(sa.select(Message.id))
    tools = Tools(BrokenGateway(), lambda locale, key, params: key)
    (job,) = (job for job in JOBS if job.name == "send_message")
    for _ in range(2):
        assert job.run(tools, session, now, str(message_id)) == "retry"
    assert set(queued(session)) == {f"send:{message_id}", f"send:{message_id}:2"}
    schema = "dbos." if session.get_bind().dialect.name == "postgresql" else ""
    assert set(session.scalars(sa.text(f"SELECT queue_name FROM {schema}workflow_status"))) == {queue}


def test_a_silent_worker_is_told_from_a_living_one(session: Session, now: datetime) -> None:
    beat(session, executor_id="silent", now=now)
    beat(session, executor_id="living", now=now)
    beat(session, executor_id="living", now=now + timedelta(seconds=61))
    later = now + timedelta(seconds=61)
    assert living_workers(session, silence=Rhythm().silence, now=later) == {"living"}
    forget_worker(session, executor_id="living", now=later)
    assert not living_workers(session, silence=Rhythm().silence, now=later)


class Begun:
    """Jobs that were begun, of which this process runs ``ours``."""

    def __init__(self, jobs: dict[str, str], ours: set[str]) -> None:
        self.jobs, self.ours = jobs, ours
        self.again: list[tuple[str, str]] = []

    def begun(self) -> dict[str, str]:
        return self.jobs

    def in_hand(self) -> set[str]:
        return self.ours

    def queue_again(self, job: str, worker: str) -> None:
        self.again.append((job, worker))
        self.jobs.pop(job, None)


def pulsing(database: Database, work: Begun, silence: timedelta = LONG) -> tuple[Pulse, threading.Event]:
    rhythm, stop = Rhythm(beat=timedelta(milliseconds=10), silence=silence), threading.Event()
    pulse = Pulse(database, "mine", rhythm=rhythm, work=work, stop=stop)
    pulse.start()
    return pulse, stop


def test_the_work_of_who_has_no_beat_is_taken_over(database: Database) -> None:
    work = Begun({"a": "mine", "b": "dead", "c": "dead"}, ours={"a"})
    pulse, stop = pulsing(database, work)
    wait_until(lambda: len(work.again) > 1)
    stop.set()
    pulse.join()
    assert work.again == [("b", "dead"), ("c", "dead")]


def test_what_was_taken_and_never_begun_is_queued_again(sqlite_database: Database) -> None:
    work = Begun({"a": "mine", "b": "mine"}, ours={"a"})
    pulse, stop = pulsing(sqlite_database, work, silence=timedelta(seconds=1))
    time.sleep(0.5)
    assert work.again == []
    wait_until(lambda: work.again)
    time.sleep(0.2)
    stop.set()
    pulse.join()
    assert work.again == [("b", "mine")]


def test_a_dead_workers_job_waits_less_than_a_minute() -> None:
    # A second for a slow beat, another for the job itself.
    assert Rhythm().taken_over_within <= timedelta(seconds=58)
    # Some beats may be lost, by a server that starts again or a machine that is busy, and nothing happens.
    assert Rhythm().silence >= 6 * Rhythm().beat
