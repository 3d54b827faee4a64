"""The clock is set back by two hours, or forth and back, while families are at it: nothing comes to life again,
nobody is thrown out or locked out, and what is durable keeps its order and goes on."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import jobs
from services.accounts.code_sending import digest_code
from services.accounts.codes import CodeOutcome, begin_code, check_code, resend_code
from services.accounts.limits import LIMITS, count_attempt
from services.accounts.models import CodeAttempt
from services.accounts.sessions import SessionState, find_session, open_session, touch_session
from services.database import Database
from services.errands import HOURLY
from services.households.drafts import Conflict, Saved, load_draft, save_page
from services.households.models import Draft
from services.journal import citizen
from services.journal.models import JournalEntry, JournalLink
from services.journal.sealing import seal_entries
from services.journal.verifying import Verification
from services.requests.models import Request, Transition
from services.requests.verification import Outcome
from services.workers import Caretaker, SteadyClock
from tests.services.requests.families import Family, answered_family, check, queued, send

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BACK = 2 * HOUR
AT = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def family(database: Database) -> Family:
    with database.writing() as session:
        return answered_family(session, AT - BACK)


@pytest.fixture
def caretaker(database: Database) -> Caretaker:
    stop = threading.Event()
    caretaker = Caretaker(database, every=timedelta(seconds=30), stop=stop)
    caretaker._clock.leapt_ahead = lambda now: False  # type: ignore[method-assign]
    return caretaker


def opened(database: Database, family: Family, at: datetime) -> str:
    with database.writing() as session:
        return open_session(session, person_id=family.mother.id, now=at)


def state(database: Database, secret: str, now: datetime) -> SessionState:
    with database.reading() as session:
        found = find_session(session, secret=secret, now=now)
    assert found is not None
    return found.state


@pytest.mark.parametrize("settled_every_half_minute", [True, False])
def test_who_is_signed_in_stays_and_who_was_signed_out_by_time_stays_out(
    database: Database, family: Family, caretaker: Caretaker, settled_every_half_minute: bool
) -> None:
    live, long_over = opened(database, family, AT - 20 * MINUTE), opened(database, family, AT - BACK)
    caretaker.turn(AT)
    now = AT - BACK + 10 * MINUTE
    if settled_every_half_minute:
        caretaker.turn(now)
    assert state(database, live, now) is SessionState.LIVE
    # Its last use was ten minutes ago, by the clock that was set back; and two hours by what passed.
    assert state(database, long_over, now) is SessionState.OVER
    if settled_every_half_minute:
        assert state(database, live, now + 29 * MINUTE) is SessionState.LIVE
        # No longer than half an hour unused, whatever the clock said before.
        assert state(database, live, now + 31 * MINUTE) is SessionState.OVER


def test_a_session_in_use_ends_half_an_hour_after_its_last_use(database: Database, family: Family) -> None:
    secret = opened(database, family, AT)
    with database.writing() as session:
        found = find_session(session, secret=secret, now=AT - BACK)
        assert found is not None
        touch_session(session, session_id=found.id, now=AT - BACK)
    assert state(database, secret, AT - BACK + 31 * MINUTE) is SessionState.OVER


def test_forth_and_back_ends_nobodys_session(database: Database, family: Family) -> None:
    secret = opened(database, family, AT)
    caretaker = Caretaker(database, every=timedelta(seconds=30), stop=threading.Event())
    for moment in (AT, AT + BACK, AT + BACK + MINUTE, AT + 2 * MINUTE):
        caretaker.turn(moment)
    assert state(database, secret, AT + 2 * MINUTE) is SessionState.LIVE


def test_a_leap_is_told_from_time_that_passes() -> None:
    clock = SteadyClock()
    assert [clock.leapt_ahead(AT), clock.leapt_ahead(AT + MINUTE), clock.leapt_ahead(AT - BACK)] == [False] * 3
    assert clock.leapt_ahead(AT + BACK)


def code_sent(database: Database, family: Family, at: datetime) -> tuple[CodeAttempt, str]:
    """An attempt, and a code that is right for it."""
    with database.writing() as session:
        begun = begin_code(
            session,
            purpose="sign_in",
            identity="somebody",
            person_id=family.mother.id,
            subject_id=None,
            address="10.0.0.1",
            locale="fr",
            now=at,
        )
        attempt = session.get_one(CodeAttempt, begun.attempt_id)
        attempt.code_digest = digest_code(attempt.id, "123456")
        return attempt, "123456"


@pytest.mark.parametrize("then", [-BACK + MINUTE, timedelta(minutes=2), BACK + MINUTE])
def test_a_code_that_was_over_never_works_again(
    database: Database, family: Family, caretaker: Caretaker, then: timedelta
) -> None:
    old, code = code_sent(database, family, AT - BACK)
    new, _ = code_sent(database, family, AT)
    caretaker.turn(AT + 6 * MINUTE if then > BACK else AT)
    caretaker.turn(AT - BACK)
    # As the clock comes by the minute again in which they were good.
    with database.writing() as session:
        for attempt in (old, new):
            found = check_code(session, attempt_id=attempt.id, purpose="sign_in", code=code, now=AT + then)
            assert found.outcome is CodeOutcome.OVER
        assert resend_code(session, attempt_id=new.id, now=AT - BACK + MINUTE).sent


@pytest.mark.parametrize("limit", ["code_per_identity", "code_per_identity_and_address", "member_refusals"])
def test_nobody_is_locked_out_for_longer_than_the_limit_says(database: Database, limit: str) -> None:
    shortest, longest = LIMITS[limit][0], max(window.length for window in LIMITS[limit])
    with database.writing() as session:
        for step in (timedelta(0), -BACK, BACK, timedelta(0)):
            for _ in range(shortest.most // 2):
                wait = count_attempt(session, limit=limit, value="one", now=AT + step)
                assert wait is None or wait <= longest.total_seconds()
        # The first attempts of a window that has not been counted are free, whichever way the clock went.
        assert count_attempt(session, limit=limit, value="one", now=AT - 30 * BACK) is None


def test_the_life_of_a_request_and_the_journal_keep_their_order(database: Database, family: Family) -> None:
    with database.writing() as session:
        send(session, family, AT)
        seal_entries(session, now=AT)
    with database.writing() as session:
        request = session.scalars(sa.select(Request)).one()
        assert check(session, request, AT - BACK) is Outcome.CONFIRMED
        seal_entries(session, now=AT - BACK)
    with database.reading() as session:
        steps = session.execute(sa.select(Transition.number, Transition.at).order_by(Transition.number)).all()
        assert [number for number, _ in steps] == list(range(1, len(steps) + 1))
        assert steps[0].at > steps[-1].at
        entries = list(session.scalars(sa.select(JournalEntry.id).order_by(JournalEntry.id)))
        links = session.execute(sa.select(JournalLink.entry_id, JournalLink.sealed_at).order_by(JournalLink.sequence))
        sealed = links.all()
        assert [entry for entry, _ in sealed] == entries
        assert [at for _, at in sealed] == sorted(at for _, at in sealed)
        walk = Verification(session)
        assert sum(walk.run()) == len(entries)
        assert walk.findings == []


def test_a_page_saved_in_the_past_is_the_newer_version(database: Database, family: Family) -> None:
    mother = {"actor": citizen(family.mother.id), "page": "home"}
    with database.writing() as session:
        draft_id = session.scalars(sa.select(Draft.id)).one()
        for rooms, at in ((4, AT), (5, AT - BACK)):
            draft = load_draft(session, draft_id=draft_id, now=at)
            assert draft is not None
            answers = {**draft.values("home", 0), "rooms": rooms}
            seen = draft.version("home", 0)
            saved = save_page(session, **mother, draft_id=draft_id, values=answers, seen_version=seen, now=at)
            assert isinstance(saved, Saved)
        stale = save_page(
            session, **mother, draft_id=draft_id, values={**answers, "rooms": 6}, seen_version=seen, now=AT
        )
        assert isinstance(stale, Conflict)
        draft = load_draft(session, draft_id=draft_id, now=AT)
        assert draft is not None
        assert draft.values("home", 0)["rooms"] == 5


def test_short_waits_count_from_now_and_deadlines_stay(database: Database) -> None:
    later = {"soon": 30 * timedelta(seconds=1), "an hour": HOUR, "a month": timedelta(days=30)}
    with database.writing() as session:
        for key, delay in later.items():
            jobs.enqueue(session, "expire_request", key, 1, key=key, delay=delay)
        real_now = datetime.now(UTC)
        before = queued_until(session)
        assert jobs.bring_forward(session, now=real_now - BACK) == 1
        after = queued_until(session)
        assert after["soon"] == pytest.approx((real_now - BACK).timestamp() + 30, abs=5)
        assert {key: after[key] for key in ("an hour", "a month")} == {
            key: before[key] for key in ("an hour", "a month")
        }
        assert queued(session)["soon"] == pytest.approx(30, abs=5)
        assert jobs.bring_forward(session, now=real_now - BACK) == 0


def queued_until(session: Session) -> dict[str, float]:
    schema = "dbos." if session.get_bind().dialect.name == "postgresql" else ""
    rows = session.execute(sa.text(f"SELECT workflow_uuid, delay_until_epoch_ms FROM {schema}workflow_status"))
    return {key: until / 1000 for key, until in rows}


def test_no_hour_is_worked_twice_and_the_hours_go_on(database: Database) -> None:
    job = HOURLY[0]
    for moment in (AT, AT + HOUR, AT - BACK, AT - HOUR, AT, AT + HOUR, AT + 2 * HOUR):
        with database.writing() as session:
            job.run(None, session, moment)
    with database.reading() as session:
        hours = sorted(key for key in queued(session) if key.startswith(f"{job.name}:"))
    assert hours == [f"{job.name}:2026-06-15T{hour}" for hour in (11, 12, 13, 14, 15)]
