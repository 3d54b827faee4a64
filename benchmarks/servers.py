"""The portal's own server with a bare Flask page beside it, in a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.beside_bare import BARE

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Serving:
    """A server that runs."""

    base: str
    process: int

    def cpu_seconds(self) -> float:
        """The CPU time that its processes have used."""
        return sum(_cpu_of(child) for child in _children_of(self.process))


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[Serving]:
    """Serve with these settings until the block ends; the log goes nowhere."""
    port = _free_port()
    command = [sys.executable, "-m", "benchmarks.beside_bare", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(base)
        yield Serving(base, process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait_until_it_answers(base: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(base + BARE).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(base)


def _children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
