"""Pages beside a bare Flask page, on the same server, in one run: ``make bench``.

Each page is loaded for a few short rounds between two rounds of the bare page, so that a noisy
machine slows both; what is printed is the median ratio of the rates, and the 99th percentile.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from portal.server import PortalServer
from services import crypto, demonstration
from services.accounts.sessions import open_session
from services.database import Database
from services.households.drafts import save_page
from services.households.household_view import find_household
from services.households.registration import register_household
from services.journal import citizen
from services.logs import configure_logs
from services.migrations import migrate
from services.population.demo import Story
from services.population.register import find_person_id
from services.settings import Settings, load_settings

ROUNDS = 5
SECONDS = 2
CONNECTIONS = 4
PORT = 8732
BARE = "/bare/"
FAMILY = "grandmother-with-her-son"
FIFTY = "household-of-fifty"
BEGINNER = "urban-widow"
ADDRESS = {"region": "MA-04", "province": "MA-RAB", "commune": "Rabat", "address": "Rue 1", "milieu": "urban"}


class ServerBesideBare(PortalServer):
    """The portal's own server, with a bare Flask page under ``/bare/``."""

    def load(self) -> Any:
        """One app of each, in each process."""
        portal, bare = super().load(), Flask("bare")
        bare.add_url_rule("/", "bare", lambda: "<!doctype html><title>bare</title><p>bare")
        portal.wsgi_app = DispatcherMiddleware(portal.wsgi_app, {"/bare": bare})
        return portal


def main() -> None:
    """Prepare the families, start the server, load the pages, print the table."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({**os.environ, "USRATI_DATA_DIR": folder})
        crypto.install_keys(settings)
        database = Database(settings.database_url)
        migrate(database)
        stories = {story.story: story for story in demonstration.load(database, now=datetime.now(UTC))}
        begin_form(database, stories[BEGINNER])
        cookies = {name: sign_in(database, stories[name]) for name in (FAMILY, FIFTY, BEGINNER)}
        with serving(settings):
            print(f"{'page':44} {'of bare':>8} {'req/s':>8} {'p99 ms':>8} {'bytes br':>9}")
            measure_all(cookies)


def measure_all(cookies: dict[str, str]) -> None:
    """The pages that the README speaks of."""
    pages = (
        ("home page, a visitor", "/fr/", ""),
        ("sign-in page, a visitor", "/fr/sign-in", ""),
        ("household page", "/fr/household", cookies[FAMILY]),
        ("form page", "/fr/form/home", cookies[BEGINNER]),
        ("requests page", "/fr/requests", cookies[FAMILY]),
        ("score page", "/fr/score", cookies[FAMILY]),
        ("score page, household of 50", "/fr/score", cookies[FIFTY]),
    )
    for name, path, cookie in pages:
        measure(name, path, cookie)


def measure(name: str, path: str, cookie: str) -> None:
    """Bare, page, bare: the rate as a share of the mean of the two."""
    shares, rates, slowest = [], [], []
    before = load(BARE, "")[0]
    for _ in range(ROUNDS):
        rate, p99 = load(path, cookie)
        after = load(BARE, "")[0]
        shares.append(rate / ((before + after) / 2))
        rates.append(rate)
        slowest.append(p99)
        before = after
    print(
        f"{name:44} {statistics.median(shares):8.3f} {statistics.median(rates):8.0f} "
        f"{statistics.median(slowest):8.1f} {size(path, cookie):9}"
    )


def load(path: str, cookie: str) -> tuple[float, float]:
    """Requests a second and the 99th percentile in milliseconds, of one short round."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency"]
    command += ["-H", f"Cookie: {cookie}", "-H", "Accept-Encoding: br", f"http://127.0.0.1:{PORT}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        sys.exit(f"{path} answered with errors:\n{said}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    amount, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    return rate, float(amount) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def size(path: str, cookie: str) -> int:
    """What travels, compressed."""
    address = f"http://127.0.0.1:{PORT}{path}"
    request = urllib.request.Request(address, headers={"Cookie": cookie, "Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        return len(answer.read())


def begin_form(database: Database, story: Story) -> None:
    """A household whose address is written: its form is at the first page of step 2."""
    now = datetime.now(UTC)
    with database.writing() as session:
        actor = citizen(person_of(session, story))
        household_id = register_household(
            session, actor=actor, relation_of_declarant="head", consent_version="bench", now=now
        )
        household = find_household(session, household_id=household_id, now=now)
        assert household is not None
        assert household.draft_id is not None
        saved = {"draft_id": household.draft_id, "page": "address", "values": ADDRESS, "seen_version": 0}
        save_page(session, actor=actor, **saved, now=now)


def person_of(session: Session, story: Story) -> UUID:
    """The person who signs in for a story."""
    person_id = find_person_id(session, idcs=story.idcs)
    assert person_id is not None
    return person_id


def sign_in(database: Database, story: Story) -> str:
    """A cookie of a session of this story's person."""
    with database.writing() as session:
        return "usrati=" + open_session(session, person_id=person_of(session, story), now=datetime.now(UTC))


@contextmanager
def serving(settings: Settings) -> Iterator[None]:
    """The server in a process of its own, ended by its own id."""
    process = os.fork()
    if process == 0:
        # As `usrati serve` logs, but into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        configure_logs()
        options = {"bind": f"127.0.0.1:{PORT}", "workers": 2, "threads": 2, "worker_class": "gthread"}
        ServerBesideBare(settings, {**options, "keepalive": 15, "control_socket_disable": True}).run()
        os._exit(0)
    try:
        wait_until_it_answers()
        yield
    finally:
        os.kill(process, 15)
        os.waitpid(process, 0)


def wait_until_it_answers() -> None:
    """Give the server's processes time to make their apps."""
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}{BARE}").close()
            return
        except OSError:
            time.sleep(0.1)


if __name__ == "__main__":
    main()
