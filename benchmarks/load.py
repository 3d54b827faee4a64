"""Requests to a server for a few seconds, by wrk: how many it answered, how fast, at what cost."""

import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import BARE, Serving

ROUNDS = 5
SECONDS = 2
CONNECTIONS = 8
SCRIPT = Path(__file__).with_name("requests.lua")
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Ask:
    """One request: to whom it comes back is said by the cookie, where it comes from by ``sender``."""

    path: str
    cookie: str = ""
    body: str = ""
    sender: str = "10.0.0.1"

    @property
    def line(self) -> str:
        """As the script reads it."""
        return "\t".join(("POST" if self.body else "GET", self.path, self.cookie, self.sender, self.body))


@dataclass(frozen=True)
class Round:
    """What one round measured: requests a second, the 99th percentile and the CPU time of one, in milliseconds."""

    rate: float
    p99: float
    cpu: float
    answered: int


@dataclass(frozen=True)
class Measured:
    """A page beside the bare one: the shares are of the bare page's rate, and of its CPU time."""

    share: float
    rate: float
    p99: float
    cpu: float
    cpu_ratio: float


def measure(server: Serving, asks: list[Ask], *, rounds: int = ROUNDS) -> Measured:
    """Bare, page, bare, page, bare…: the median over the rounds, each beside the bare rounds around it."""
    found: list[tuple[Round, float, float]] = []
    before = load(server, [Ask(BARE)])
    for turn in range(rounds):
        # What may be sent once only (a code to a phone) is not sent again in the next round.
        own = asks[turn * len(asks) // rounds :] + asks[: turn * len(asks) // rounds]
        page = load(server, own)
        after = load(server, [Ask(BARE)])
        found.append((page, (before.rate + after.rate) / 2, (before.cpu + after.cpu) / 2))
        before = after
    return Measured(
        share=statistics.median(page.rate / bare for page, bare, _ in found),
        rate=statistics.median(page.rate for page, _, _ in found),
        p99=statistics.median(page.p99 for page, _, _ in found),
        cpu=statistics.median(page.cpu for page, _, _ in found),
        cpu_ratio=statistics.median(page.cpu / bare for page, _, bare in found),
    )


def load(server: Serving, asks: list[Ask], *, seconds: int = SECONDS) -> Round:
    """One round. Ends the run where the server answers with a fault."""
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.write("\n".join(ask.line for ask in asks) + "\n")
        file.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "--timeout",
            "15s",
            "--latency",
            "-s",
            str(SCRIPT),
        ]
        cpu = server.cpu_seconds()
        said = subprocess.run(
            [*command, server.base, "--", file.name], capture_output=True, text=True, check=True
        ).stdout
        cpu = server.cpu_seconds() - cpu
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(f"{asks[0].path} answered with faults:\n{said}")
    answered = _number(r"(\d+) requests in", said)
    amount, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    rate, p99 = _number(r"Requests/sec:\s+([\d.]+)", said), float(amount) * MILLISECONDS[unit]
    return Round(rate, p99, cpu * 1000 / answered, int(answered))


def size(server: Serving, ask: Ask) -> int:
    """The bytes of a page as they travel, compressed."""
    request = urllib.request.Request(server.base + ask.path, headers={"Cookie": ask.cookie, "Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        return len(answer.read())


def _number(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    if found is None:
        sys.exit(f"wrk said nothing of {pattern}:\n{said}")
    return float(found[1])
