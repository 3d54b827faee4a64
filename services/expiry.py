"""All that ends when it has been kept for its time, room by room."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from services import jobs
from services.accounts import expiry as accounts
from services.database import Database
from services.erasing import Erasure, count_due, erase_due, may_have_more
from services.households import expiry as households
from services.messaging import expiry as messaging
from services.papers import expiry as papers
from services.requests import expiry as requests

# The names are those of the jobs that erase every hour.
ROOMS: Mapping[str, tuple[Erasure, ...]] = {
    "forget_expired_accounts": accounts.ERASURES,
    "forget_expired_messages": messaging.ERASURES,
    "forget_expired_households": households.ERASURES,
    "forget_expired_requests": requests.ERASURES,
    "forget_expired_papers": papers.ERASURES,
    "forget_finished_jobs": jobs.ERASURES,
}
EVERY = tuple(erasure for erasures in ROOMS.values() for erasure in erasures)


def due_now(session: Session, *, now: datetime) -> dict[str, int]:
    """How much of each kind has been kept for its time and waits to be erased."""
    return {erasure.kind: count_due(session, erasure, now=now) for erasure in EVERY}


def erase_everything_due(database: Database, *, now: datetime) -> Iterator[dict[str, int]]:
    """Erase in short transactions until nothing is due; yields how much went in each, by kind."""
    for erasures in ROOMS.values():
        more = True
        while more:
            with database.writing() as session:
                erased = erase_due(session, erasures, now=now)
            yield erased
            more = may_have_more(erasures, erased)
