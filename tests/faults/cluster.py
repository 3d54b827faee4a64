"""Machines that share one database, as real processes: each its own data folder and port, one SMS gateway."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from services.accounts.sessions import open_session
from services.database import Database
from tests.journeys.installation import DIES_WITH_US, USRATI, Installation, wait_until
from tests.portal.walking import HttpBrowser, SmsFile, Walker

ROOT = Path(__file__).parents[2]
# The worker of the tests: its silence is noticed after two seconds, not most of a minute.
QUICK_WORKER = (sys.executable, "-m", "tests.services.worker_process")
REAL_WORKER = (str(USRATI), "worker")


class Machine(Installation):
    """One machine. What it runs is started and killed from the main thread: its processes die with their parent."""

    def __init__(self, folder: Path, database_url: str | None = None, *, sms: Path | None = None) -> None:
        super().__init__(folder, database_url)
        self.sms = SmsFile(sms or folder / "sms.jsonl")
        self.environment |= {"USRATI_SMS_URL": f"file://{self.sms.path}"}
        self._running: list[subprocess.Popen[bytes]] = []

    def start_portal(self, *, processes: int = 1) -> None:
        """Serve, and wait until a page comes."""
        self.server = self._start_command(str(USRATI), "serve", "--workers", str(processes))
        wait_until(self._answers, "the portal answers nothing")

    def start_worker(self, command: Sequence[str] = REAL_WORKER) -> None:
        """Work; it may take a second or two until the first job."""
        self.worker = self._start_command(*command)

    def kill_portal(self) -> None:
        """End the server and every process of it with −9."""
        self.kill(self.server)

    def kill_worker(self) -> None:
        """End the worker with −9."""
        self.kill(self.worker)

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """End one of this machine's processes, and the children it made, with −9."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._running.remove(process)

    def stop(self) -> None:
        """End what still runs, kindly."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.database.dispose()

    def output(self) -> str:
        """What its processes said."""
        return (self.folder / "processes.log").read_text(encoding="utf-8")

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """One `usrati` command to its end, whatever that is."""
        return subprocess.run([USRATI, *words], env=self.environment, capture_output=True, text=True, check=False)

    def _start_command(self, *command: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [*DIES_WITH_US, *command],
            env=self.environment,
            cwd=ROOT,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._running.append(process)
        return process


def machines(folder: Path, database_url: str | None, count: int) -> list[Machine]:
    """``count`` machines on one database, none of which runs anything yet; one gateway takes all their messages."""
    made = []
    for number in range(1, count + 1):
        place = folder / f"machine{number}"
        place.mkdir(parents=True)
        made.append(Machine(place, database_url, sms=folder / "sms.jsonl"))
    return made


def signed_in(machine: Machine, person_id: UUID, *, language: str = "fr") -> Walker:
    """A person at his browser on this machine, signed in a moment ago."""
    secret = open_secret(machine.database, person_id)
    browser = HttpBrowser(machine.base)
    browser.keep_cookie("usrati", secret)
    return Walker(browser, language=language)


def open_secret(database: Database, person_id: UUID) -> str:
    """The cookie of a session opened now."""
    with database.writing() as session:
        return open_session(session, person_id=person_id, now=datetime.now(UTC))


def go_to(walker: Walker, machine: Machine) -> None:
    """From now on this browser's requests come to that machine, as a balancer decides."""
    assert isinstance(walker.browser, HttpBrowser)
    walker.browser.base = machine.base
