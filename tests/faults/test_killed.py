"""kill −9 of everything while families send their forms: none is lost, none doubled, none half."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from services.database import Database
from tests.faults.accounts import check_chain, check_messages, check_whole, wait_for_the_workers
from tests.faults.clients import Clients
from tests.faults.cluster import QUICK_WORKER, REAL_WORKER, Machine, open_secret
from tests.faults.conftest import MakeMachines
from tests.faults.families import Ready, ready_families
from tests.faults.killer import Killer
from tests.postgresql import PostgreSQL

SEED = 20


@dataclass(frozen=True)
class Size:
    """How many families send, how many of them at a time, and how often something is killed meanwhile."""

    families: int
    clients: int
    kills: int
    worker: Sequence[str]
    machines: int = 1
    processes: int = 2
    children: int = 1


SMALL = Size(32, 8, 3, QUICK_WORKER)
SMALL_ON_SQLITE = Size(20, 8, 2, QUICK_WORKER)
FULL = Size(2000, 8, 60, REAL_WORKER, machines=2)
FULL_ON_SQLITE = Size(500, 8, 30, REAL_WORKER)


def opened(database: Database, families: Sequence[Ready]) -> list[tuple[Ready, str]]:
    return [(family, open_secret(database, family.mother_id)) for family in families]


def survive(machines: Sequence[Machine], server: PostgreSQL | None, size: Size) -> str:
    """Everybody sends while everything is killed; then it is counted what there is."""
    database = machines[0].database
    families = ready_families(database, size.families, children=size.children)
    clients = Clients(machines, opened(database, families), count=size.clients)
    killer = Killer(machines, server, seed=SEED, processes=size.processes, worker=size.worker)
    killer.start_all()
    begun = time.monotonic()
    clients.start()
    killer.haunt(clients, size.families, kills=size.kills)
    clients.join()
    sent = time.monotonic()
    wait_for_the_workers(database, size.families, seconds=600)
    worked = time.monotonic()
    check_whole(database, families, clients.acknowledged)
    again = check_messages(machines[0], families, kills=size.kills)
    sealed = check_chain(machines[0])
    return (
        f"{dict(killer.kills)} killed; {len(clients.acknowledged)} acknowledged in {sent - begun:.0f} s"
        f" ({size.families / (sent - begun):.1f}/s), all decided {worked - sent:.0f} s later;"
        f" answers by status {dict(sorted(clients.answers.items()))}; {again} messages came twice; {sealed}"
    )


def test_postgresql_portal_and_worker_killed_while_families_send(
    killable_postgresql: PostgreSQL, make_machines: MakeMachines
) -> None:
    url = killable_postgresql.create("usrati")
    print(survive(make_machines(url, SMALL.machines), killable_postgresql, SMALL))


def test_portal_and_worker_killed_while_families_send_on_sqlite(make_machines: MakeMachines) -> None:
    print(survive(make_machines(None, 1), None, SMALL_ON_SQLITE))


@pytest.mark.matrix
def test_two_machines_and_postgresql_killed_while_two_thousand_families_send(
    killable_postgresql: PostgreSQL, make_machines: MakeMachines
) -> None:
    url = killable_postgresql.create("usrati")
    print(survive(make_machines(url, FULL.machines), killable_postgresql, FULL))


@pytest.mark.matrix
def test_portal_and_worker_killed_while_five_hundred_families_send_on_sqlite(make_machines: MakeMachines) -> None:
    print(survive(make_machines(None, 1), None, FULL_ON_SQLITE))
