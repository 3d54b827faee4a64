"""Sessions of the staff: short, by role, and over at once when their agent leaves."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from services.accounts.agents.roles import ROLES
from services.accounts.agents.sessions import FoundAgent, find_agent_session, sign_agent_out, touch_agent_session
from services.accounts.agents.staff import end_agent, reset_agent
from services.accounts.models import Agent, AgentRole
from services.crypto import sealed_columns
from services.database import Database
from services.journal import operator
from tests.services.accounts.agents.colleagues import Colleague, session_of, take_on
from tests.services.households.families import statements

IDLE, LONGEST = ROLES["operator"].idle, ROLES["operator"].longest
SECOND = timedelta(seconds=1)


@pytest.fixture
def hind(database: Database, now: datetime) -> Colleague:
    return take_on(database, now=now - timedelta(days=1))


@pytest.fixture
def secret(database: Database, hind: Colleague, now: datetime) -> str:
    return session_of(database, hind, now)


def find(database: Database, secret: str, now: datetime) -> FoundAgent | None:
    with database.reading() as session:
        return find_agent_session(session, secret=secret, now=now)


def test_a_session_ends_when_idle(database: Database, secret: str, now: datetime) -> None:
    found = find(database, secret, now + IDLE - SECOND)
    assert found is not None
    assert found.ends_at == now + IDLE
    assert find(database, secret, now + IDLE) is None
    assert find(database, secret, now - IDLE) is None
    assert find(database, "another secret", now) is None


def test_a_session_in_use_goes_on_until_it_is_too_long(database: Database, secret: str, now: datetime) -> None:
    moment = now
    while (found := find(database, secret, moment)) is not None:
        with database.writing() as session:
            touch_agent_session(session, session_id=found.session_id, now=moment)
        moment += IDLE - SECOND
    assert LONGEST <= moment - now < LONGEST + IDLE


def test_finding_a_session_is_one_statement(database: Database, secret: str, now: datetime) -> None:
    with database.reading() as session, statements(database) as seen:
        find_agent_session(session, secret=secret, now=now)
    assert len([one for one in seen if one.lstrip().startswith("SELECT")]) == 1


@pytest.mark.parametrize("change", [reset_agent, end_agent])
def test_who_leaves_or_is_reset_loses_every_session_at_once(
    database: Database, hind: Colleague, secret: str, now: datetime, change: object
) -> None:
    with database.writing() as session:
        change(session, actor=operator(None), name=hind.name, now=now)  # type: ignore[operator]
    assert find(database, secret, now) is None


def test_signing_out_ends_every_session(database: Database, hind: Colleague, secret: str, now: datetime) -> None:
    other = session_of(database, hind, now)
    found = find(database, secret, now)
    assert found is not None
    with database.writing() as session:
        sign_agent_out(session, agent=found, now=now)
    assert find(database, secret, now) is None
    assert find(database, other, now) is None


def test_a_role_opens_from_its_day_to_its_end(database: Database, hind: Colleague, secret: str, now: datetime) -> None:
    with database.writing() as session:
        session.execute(sa.update(AgentRole).values(until=now + SECOND))
    before, after = find(database, secret, now), find(database, secret, now + SECOND)
    assert before is not None
    assert after is not None
    assert (before.may_open("operator"), before.may_open("agent")) == (True, True)
    assert (after.may_open("operator"), after.may_open("agent")) == (False, True)


def test_keys_and_rotation_know_what_is_sealed_of_the_staff() -> None:
    assert {column.column.name for column in sealed_columns()[Agent.__table__]} == {  # type: ignore[index]
        "full_name_sealed",
        "totp_secret_sealed",
    }
