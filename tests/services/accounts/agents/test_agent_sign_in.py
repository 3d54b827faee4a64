"""Signing in as one of the staff: what opens, what does not, and whom a stranger cannot lock out."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.accounts.agents.sessions import find_agent_session
from services.accounts.agents.sign_in import (
    MOST_TRIES,
    SECOND_FACTOR_WITHIN,
    AgentSignedIn,
    SecondFactor,
    begin_agent_sign_in,
    find_candidate,
    finish_agent_sign_in,
)
from services.accounts.agents.staff import end_agent, reset_agent
from services.accounts.models import AgentEnrolment
from services.database import Database
from services.errors import TooManyAttempts
from services.journal import operator
from services.journal.models import JournalEntry
from tests.services.accounts.agents.colleagues import PASSWORD, Colleague, take_on
from tests.services.households.families import statements

HALF_MINUTE = timedelta(seconds=30)
QUARTER = timedelta(minutes=15)
OFFICE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


def begin(
    database: Database, now: datetime, name: str = "hind.alami", password: str = PASSWORD, address: str = OFFICE
) -> UUID | None:
    with database.writing() as session:
        candidate = find_candidate(session, name=name, address=address, now=now)
    right = candidate.bears(password)
    with database.writing() as session:
        return begin_agent_sign_in(session, candidate=candidate, right=right, now=now)


def finish(
    database: Database, begun: UUID, code: str, now: datetime, address: str = OFFICE
) -> AgentSignedIn | SecondFactor:
    with database.writing() as session:
        return finish_agent_sign_in(session, sign_in_id=begun, code=code, address=address, now=now)


def sign_in(database: Database, colleague: Colleague, now: datetime, address: str = OFFICE) -> AgentSignedIn:
    begun = begin(database, now, colleague.name, address=address)
    assert begun is not None
    signed_in = finish(database, begun, colleague.code(now), now, address)
    assert isinstance(signed_in, AgentSignedIn)
    return signed_in


@pytest.fixture
def hind(database: Database, now: datetime) -> Colleague:
    return take_on(database, now=now - timedelta(days=1))


def test_name_password_and_code_open_a_session(database: Database, hind: Colleague, now: datetime) -> None:
    signed_in = sign_in(database, hind, now)
    with database.reading() as session:
        found = find_agent_session(session, secret=signed_in.secret, now=now)
        actions = session.scalars(sa.select(JournalEntry.action).order_by(JournalEntry.id)).all()
    assert found is not None
    assert (found.id, found.name, found.full_name, found.roles) == (hind.id, hind.name, "Hind Alami", {"operator"})
    assert actions[-1] == "agent.signed_in"


@pytest.mark.parametrize("name", ["  Hind.ALAMI ", "hind.alami"])
def test_a_name_is_read_as_people_type_it(database: Database, hind: Colleague, now: datetime, name: str) -> None:
    assert begin(database, now, name) is not None


@pytest.mark.parametrize(
    ("name", "password"), [("hind.alami", "not hers"), ("nobody", PASSWORD), ("", ""), ("\x01ⵣ", "x")]
)
def test_a_wrong_name_or_password_opens_nothing_and_is_recorded(
    database: Database, hind: Colleague, now: datetime, name: str, password: str
) -> None:
    assert begin(database, now, name, password) is None
    with database.reading() as session:
        entry = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    assert entry.action == "agent.password_refused"
    assert entry.details["agent"] == (str(hind.id) if name == hind.name else None)


def test_a_name_that_nobody_bears_runs_the_same_statements(database: Database, hind: Colleague, now: datetime) -> None:
    begin(database, now, "warm.up", "x")
    seen = []
    for name in (hind.name, "nobody"):
        with statements(database) as run:
            begin(database, now, name, "not the password")
        seen.append(list(run))
    assert seen[0] == seen[1]


def test_a_code_works_once(database: Database, hind: Colleague, now: datetime) -> None:
    sign_in(database, hind, now)
    again = begin(database, now)
    assert again is not None
    assert finish(database, again, hind.code(now), now) is SecondFactor.WRONG
    # Nor does the one of half a minute before, which a clock that is slow would show.
    assert finish(database, again, hind.code(now - HALF_MINUTE), now) is SecondFactor.WRONG
    later = now + HALF_MINUTE
    assert isinstance(finish(database, again, hind.code(later), later), AgentSignedIn)
    assert finish(database, again, hind.code(later + HALF_MINUTE), later + HALF_MINUTE) is SecondFactor.OVER


@pytest.mark.parametrize(("off", "opens"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_telephones_clock_may_be_half_a_minute_off(
    database: Database, hind: Colleague, now: datetime, off: int, opens: bool
) -> None:
    begun = begin(database, now)
    assert begun is not None
    code = hind.code(now + timedelta(seconds=off))
    assert isinstance(finish(database, begun, code, now), AgentSignedIn) is opens


def test_arabic_digits_and_spaces_are_read(database: Database, hind: Colleague, now: datetime) -> None:
    begun = begin(database, now)
    assert begun is not None
    typed = hind.code(now).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert isinstance(finish(database, begun, f" {typed[:3]} {typed[3:]} ", now), AgentSignedIn)


def test_a_recovery_code_stands_once_for_the_telephone(database: Database, hind: Colleague, now: datetime) -> None:
    code = hind.recovery_codes[3].lower().replace("-", " ")
    for right in (True, False):
        begun = begin(database, now)
        assert begun is not None
        assert isinstance(finish(database, begun, code, now), AgentSignedIn) is right


def test_an_attempt_ends_after_a_few_tries_and_minutes(database: Database, hind: Colleague, now: datetime) -> None:
    begun, other = begin(database, now), begin(database, now)
    assert begun is not None
    assert other is not None
    outcomes = [finish(database, begun, "000000", now) for _ in range(MOST_TRIES)]
    assert outcomes == [SecondFactor.WRONG] * (MOST_TRIES - 1) + [SecondFactor.OVER]
    assert finish(database, begun, hind.code(now), now) is SecondFactor.OVER
    late = now + SECOND_FACTOR_WITHIN
    assert finish(database, other, hind.code(late), late) is SecondFactor.OVER
    assert finish(database, uuid4(), hind.code(now), now) is SecondFactor.OVER


def test_guessing_codes_is_stopped_and_a_recovery_code_still_opens(
    database: Database, hind: Colleague, now: datetime
) -> None:
    def guess_on() -> None:
        for _ in range(4):
            begun = begin(database, now)
            assert begun is not None
            for _ in range(MOST_TRIES):
                finish(database, begun, "000000", now)

    with pytest.raises(TooManyAttempts):
        guess_on()
    begun = begin(database, now, address=ELSEWHERE)
    assert begun is not None
    assert isinstance(finish(database, begun, hind.recovery_codes[0], now), AgentSignedIn)


def guess_passwords(database: Database, now: datetime, name: str, times: int, network: int = 0) -> int:
    """Try wrong passwords from many addresses; how many were compared."""
    compared = 0
    for one in range(times):
        try:
            with database.writing() as session:
                find_candidate(session, name=name, address=f"203.0.{network}.{one // 5}", now=now)
        except TooManyAttempts:
            continue
        compared += 1
    return compared


@pytest.mark.parametrize("name", ["hind.alami", "nobody"])
def test_guessing_from_everywhere_is_stopped_for_names_that_nobody_bears_too(
    database: Database, hind: Colleague, now: datetime, name: str
) -> None:
    assert guess_passwords(database, now, name, 60) == 30
    with pytest.raises(TooManyAttempts) as refused:
        begin(database, now, name)
    assert refused.value.retry_after <= 3600


def test_a_stranger_locks_nobody_out_of_where_he_works(database: Database, hind: Colleague, now: datetime) -> None:
    sign_in(database, hind, now)
    tomorrow = now + timedelta(days=1)
    guess_passwords(database, tomorrow, hind.name, 60)
    with pytest.raises(TooManyAttempts):
        begin(database, tomorrow, address=ELSEWHERE)
    sign_in(database, hind, tomorrow)


def test_too_many_tries_of_one_address_wait_a_quarter_of_an_hour(
    database: Database, hind: Colleague, now: datetime
) -> None:
    for _ in range(10):
        assert begin(database, now, password="guessed") is None
    with pytest.raises(TooManyAttempts) as refused:
        begin(database, now)
    assert refused.value.retry_after <= QUARTER.total_seconds()
    sign_in(database, hind, now + QUARTER)


def test_nobody_reads_recovery_codes_after_the_first_sign_in(
    database: Database, hind: Colleague, now: datetime
) -> None:
    sign_in(database, hind, now)
    with database.reading() as session:
        assert session.scalars(sa.select(AgentEnrolment)).all() == []


@pytest.mark.parametrize("change", [reset_agent, end_agent])
def test_a_password_that_was_taken_away_meanwhile_goes_no_further(
    database: Database, hind: Colleague, now: datetime, change: object
) -> None:
    begun = begin(database, now)
    assert begun is not None
    with database.writing() as session:
        candidate = find_candidate(session, name=hind.name, address=OFFICE, now=now)
    with database.writing() as session:
        change(session, actor=operator(None), name=hind.name, now=now)  # type: ignore[operator]
    assert finish(database, begun, hind.code(now), now) is SecondFactor.OVER
    with database.writing() as session:
        assert begin_agent_sign_in(session, candidate=candidate, right=True, now=now) is None
