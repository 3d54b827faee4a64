"""One portal as it is served, on either database, and the families at its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa

from services.database import Database
from services.households.drafts import load_draft
from services.households.models import Draft
from services.jobs import WorkerHeartbeat
from tests.faults.cluster import QUICK_WORKER, Machine, signed_in
from tests.faults.families import Ready, ready_families
from tests.journeys.installation import wait_until
from tests.portal.walking import HttpBrowser, Walker

ROOMS = "/form/home"


@contextmanager
def served(folder: Path, url: str | None, *, processes: int = 2, works: bool = False) -> Iterator[Machine]:
    """A machine that serves, and works where it is wanted; ``url`` None is a SQLite file of its own."""
    machine = Machine(folder, url)
    try:
        machine.command("migrate")
        machine.start_portal(processes=processes)
        if works:
            machine.start_worker(QUICK_WORKER)
            wait_until(lambda: machine.rows(sa.select(WorkerHeartbeat.executor_id)), "the worker does not begin")
        yield machine
    finally:
        machine.stop()


@contextmanager
def locked(url: str, table: str) -> Iterator[None]:
    """Somebody holds the whole table and does not come to an end: whoever asks it hangs."""
    with psycopg.connect(url) as connection:
        connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


def visitor(machine: Machine) -> Walker:
    """Somebody who has not signed in."""
    return Walker(HttpBrowser(machine.base))


class Home:
    """A family that says again and again how many rooms it has; ``acknowledged`` is the last that was saved."""

    def __init__(self, machine: Machine, family: Ready) -> None:
        self.machine, self.family = machine, family
        self.walker = signed_in(machine, family.mother_id)
        self.acknowledged = rooms_of(machine.database, family.household_id)
        self.statuses: list[int] = []

    def open(self) -> Any:
        """Its page."""
        return self.walker.get(ROOMS)

    def say(self, rooms: int) -> Any:
        """Post another number on the page at hand."""
        page = self.walker.fill(rooms=str(rooms))
        self.statuses.append(page.status)
        # Being led on is the answer to a save, also where the next page cannot be shown.
        if not page.path.endswith(ROOMS):
            self.acknowledged = rooms
        return page

    def stored(self) -> int:
        """What is there."""
        return rooms_of(self.machine.database, self.family.household_id)


def homes(machine: Machine, number: int) -> list[Home]:
    """So many families, each with its form answered and at its browser."""
    return [Home(machine, family) for family in ready_families(machine.database, number)]


def rooms_of(database: Database, household_id: UUID) -> int:
    """How many rooms a family's draft says."""
    with database.reading() as session:
        draft_id = session.scalars(sa.select(Draft.id).where(Draft.household_id == household_id)).one()
        draft = load_draft(session, draft_id=draft_id, now=datetime.now(UTC))
        assert draft is not None
        return int(draft.values("home", 0)["rooms"])
