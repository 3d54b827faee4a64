"""What was acknowledged against what is there: nothing lost, nothing doubled, nothing half."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.database import Database
from services.households.models import Declaration, Draft, Household
from services.messaging.models import Message
from services.papers.issuing import LOCALES
from services.papers.kinds import CONFIRMATION, RECEIPT
from services.papers.models import IssuedPaper
from services.requests.models import Request, Transition
from services.requests.states import Event
from services.scoring.models import Score
from tests.faults.cluster import Machine
from tests.faults.families import Ready
from tests.journeys.installation import wait_until

WHOLE_LIFE = [Event.SUBMIT, Event.START, Event.CONFIRM, Event.DECIDE]
NEWS = {"submission", "decision"}
UNFINISHED = ("ENQUEUED", "PENDING")


def wait_for_the_workers(database: Database, requests: int, *, seconds: float = 120) -> None:
    """Until so many requests were decided, their families were told, and no job is under way."""

    def is_done() -> bool:
        with database.reading() as session:
            decided = session.scalar(sa.select(sa.func.count(Request.id)).where(Request.state == "decided"))
            told = session.scalar(
                sa.select(sa.func.count(Message.id)).where(Message.kind.in_(NEWS), Message.sent_at.is_not(None))
            )
        return (decided, told) == (requests, 2 * requests) and not jobs_left(database)

    wait_until(is_done, "the workers did not come to an end", seconds)


def jobs_left(database: Database) -> list[str]:
    """The jobs that were queued or begun and have not ended; those put off until later are none."""
    table = "workflow_status" if database.url.get_backend_name() == "sqlite" else "dbos.workflow_status"
    with database.reading() as session:
        query = sa.text(f"SELECT workflow_uuid FROM {table} WHERE status IN :states")
        return list(session.scalars(query.bindparams(sa.bindparam("states", UNFINISHED, expanding=True))))


def check_whole(database: Database, families: Sequence[Ready], acknowledged: Mapping[UUID, str]) -> None:
    """Each family has what it was told that it has, once and whole."""
    theirs = {family.household_id for family in families}
    assert set(acknowledged) == theirs
    of_household = Request.household_id.in_(theirs)
    assert _pairs(database, Request.household_id, Request.reference, of_household) == Counter(acknowledged.items())
    for counted in (Declaration.household_id, Score.household_id):
        assert Counter(_column(database, counted, counted.in_(theirs))) == dict.fromkeys(theirs, 1), counted
    assert set(_column(database, Household.state, Household.id.in_(theirs))) == {"active"}
    assert _column(database, Draft.id, Draft.household_id.in_(theirs), Draft.state == "open") == []
    requests = set(_column(database, Request.id, of_household))
    _check_lives(database, requests)
    for paper in (RECEIPT, CONFIRMATION):
        issued = (IssuedPaper.subject_id.in_(requests), IssuedPaper.kind == paper.name)
        assert _pairs(database, IssuedPaper.subject_id, IssuedPaper.locale, *issued) == {
            (request, locale): 1 for request in requests for locale in LOCALES
        }
    news = (Message.person_id.in_({family.mother_id for family in families}), Message.kind.in_(NEWS))
    assert _pairs(database, Message.person_id, Message.kind, *news) == {
        (family.mother_id, kind): 1 for family in families for kind in NEWS
    }
    assert jobs_left(database) == []


def check_messages(machine: Machine, families: Sequence[Ready], *, kills: int) -> int:
    """Both messages came to each phone; one may have come again, the same, where a worker was killed. How many did."""
    phones = {family.mobile for family in families}
    messages = [message for message in machine.sms.messages() if message["to"] in phones]
    came = Counter((message["to"], message["text"]) for message in messages)
    assert Counter(to for to, _ in came) == {family.mobile: len(NEWS) for family in families}
    assert max(came.values()) <= 1 + kills
    return came.total() - len(came)


def check_chain(machine: Machine) -> str:
    """The journal verifies, sealed once and to its end. What `usrati audit verify` said."""
    said: list[str] = []

    def is_sealed() -> bool:
        walked = machine.run("audit", "verify")
        assert walked.returncode == 0, walked.stderr
        said.append(walked.stdout)
        return "Not sealed yet" not in walked.stdout

    wait_until(is_sealed, "nobody seals the journal", 30)
    return said[-1]


def _check_lives(database: Database, requests: Collection[UUID]) -> None:
    steps = sa.select(Transition.request_id, Transition.number, Transition.event)
    lives: dict[UUID, list[str]] = {request: [] for request in requests}
    with database.reading() as session:
        for request, number, event in session.execute(
            steps.where(Transition.request_id.in_(requests)).order_by(Transition.request_id, Transition.number)
        ):
            lives[request].append(event)
            assert len(lives[request]) == number
    assert [life for life in lives.values() if life != WHOLE_LIFE] == []


def _column(database: Database, column: Any, *where: Any) -> list[Any]:
    with database.reading() as session:
        return list(session.scalars(sa.select(column).where(*where)))


def _pairs(database: Database, left: Any, right: Any, *where: Any) -> Counter[Any]:
    with database.reading() as session:
        return Counter((row[0], row[1]) for row in session.execute(sa.select(left, right).where(*where)))
