"""Sessions live while they are used, end for good, and end everywhere."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.accounts.models import Account, CitizenSession
from services.accounts.sessions import (
    FoundSession,
    SessionState,
    find_session,
    language_of,
    open_session,
    remember_language,
    sign_out,
    store_language,
    touch_session,
)
from services.database import Database
from services.errors import NotAllowed
from services.journal import Actor, Capacity, citizen
from services.journal.models import JournalEntry

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def open_for(database: Database, person_id: UUID, now: datetime) -> str:
    with database.writing() as session:
        return open_session(session, person_id=person_id, now=now)


def find(database: Database, secret: str, now: datetime) -> FoundSession:
    with database.reading() as session:
        found = find_session(session, secret=secret, now=now)
    assert found is not None
    return found


def touch(database: Database, session_id: UUID, now: datetime) -> None:
    with database.writing() as session:
        touch_session(session, session_id=session_id, now=now)


def test_a_session_is_found_by_its_secret_in_one_statement(database: Database, fatima: UUID, now: datetime) -> None:
    secret = open_for(database, fatima, now)
    with database.writing() as session:
        remember_language(session, actor=citizen(fatima), locale="fr", now=now)
    seen: list[str] = []
    with database.reading() as session:
        session.execute(sa.text("SELECT 1"))
        sa.event.listen(session.connection(), "before_cursor_execute", lambda *call: seen.append(call[2]))
        found = find_session(session, secret=secret, now=now)
    assert len(seen) == 1
    assert found is not None
    assert (found.person_id, found.locale, found.state) == (fatima, "fr", "live")
    assert (found.last_seen_at, found.ends_at) == (now, now + 30 * MINUTE)


def test_the_secret_itself_is_stored_nowhere(database: Database, fatima: UUID, now: datetime) -> None:
    secret = open_for(database, fatima, now)
    with database.reading() as session:
        stored = session.execute(sa.select(CitizenSession.__table__)).one()
    assert secret not in str(stored)
    assert len(secret) >= 43


@pytest.mark.parametrize("secret", ["", "x", "\0", "🔑" * 1000])
def test_an_unknown_secret_finds_nothing(database: Database, fatima: UUID, now: datetime, secret: str) -> None:
    open_for(database, fatima, now)
    with database.reading() as session:
        assert find_session(session, secret=secret, now=now) is None


def test_a_session_ends_when_it_is_not_used_for_half_an_hour(database: Database, fatima: UUID, now: datetime) -> None:
    secret = open_for(database, fatima, now)
    assert find(database, secret, now + timedelta(minutes=29, seconds=59)).state is SessionState.LIVE
    assert find(database, secret, now + 30 * MINUTE).state is SessionState.OVER


def test_using_a_session_keeps_it_alive_for_twelve_hours_at_most(
    database: Database, fatima: UUID, now: datetime
) -> None:
    secret = open_for(database, fatima, now)
    session_id = find(database, secret, now).id
    for minutes in range(20, 720, 20):
        touch(database, session_id, now + minutes * MINUTE)
    assert find(database, secret, now + 719 * MINUTE).state is SessionState.LIVE
    assert find(database, secret, now + 719 * MINUTE).ends_at == now + 12 * HOUR
    assert find(database, secret, now + 720 * MINUTE).state is SessionState.OVER


def test_a_use_within_the_minute_is_not_written(database: Database, fatima: UUID, now: datetime) -> None:
    secret = open_for(database, fatima, now)
    touch(database, find(database, secret, now).id, now + timedelta(seconds=59))
    assert find(database, secret, now).last_seen_at == now


def test_what_is_over_does_not_come_back(database: Database, fatima: UUID, now: datetime) -> None:
    secret = open_for(database, fatima, now)
    late = now + 31 * MINUTE
    touch(database, find(database, secret, late).id, late)
    assert find(database, secret, late).state is SessionState.OVER


def test_a_session_long_over_is_nobodys(database: Database, fatima: UUID, now: datetime) -> None:
    secret = open_for(database, fatima, now)
    assert find(database, secret, now + timedelta(days=6)).person_id == fatima
    with database.reading() as session:
        assert find_session(session, secret=secret, now=now + timedelta(days=7)) is None


def test_a_clock_set_back_lengthens_no_session(database: Database, fatima: UUID, now: datetime) -> None:
    secret = open_for(database, fatima, now)
    assert find(database, secret, now - 10 * MINUTE).state is SessionState.LIVE
    # It was live when the clock was set back, and ends half an hour from then.
    assert find(database, secret, now - 2 * HOUR).state is SessionState.LIVE
    session_id = find(database, secret, now).id
    touch(database, session_id, now - 2 * HOUR)
    assert find(database, secret, now - 2 * HOUR).ends_at == now - 2 * HOUR + 30 * MINUTE
    assert find(database, secret, now - 90 * MINUTE).state is SessionState.OVER


def test_signing_out_ends_every_session_of_that_person(
    database: Database, fatima: UUID, register: object, now: datetime
) -> None:
    other = register("3456789017")  # type: ignore[operator]
    mine = [open_for(database, fatima, now) for _ in range(3)]
    others = open_for(database, other, now)
    with database.writing() as session:
        sign_out(session, actor=citizen(fatima), session_id=uuid4(), now=now + MINUTE)
    assert {find(database, secret, now + MINUTE).state for secret in mine} == {SessionState.OVER}
    assert find(database, others, now + MINUTE).state is SessionState.LIVE
    touch(database, find(database, mine[0], now).id, now + 5 * MINUTE)
    assert find(database, mine[0], now + 5 * MINUTE).state is SessionState.OVER


def test_signing_out_is_journaled(database: Database, fatima: UUID, now: datetime) -> None:
    with database.writing() as session:
        sign_out(session, actor=citizen(fatima), session_id=uuid4(), now=now)
    with database.reading() as session:
        entry = session.scalars(sa.select(JournalEntry)).one()
    assert (entry.action, entry.person_id) == ("account.signed_out", fatima)


def test_an_agent_neither_signs_a_citizen_out_nor_chooses_his_language(
    database: Database, fatima: UUID, now: datetime
) -> None:
    agent = Actor(Capacity.AGENT_FOR_CITIZEN, uuid4(), for_person=fatima, purpose="help")
    with database.writing() as session:
        with pytest.raises(NotAllowed):
            sign_out(session, actor=agent, session_id=uuid4(), now=now)
        with pytest.raises(NotAllowed):
            remember_language(session, actor=agent, locale="fr", now=now)


def test_the_last_language_chosen_is_remembered(database: Database, fatima: UUID, now: datetime) -> None:
    with database.writing() as session:
        assert language_of(session, person_id=fatima) is None
        store_language(session, person_id=fatima, locale="fr", now=now)
        remember_language(session, actor=citizen(fatima), locale="zgh", now=now + HOUR)
    with database.reading() as session:
        assert language_of(session, person_id=fatima) == "zgh"
        assert session.get_one(Account, fatima).created_at == now
