"""A flood of news through real workers: so many a second in all, and a code is not behind it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.database import Database
from services.jobs import enqueue
from services.messaging import KIND_CODE, send_later
from services.messaging.models import Message

MOBILE = "+212612345678"
PER_SECOND = 10


@pytest.fixture
def sms(tmp_path: Path) -> Path:
    return tmp_path / "sms.jsonl"


@pytest.fixture
def two_workers(database: Database, sms: Path) -> Iterator[None]:
    environment = {
        **os.environ,
        "USRATI_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "USRATI_SMS_URL": f"file://{sms}",
        "USRATI_SMS_PER_SECOND": str(PER_SECOND),
    }
    command = [sys.executable, "-m", "tests.services.worker_process"]
    workers = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) for _ in "12"]
    yield
    for worker in workers:
        worker.kill()
        worker.wait()


def sent(sms: Path) -> list[tuple[str, datetime]]:
    lines = [json.loads(line) for line in sms.read_text().splitlines()] if sms.exists() else []
    return [(line["text"], datetime.fromisoformat(line["at"])) for line in lines]


def flood(database: Database, news: int) -> None:
    with database.writing() as session:
        for _ in range(news):
            message = Message(
                kind="news", locale="fr", key="news", parameters="{}", to=MOBILE, created_at=datetime.now(UTC)
            )
            session.add(message)
            session.flush()
            enqueue(session, "send_message", message.id, queue="news", key=f"send:{message.id}")


def wait_for(sms: Path, *, least: int, text: str = "", seconds: float = 120) -> float:
    """How long until so many messages of this text have left."""
    begun = time.monotonic()
    while sum(text in said for said, _ in sent(sms)) < least:
        assert time.monotonic() - begun < seconds, "it never left"
        time.sleep(0.02)
    return time.monotonic() - begun


def check_flood(database: Database, sms: Path, *, news: int, watched: int) -> None:
    flood(database, news)
    wait_for(sms, least=5)
    begun = time.monotonic()
    with database.writing() as session:
        now = datetime.now(UTC)
        send_later(session, kind=KIND_CODE, to=MOBILE, person_id=None, locale="fr", key="code", params={}, now=now)
    wait_for(sms, least=1, text="code")
    # Its turn comes within a second; the rest is what a busy machine needs to look into its queue.
    assert time.monotonic() - begun < 10
    assert len(sent(sms)) < news
    wait_for(sms, least=watched)
    left = sorted(at for _, at in sent(sms))
    most = max(sum(first <= at < first + timedelta(seconds=3) for at in left) for first in left)
    # Turns are a tenth of a second apart; a thread that was held up may leave beside the next.
    assert most <= 3 * PER_SECOND + PER_SECOND


def test_a_code_does_not_wait_behind_news(database: Database, two_workers: None, sms: Path) -> None:
    check_flood(database, sms, news=200, watched=60)


@pytest.mark.matrix
def test_a_code_does_not_wait_behind_five_thousand_news(database: Database, two_workers: None, sms: Path) -> None:
    check_flood(database, sms, news=5000, watched=300)
