"""The portal's own server with a bare Flask page beside it, in a process of its own."""

import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from portal.server import PortalServer, options_for
from services.logs import configure_logs
from services.settings import Settings

BARE = "/bare/"
PROCESSES = 2
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class ServerBesideBare(PortalServer):
    """The portal as it is served, with a bare Flask page under ``/bare/``."""

    def load(self) -> Any:
        """One app of each, in each process."""
        portal, bare = super().load(), Flask("bare")
        bare.add_url_rule("/", "bare", lambda: "<!doctype html><title>bare</title><p>bare")
        portal.wsgi_app = DispatcherMiddleware(portal.wsgi_app, {"/bare": bare})
        return portal


@dataclass(frozen=True)
class Serving:
    """A server that runs."""

    base: str
    process: int

    def cpu_seconds(self) -> float:
        """The CPU time that its processes have used."""
        return sum(_cpu_of(child) for child in _children_of(self.process))


@contextmanager
def serving(settings: Settings) -> Iterator[Serving]:
    """Serve as ``usrati serve`` does, until the block ends; the log goes nowhere."""
    port = _free_port()
    process = os.fork()
    if process == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        configure_logs()
        try:
            ServerBesideBare(settings, options_for(host="127.0.0.1", port=port, workers=PROCESSES)).run()
        finally:
            # What the parent opened is the parent's to close.
            os._exit(0)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(base)
        yield Serving(base, process)
    finally:
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)


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
