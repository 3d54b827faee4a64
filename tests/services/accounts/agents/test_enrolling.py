"""From the one-time code to a password, a telephone and recovery codes; nothing before the last step."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.accounts.agents.enrolling import (
    EnrolmentView,
    choose_password,
    confirm_enrolment,
    end_enrolment,
    find_enrolment,
    open_enrolment,
)
from services.accounts.agents.second_factor import code_at
from services.accounts.agents.staff import ENROLMENT_LIFE, end_agent, list_agents, reset_agent
from services.accounts.models import Agent, AgentEnrolment, RecoveryCode
from services.database import Database
from services.errors import NotFound, StateConflict, TooManyAttempts
from services.journal import operator
from services.journal.models import JournalEntry
from tests.services.accounts.agents.colleagues import Colleague, hashed, take_on

ADDRESS = "192.0.2.7"


@pytest.fixture
def invited(database: Database, now: datetime) -> Colleague:
    return take_on(database, enrolled=False, now=now)


def open_it(database: Database, colleague: Colleague, now: datetime, **others: str) -> UUID | None:
    given = {"name": colleague.name, "code": colleague.enrolment_code, "address": ADDRESS, **others}
    with database.writing() as session:
        return open_enrolment(session, **given, now=now)


def choose(database: Database, colleague: Colleague, now: datetime) -> tuple[UUID, str]:
    """As far as the secret of the telephone."""
    enrolment_id = open_it(database, colleague, now)
    assert enrolment_id is not None
    with database.writing() as session:
        choose_password(session, enrolment_id=enrolment_id, password_hash=hashed(), now=now)
    secret = look(database, enrolment_id, now).secret
    assert secret is not None
    return enrolment_id, secret


def look(database: Database, enrolment_id: UUID, now: datetime) -> EnrolmentView:
    with database.reading() as session:
        found = find_enrolment(session, enrolment_id=enrolment_id, now=now)
    assert found is not None
    return found


def confirm(database: Database, enrolment_id: UUID, code: str, now: datetime) -> bool:
    with database.writing() as session:
        return confirm_enrolment(session, enrolment_id=enrolment_id, code=code, now=now)


def test_the_code_the_password_and_the_telephone_make_an_account(
    database: Database, invited: Colleague, now: datetime
) -> None:
    enrolment_id, secret = choose(database, invited, now)
    assert not confirm(database, enrolment_id, "000000", now)
    with database.reading() as session:
        assert session.get_one(Agent, invited.id).password_hash is None
    assert confirm(database, enrolment_id, code_at(secret, now), now)
    codes = look(database, enrolment_id, now).recovery_codes
    assert len(set(codes)) == 10
    with database.reading() as session:
        agent = session.get_one(Agent, invited.id)
        assert (agent.password_hash, agent.totp_secret) == (hashed(), secret)
        assert session.scalars(sa.select(RecoveryCode.agent_id)).all() == [invited.id] * 10
        assert session.scalars(sa.select(JournalEntry.action)).all()[-1] == "agent.enrolled"


def test_recovery_codes_are_read_until_they_are_kept_and_stored_as_digests(
    database: Database, invited: Colleague, now: datetime
) -> None:
    enrolment_id, secret = choose(database, invited, now)
    with database.writing() as session:
        end_enrolment(session, enrolment_id=enrolment_id, now=now)
    assert confirm(database, enrolment_id, code_at(secret, now), now), "kept before there were any"
    codes = look(database, enrolment_id, now).recovery_codes
    with database.writing() as session:
        end_enrolment(session, enrolment_id=enrolment_id, now=now)
    with database.reading() as session:
        assert find_enrolment(session, enrolment_id=enrolment_id, now=now) is None
        stored = b"".join(session.scalars(sa.select(RecoveryCode.digest)))
    assert not [code for code in codes if code.encode() in stored]


@pytest.mark.parametrize(
    "others", [{"code": "AAAA-BBBB-CCCC-DDDD"}, {"name": "nobody"}, {"code": ""}, {"code": "ⵣ\x01"}]
)
def test_another_code_or_name_opens_nothing(
    database: Database, invited: Colleague, now: datetime, others: dict[str, str]
) -> None:
    assert open_it(database, invited, now, **others) is None


def test_the_code_is_read_as_people_type_it(database: Database, invited: Colleague, now: datetime) -> None:
    assert open_it(database, invited, now, code=f" {invited.enrolment_code.lower().replace('-', ' ')} ") is not None


def test_the_code_works_for_a_day_and_once(database: Database, invited: Colleague, now: datetime) -> None:
    assert open_it(database, invited, now + ENROLMENT_LIFE) is None
    enrolment_id, secret = choose(database, invited, now)
    assert confirm(database, enrolment_id, code_at(secret, now), now)
    assert open_it(database, invited, now) is None
    with pytest.raises(NotFound):
        confirm(database, enrolment_id, code_at(secret, now), now)
    with database.writing() as session, pytest.raises(NotFound):
        choose_password(session, enrolment_id=enrolment_id, password_hash="another", now=now)


def test_going_back_keeps_the_secret_that_was_scanned(database: Database, invited: Colleague, now: datetime) -> None:
    assert choose(database, invited, now) == choose(database, invited, now)


@pytest.mark.parametrize("change", [reset_agent, end_agent])
def test_an_enrolment_under_way_ends_with_its_code(
    database: Database, invited: Colleague, now: datetime, change: object
) -> None:
    enrolment_id, secret = choose(database, invited, now)
    with database.writing() as session:
        change(session, actor=operator(None), name=invited.name, now=now)  # type: ignore[operator]
    with pytest.raises(NotFound):
        confirm(database, enrolment_id, code_at(secret, now), now)
    assert open_it(database, invited, now) is None


def test_guessing_enrolment_codes_is_stopped(database: Database, invited: Colleague, now: datetime) -> None:
    for _ in range(30):
        open_it(database, invited, now, code="wrong")
    with pytest.raises(TooManyAttempts):
        open_it(database, invited, now)


def test_a_name_is_given_once(database: Database, now: datetime) -> None:
    take_on(database, now=now)
    with pytest.raises(StateConflict):
        take_on(database, now=now)
    with database.writing() as session:
        end_agent(session, actor=operator(None), name="hind.alami", now=now)
    with pytest.raises(StateConflict):
        take_on(database, now=now)
    with database.writing() as session, pytest.raises(NotFound):
        end_agent(session, actor=operator(None), name="hind.alami", now=now)


def test_the_list_says_who_is_there_who_is_awaited_and_who_left(database: Database, now: datetime) -> None:
    for name in ("active", "awaited", "left"):
        take_on(database, name, enrolled=name != "awaited", now=now)
    later = now + timedelta(hours=1)
    with database.writing() as session:
        end_agent(session, actor=operator(None), name="left", now=later)
    with database.reading() as session:
        active, awaited, left = list_agents(session, now=later)
    assert (active.has_enrolled, active.awaited_until, active.roles) == (True, None, ("operator",))
    assert (awaited.has_enrolled, awaited.awaited_until) == (False, now + ENROLMENT_LIFE)
    assert (left.left_at, left.roles, left.has_enrolled) == (later, (), False)


def test_what_an_enrolment_holds_is_sealed(database: Database, invited: Colleague, now: datetime) -> None:
    enrolment_id, secret = choose(database, invited, now)
    confirm(database, enrolment_id, code_at(secret, now), now)
    with database.reading() as session:
        row = session.execute(sa.select(AgentEnrolment.__table__)).one()
        agent = session.execute(sa.select(Agent.__table__)).one()
    assert row.password_hash is None
    plain = [
        value
        for value in (*row, *agent)
        if isinstance(value, bytes) and (b"Alami" in value or secret.encode() in value)
    ]
    assert plain == []
