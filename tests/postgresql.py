"""A PostgreSQL cluster of the tests' own: made, started, killed where it stands, started again."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg

# For tests that do not care what a power cut leaves.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
STARTS_WITHIN = 60.0


class PostgreSQL:
    """One cluster in ``folder``, on a port of its own that stays the same over restarts."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self.options = folder, options
        self.port = _free_port()
        self.binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.server: subprocess.Popen[bytes]
        # PostgreSQL refuses to run as root.
        self._as_owner: list[str] = []
        if os.geteuid() == 0:
            open_the_way(folder)
            self._as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self._run("initdb", "-D", self.cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def create(self, name: str) -> str:
        """A new, empty database; its address."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def start(self) -> None:
        """Run the server and wait until it takes connections: after a kill, once it has recovered."""
        settings = [word for option in self.options for word in ("-c", option)]
        command = [self.binaries / "postgres", "-D", self.cluster, "-p", str(self.port), "-k", self.folder, *settings]
        dies_with_us = ["setpriv", "--pdeathsig", "QUIT"]
        self.server = subprocess.Popen(
            [*self._as_owner, *dies_with_us, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait_until_it_answers()

    def kill(self) -> None:
        """End every process of it with −9, as when the machine loses its power; files stay as they are."""
        children = _children_of(self.server.pid)
        for process in (self.server.pid, *children):
            _signal(process, signal.SIGKILL)
        self.server.wait()
        give_up_at = time.monotonic() + STARTS_WITHIN
        while any(_lives(process) for process in children):
            assert time.monotonic() < give_up_at, "a process of PostgreSQL outlives −9"
            time.sleep(0.01)

    def stop(self) -> None:
        """End it, without waiting for whoever is connected."""
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            self.server.wait()

    def _wait_until_it_answers(self) -> None:
        give_up_at = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                assert self.server.poll() is None, "PostgreSQL ended"
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.05)
            else:
                return

    def _run(self, program: str, *words: str | Path) -> None:
        subprocess.run([*self._as_owner, self.binaries / program, *words], check=True, capture_output=True)


def open_the_way(folder: Path) -> None:
    """Give ``folder`` to PostgreSQL's user, who must be able to come to it."""
    shutil.chown(folder, "postgres")
    for parent in [folder, *folder.parents][:4]:
        if parent.stat().st_uid == 0 and parent != Path("/tmp"):
            parent.chmod(parent.stat().st_mode | 0o055)


def _children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _signal(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
