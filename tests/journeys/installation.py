"""A portal as `make run` starts it: a server and a worker, each a process, on a data folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import sqlalchemy as sa

from services.accounts.models import CitizenSession
from services.accounts.sessions import IDLE, open_session, store_language
from services.database import Database
from services.jobs import WorkerHeartbeat
from services.population.loading import load_people
from services.population.register import find_person_id
from tests.journeys.families import Family
from tests.portal.walking import SmsFile

USRATI = Path(sys.executable).with_name("usrati")
# Whoever ends this process, even without asking, ends what it started.
DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM")


class Installation:
    """The processes, their address, and a way into their database for what no family can do."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self.base = f"http://127.0.0.1:{free_port()}"
        ours = {"USRATI_DATA_DIR": str(folder), "USRATI_PUBLIC_URL": self.base, "PORT": self.base.rpartition(":")[2]}
        if database_url:
            ours["USRATI_DATABASE_URL"] = database_url
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("USRATI_")} | ours
        self.database = Database(database_url or f"sqlite:///{folder}/usrati.db")
        self.sms = SmsFile(folder / "sms.jsonl")
        self.server: subprocess.Popen[bytes]
        self.worker: subprocess.Popen[bytes]

    def start(self) -> None:
        """Migrate, serve, work."""
        self.command("migrate")
        self.server = self._start("serve", "--workers", "2")
        self.start_worker()
        wait_until(self._answers, "the server answers nothing")

    def command(self, *words: str) -> None:
        """Run one `usrati` command to its end."""
        subprocess.run([USRATI, *words], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start_worker(self) -> None:
        self.worker = self._start("worker")

    def kill_worker(self) -> None:
        """Kill it where it stands, and let the minute pass after which it counts as silent."""
        self.worker.send_signal(signal.SIGKILL)
        self.worker.wait()
        with self.database.writing() as session:
            session.execute(sa.update(WorkerHeartbeat).values(seen_at=datetime.now(UTC) - timedelta(minutes=2)))

    def stop(self) -> None:
        """End both processes, by their own ids."""
        for process in (self.worker, self.server):
            process.terminate()
        for process in (self.worker, self.server):
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.database.dispose()

    def enrol(self, family: Family) -> Family:
        """Bring a family into the population register, as an operator loads a file."""
        path = self.folder / f"{family.mother['idcs']}.csv"
        path.write_text(family.as_csv(), encoding="utf-8")
        assert not load_people(self.database, path, now=datetime.now(UTC)).faults
        return family

    def secret_for(self, idcs: str, language: str) -> str:
        """The cookie of somebody who signed in a moment ago, for tests of what comes after."""
        with self.database.writing() as session:
            person_id = find_person_id(session, idcs=idcs)
            assert person_id is not None
            store_language(session, person_id=person_id, locale=language, now=datetime.now(UTC))
            return open_session(session, person_id=person_id, now=datetime.now(UTC))

    def let_sessions_end(self, family: Family) -> None:
        """Half an hour passes in which this mother does nothing."""
        with self.database.writing() as session:
            theirs = CitizenSession.person_id == find_person_id(session, idcs=family.mother["idcs"])
            ended = datetime.now(UTC) - IDLE - timedelta(seconds=1)
            session.execute(sa.update(CitizenSession).where(theirs).values(last_seen_at=ended))

    def news_for(self, mobile: str) -> list[Mapping[str, str]]:
        """The SMS of a phone that are not codes."""
        return [message for message in self.sms.messages(mobile) if not any_code(message["text"])]

    def rows(self, query: Any) -> list[Any]:
        """What the database answers now."""
        with self.database.reading() as session:
            return list(session.scalars(query))

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*DIES_WITH_US, USRATI, *words], env=self.environment, stdout=self._log)

    @cached_property
    def _log(self) -> int:
        return os.open(self.folder / "processes.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC)

    def _answers(self) -> bool:
        assert self.server.poll() is None, "the server ended"
        try:
            with urlopen(f"{self.base}/ar/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def any_code(text: str) -> bool:
    """Whether a message bears a code: six digits in a row."""
    return any(text[at : at + 6].isdecimal() for at in range(len(text) - 5))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until(true: Callable[[], object], otherwise: str, seconds: float = 60) -> None:
    """Look again and again until it is true."""
    give_up_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up_at, otherwise
        time.sleep(0.05)
