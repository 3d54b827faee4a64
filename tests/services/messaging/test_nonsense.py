"""A worker before a gateway that answers 200 with nonsense: nothing is lost, nothing is said to be sent."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from services.database import Database
from services.messaging import KIND_CODE, send_later
from services.messaging.models import Message

MESSAGES = 6
NONSENSE = (200, b"<html><title>Welcome</title>0: Accepted for delivery</html>")
KANNEL = (202, b"0: Accepted for delivery")


class Gateway(ThreadingHTTPServer):
    """Answers as it is told to, and keeps the texts that it took."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.answer, self.taken = NONSENSE, Counter[str]()


class _Asked(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Gateway)
        status, body = self.server.answer
        if status == 202:
            self.server.taken.update(parse_qs(urlsplit(self.path).query)["text"])
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None: ...


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    gateway = Gateway()
    Thread(target=gateway.serve_forever, daemon=True).start()
    yield gateway
    gateway.shutdown()
    gateway.server_close()


@pytest.fixture
def worker(sqlite_database: Database, gateway: Gateway) -> Iterator[None]:
    environment = {
        **os.environ,
        "USRATI_DATABASE_URL": sqlite_database.url.render_as_string(),
        "USRATI_SMS_URL": f"http://127.0.0.1:{gateway.server_port}/cgi-bin/sendsms?username=usrati&password=secret",
    }
    command = [sys.executable, "-m", "tests.services.worker_process"]
    worker = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    yield
    worker.kill()
    worker.wait()


def stored(database: Database, *columns: sa.ColumnElement[object]) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(sa.select(*columns))]


def wait_until(true: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 120
    while not true():
        assert time.monotonic() < give_up_at, "it never came"
        time.sleep(0.05)


def test_nonsense_is_tried_again_until_it_is_kannel(sqlite_database: Database, gateway: Gateway, worker: None) -> None:
    with sqlite_database.writing() as session:
        for number in range(MESSAGES):
            kind, key = (KIND_CODE if number % 2 else "decision"), f"message {number}"
            now = datetime.now(UTC)
            send_later(session, kind=kind, to="+212612345678", person_id=None, locale="fr", key=key, params={}, now=now)
    wait_until(lambda: all(tries >= 1 for (tries,) in stored(sqlite_database, Message.attempts)))  # type: ignore[operator]
    seen = stored(sqlite_database, Message.sent_at, Message.given_up_at, Message.delivery, Message.reason)
    assert seen == [(None, None, None, "nonsense")] * MESSAGES
    assert all(to for (to,) in stored(sqlite_database, Message.to_sealed))
    gateway.answer = KANNEL
    wait_until(lambda: all(at for (at,) in stored(sqlite_database, Message.sent_at)))
    assert gateway.taken == Counter(f"message {number}" for number in range(MESSAGES))
    assert stored(sqlite_database, Message.delivery, Message.reason) == [("accepted", None)] * MESSAGES
