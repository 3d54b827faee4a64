"""The population register takes half a minute: who asks it hears «not now» in seconds, all others notice nothing."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.models import CodeAttempt
from services.database import Database
from services.population import patience
from services.requests.models import Request
from services.requests.states import Event
from services.requests.verification import Outcome, verify_request
from services.settings import Settings
from tests.faults.cluster import Machine
from tests.faults.crowd import Home, homes, locked, served, visitor
from tests.faults.measuring import Waits, all_ended, at_once, busy, for_seconds
from tests.portal.pages import said
from tests.services.requests.families import log_of, sent_request

NOBODY = {"idcs": "2345678906", "sex": "F", "birth_day": "2", "birth_month": "5", "birth_year": "1984"}
# Every question to the register asks this table whether it is open; no page that asks nothing reads it.
REGISTER = "register_closures"
HALF_A_MINUTE = pytest.param(30.0, marks=pytest.mark.matrix)


@pytest.fixture(scope="module")
def machine(settings: Settings, postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE slow_register")
    url = postgresql_server.rpartition("/")[0] + "/slow_register"
    with served(tmp_path_factory.mktemp("slow"), url) as machine:
        yield machine


def url_of(database: Database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)


def knock(machine: Machine, seconds: float, waits: Waits) -> None:
    """Somebody who tries to sign in again and again."""
    walker = visitor(machine)
    for _ in for_seconds(seconds):
        walker.get("/sign-in")
        page = waits.take(lambda: walker.fill(**NOBODY))
        assert page.heading == said("Not available now")
        assert page.value("idcs") == NOBODY["idcs"]


def go_about(machine: Machine, home: Home, seconds: float, waits: Waits) -> None:
    """A family at its form, and a visitor, neither of whom needs the register."""
    passer_by = visitor(machine)
    for left in for_seconds(seconds):
        for path in ("/", "/track", "/sign-in"):
            waits.take(lambda path=path: passer_by.get(path))
        waits.take(lambda: home.walker.get("/household"))
        waits.take(home.open)
        waits.take(lambda left=left: home.say(1 + int(left * 10) % 5))


@pytest.mark.parametrize("seconds", [HALF_A_MINUTE, 3.0])
def test_pages_stay_fast_while_eight_hang_at_the_register(machine: Machine, seconds: float) -> None:
    home = homes(machine, 1)[0]
    ordinary, hanging, times = Waits(), Waits(), busy()
    with locked(url_of(machine.database), REGISTER):
        knocking = [threading.Thread(target=knock, args=(machine, seconds, hanging)) for _ in range(8)]
        with all_ended(knocking):
            go_about(machine, home, seconds, ordinary)
    times = max(times, busy())
    print(f"{times:.1f} times as slow; others: {ordinary}; at the register: {hanging}")
    assert set(ordinary.statuses) == {200}
    assert ordinary.share(0.5) < 0.2 * times
    assert ordinary.share(0.99) < 1.0 * times
    assert set(hanging.statuses) == {503}
    assert hanging.share(0.99) < patience.ANSWERS_WITHIN.total_seconds() + 1.0 * times
    assert home.stored() == home.acknowledged


def test_who_was_told_not_now_signs_in_afterwards_by_one_button(machine: Machine) -> None:
    walker = visitor(machine)
    walker.get("/sign-in")
    before = len(machine.rows(sa.select(CodeAttempt.id)))
    with locked(url_of(machine.database), REGISTER):
        page = walker.fill(**NOBODY)
    assert (page.status, page.headers["Retry-After"]) == (503, "10")
    assert len(machine.rows(sa.select(CodeAttempt.id))) == before
    assert walker.press("/sign-in").path == "/fr/sign-in/code"
    assert len(machine.rows(sa.select(CodeAttempt.id))) == before + 1


def test_where_not_even_names_can_be_read_the_page_says_so_in_seconds(machine: Machine) -> None:
    home = homes(machine, 1)[0]
    home.open()
    waits = Waits()
    with locked(url_of(machine.database), "persons"):
        page = waits.take(lambda: home.walker.fill(rooms="7"))
        passer_by = visitor(machine)
        assert waits.take(lambda: passer_by.get("/sign-in")).status == 200
    assert (page.status, page.value("rooms")) == (503, "7")
    assert max(waits.seconds) < 3 + busy()
    assert home.walker.press("/form/home").status == 200
    assert home.stored() == 7


@pytest.fixture
def impatient(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    if database.url.get_backend_name() == "sqlite":
        pytest.skip("on SQLite the register is a table of the same file, without a server to wait for")
    monkeypatch.setattr(patience, "ANSWERS_WITHIN", patience.ANSWERS_WITHIN / 10)
    monkeypatch.setattr(patience, "PLACE_WITHIN", patience.PLACE_WITHIN / 10)
    return database


def verified(session: Session, request: Request) -> Outcome:
    return verify_request(session, request_id=request.id, attempt=request.tries + 1, now=datetime.now(UTC))


def test_a_request_waits_for_a_slow_register_and_is_asked_about_again(impatient: Database) -> None:
    with impatient.writing() as session:
        request, _ = sent_request(session, datetime.now(UTC))
    with locked(url_of(impatient), REGISTER), impatient.writing() as session:
        # What the transaction did before, and does after, the question that was cut off is kept.
        assert verified(session, session.get_one(Request, request.id)) is Outcome.NOT_AVAILABLE
    with impatient.writing() as session:
        again = session.get_one(Request, request.id)
        assert log_of(session, again)[-2:] == [Event.START, Event.SILENCE]
        assert verified(session, again) is Outcome.CONFIRMED


def test_the_time_limit_is_the_registers_alone(impatient: Database) -> None:
    with impatient.writing() as session:
        usual = session.scalar(sa.text("SHOW statement_timeout"))
        with patience.asking(session) as register:
            assert register.scalar(sa.text("SHOW statement_timeout")) != usual
        assert session.scalar(sa.text("SHOW statement_timeout")) == usual


def test_only_so_many_wait_and_the_rest_hear_at_once(impatient: Database) -> None:
    answered = []

    def ask() -> None:
        with impatient.writing() as session:
            try:
                with patience.asking(session) as register:
                    register.execute(sa.text("SELECT count(*) FROM register_closures"))
            except patience.Unavailable:
                waits.seconds.append(0)
            else:
                answered.append(True)

    waits = Waits()
    with locked(url_of(impatient), REGISTER):
        at_once([ask] * 8)
    assert (len(waits.seconds), answered) == (8, [])
    at_once([ask] * 8)
    assert len(answered) == 8, "a place was not given back"
