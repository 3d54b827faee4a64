"""Asked to stop, the server finishes the requests under way and the worker the jobs in hand."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
import sqlalchemy as sa

from services.accounts.models import CodeAttempt
from services.database import Database
from services.jobs import WorkerHeartbeat
from services.messaging import send_later
from services.messaging.models import Message
from services.settings import Settings
from tests.journeys.installation import Installation, wait_until
from tests.portal.pages import Page
from tests.portal.walking import HttpBrowser

NOBODY = {"idcs": "2345678906", "sex": "F", "birth_day": "2", "birth_month": "5", "birth_year": "1984"}


@pytest.fixture
def portal(settings: Settings, tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path)
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


def test_a_request_under_way_is_answered_and_kept(portal: Installation) -> None:
    browser = HttpBrowser(portal.base)
    form = browser.send("GET", "/fr/sign-in", None, {}).form(None, "idcs")
    body = urlencode(form.fields | NOBODY, doseq=True).encode()
    answers: list[Page] = []
    posting = threading.Thread(target=lambda: answers.append(browser.send("POST", "/fr/sign-in", body, {})))
    with portal.database.writing() as session:
        # Whoever writes now waits behind this transaction: a request as slow as the test wants.
        session.execute(sa.select(1))
        posting.start()
        time.sleep(1)
        portal.server.terminate()
        time.sleep(1)
        assert portal.server.poll() is None
        assert answers == []
    posting.join(timeout=20)
    assert portal.server.wait(timeout=20) == 0
    assert [page.status for page in answers] == [303]
    assert len(portal.rows(sa.select(CodeAttempt.id))) == 1
    with pytest.raises(URLError):
        urlopen(portal.base, timeout=2)


def test_a_job_in_hand_is_finished(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        send_later(
            session,
            kind="news",
            to="+212600000101",
            person_id=None,
            locale="fr",
            key="Hello",
            params={},
            now=datetime.now(UTC),
        )
    ours = {"USRATI_DATA_DIR": str(tmp_path), "USRATI_DATABASE_URL": database.url.render_as_string(hide_password=False)}
    command = [sys.executable, "-m", "tests.deploy.slow_worker_process", str(tmp_path)]
    worker = subprocess.Popen(command, env={**os.environ, **ours}, stdout=subprocess.DEVNULL)
    try:
        wait_until((tmp_path / "begun").exists, "no job was begun")
        worker.terminate()
        time.sleep(1)
        assert worker.poll() is None
        (tmp_path / "go").touch()
        assert worker.wait(timeout=20) == 0
    finally:
        worker.kill()
        worker.wait()
    with database.reading() as session:
        [message] = session.scalars(sa.select(Message))
        assert (message.sent_at is not None, message.attempts) == (True, 1)
        assert session.scalar(sa.select(sa.func.count(WorkerHeartbeat.executor_id))) == 0
    assert len((tmp_path / "sms.jsonl").read_text().splitlines()) == 1
