"""A backlog goes in short transactions, hour after hour; jobs that succeeded are forgotten, and no others."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import jobs
from services.accounts.models import LimitCount
from services.bulk import add_rows
from services.database import Database
from services.errands import HOURLY, Tools
from services.expiry import EVERY, due_now, erase_everything_due
from services.households.models import Household, Member
from services.messaging.models import Message
from services.retention import kept_for
from tests.services.expiring import SECOND, YEAR, erase, put
from tests.services.households.families import begin_family, enrol
from tests.services.requests.families import queued


@pytest.mark.parametrize(("kind", "many"), [("limit_count", 2500), ("unsent_household", 150), ("news_message", 2500)])
def test_a_backlog_goes_in_short_transactions(database: Database, now: datetime, kind: str, many: int) -> None:
    put(database, MAKERS[kind], many, now - 10 * YEAR)
    with database.reading() as session:
        assert due_now(session, now=now)[kind] == many
    most = next(erasure.most for erasure in EVERY if erasure.kind == kind)
    sizes = [erased[kind] for erased in erase_everything_due(database, now=now) if erased.get(kind)]
    assert sum(sizes) == many
    assert max(sizes) <= most
    with database.reading() as session:
        assert due_now(session, now=now)[kind] == 0


def make_counts(session: Session, many: int, at: datetime) -> None:
    rows = [
        {"limit": "x", "bucket": number.to_bytes(16, "big"), "window_start": at, "count": 1} for number in range(many)
    ]
    add_rows(session, LimitCount, rows)


def make_households(session: Session, many: int, at: datetime) -> None:
    for _ in range(many):
        declarant = enrol(session)
        household = Household(declarant_id=declarant.id, created_at=at, consent_version="1", consented_at=at)
        session.add(household)
        session.flush()
        place = {"person_id": declarant.id, "position": 1, "relation": "head"}
        session.add(Member(household_id=household.id, added_at=at, **place))


def make_news(session: Session, many: int, at: datetime) -> None:
    person_id = enrol(session).id
    for _ in range(many):
        session.add(Message(person_id=person_id, kind="decision", locale="fr", key="x", created_at=at))


MAKERS: dict[str, Callable[[Session, int, datetime], None]] = {
    "limit_count": make_counts,
    "unsent_household": make_households,
    "news_message": make_news,
}


def test_the_hourly_job_goes_on_at_once_while_a_backlog_lasts(session: Session, now: datetime) -> None:
    make_counts(session, 1200, now - YEAR)
    (job,) = (job for job in HOURLY if job.name == "forget_expired_accounts")
    tools = Tools(None, lambda *words: "")  # type: ignore[arg-type]
    assert [job.run(tools, session, now, *turn) for turn in ((), (1,), (2,), (2,))] == ["500", "500", "200", "0"]
    hour = "forget_expired_accounts:2026-06-15T"
    assert {f"{hour}11", f"{hour}10+1", f"{hour}10+2"} == queued(session).keys()


def finished(session: Session, status: str, at: datetime, key: str) -> None:
    """A job as the queue keeps it."""
    jobs.enqueue(session, "send_message", key, key=key)
    schema = "dbos." if session.get_bind().dialect.name == "postgresql" else ""
    values = {"status": status, "at": int(at.timestamp() * 1000), "key": key}
    done = f"UPDATE {schema}workflow_status SET status = :status, completed_at = :at WHERE workflow_uuid = :key"
    session.execute(sa.text(done), values)


def test_jobs_that_succeeded_are_forgotten_and_no_other(database: Database, now: datetime) -> None:
    old, fresh = now - kept_for("finished_job", now) - SECOND, now - timedelta(days=13)
    with database.writing() as session:
        for status in ("SUCCESS", "ERROR", "CANCELLED", "PENDING", "ENQUEUED", "DELAYED"):
            finished(session, status, old, f"old {status}")
        finished(session, "SUCCESS", fresh, "fresh")
    assert erase(database, now) == {"finished_job": 1}
    with database.reading() as session:
        assert queued(session).keys() == {
            "fresh",
            *(f"old {status}" for status in ("ERROR", "CANCELLED", "PENDING", "ENQUEUED", "DELAYED")),
        }
        schema = "dbos." if session.get_bind().dialect.name == "postgresql" else ""
        for table in ("workflow_input", "workflow_output", "operation_outputs"):
            kept = session.scalars(sa.text(f"SELECT workflow_uuid FROM {schema}{table}")).all()
            assert "old SUCCESS" not in kept


def test_what_somebody_changes_at_this_moment_waits_for_the_next_hour(database: Database, now: datetime) -> None:
    put(database, begin_family, now)
    late = now + YEAR
    erase(database, now + timedelta(days=30))
    if database.url.get_backend_name() == "sqlite":
        pytest.skip("writers of SQLite take turns")
    with database.writing() as session:
        session.execute(sa.select(Household.id).with_for_update())
        assert erase(database, late) == {}
    assert erase(database, late)["unsent_household"] == 1
