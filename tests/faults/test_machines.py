"""Two machines, one database: whichever of them a request reaches, the service is one."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest
import sqlalchemy as sa

from portal.citizen.codes import OVER, WRONG
from portal.citizen.question_form import CHANGED_MEANWHILE
from services.accounts.limits import LIMITS, count_attempt
from services.accounts.models import LimitCount
from services.errands import HOURLY
from services.messages import Words
from services.settings import Settings
from tests.faults.accounts import check_chain, check_messages, check_whole, wait_for_the_workers
from tests.faults.cluster import QUICK_WORKER, Machine, go_to, machines, signed_in
from tests.faults.families import Ready, ready_families
from tests.journeys.families import Family, new_family
from tests.journeys.installation import wait_until
from tests.portal.pages import said
from tests.portal.walking import HttpBrowser, Walker

TOGETHER = 6
# What a machine keeps for itself: counts for its operator, and the program's own files, packed.
KEPT_HERE = {"metrics", "static", "processes.log"}
Pair = tuple[Machine, Machine]


@pytest.fixture(scope="module")
def pair(settings: Settings, postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two machines, each with a portal and a worker."""
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE machines")
    url = postgresql_server.rsplit("/", 1)[0] + "/machines"
    one, two = machines(tmp_path_factory.mktemp("machines"), url, 2)
    try:
        one.command("migrate")
        for machine in (one, two):
            machine.start_worker(QUICK_WORKER)
            machine.start_portal()
        yield one, two
    finally:
        one.stop()
        two.stop()


@pytest.fixture
def family(pair: Pair) -> Ready:
    [family] = ready_families(pair[0].database, 1)
    return family


def tabs_of(pair: Pair, family: Ready) -> tuple[Walker, Walker]:
    """One family's two tabs, each with another machine."""
    here, there = (signed_in(machine, family.mother_id) for machine in pair)
    return here, there


def named(walker: Walker, family: Family) -> Walker:
    """A mother has said who she is, and is asked for her code."""
    year, month, day = family.mother["birth_date"].split("-")
    walker.get("/sign-in")
    identity = {name: family.mother[name] for name in ("idcs", "sex")}
    walker.fill(**identity, birth_year=year, birth_month=month, birth_day=day)
    return walker


def test_a_session_begins_on_one_machine_holds_on_the_other_and_ends_on_both(pair: Pair) -> None:
    one, two = pair
    family = one.enrol(new_family())
    walker = named(Walker(HttpBrowser(one.base)), family)
    go_to(walker, two)
    walker.fill(code=one.sms.code(family.mobile))
    assert walker.page.path.endswith("/household/start")
    go_to(walker, one)
    assert walker.get("/household/start").path.endswith("/household/start")
    walker.press("/sign-out")
    for machine in pair:
        go_to(walker, machine)
        assert walker.get("/household").path.endswith("/sign-in"), machine.base


def test_tries_of_a_code_are_counted_on_both_together(pair: Pair) -> None:
    walker = named(Walker(HttpBrowser(pair[0].base)), new_family())
    answers = []
    for turn in range(7):
        go_to(walker, pair[turn % 2])
        answers += walker.fill(code="123456").problems
    assert answers == [("code", said(WRONG))] * 4 + [("code", said(OVER))] * 3


def test_a_limit_is_counted_on_both_together_and_refused_alike(pair: Pair) -> None:
    [window] = LIMITS["code_per_address"]
    with pair[0].database.writing() as session:
        session.execute(sa.delete(LimitCount))
        # In the next window too: it may begin while this test runs.
        for at in (datetime.now(UTC), datetime.now(UTC) + window.length):
            for _ in range(window.most - 2):
                count_attempt(session, limit="code_per_address", value="127.0.0.1", now=at)
    walker = Walker(HttpBrowser(pair[0].base))
    pages = []
    for turn in range(5):
        go_to(walker, pair[turn % 2])
        walker.get("/track")
        pages.append(walker.fill(reference="7KQ2-9XMP-4D"))
    with pair[0].database.writing() as session:
        session.execute(sa.delete(LimitCount))
    assert pages[0].status == 200
    assert [page.status for page in pages[-2:]] == [429, 429]
    # How long to wait is said in minutes, and a minute may end between the two.
    assert re.sub(r"\d+", "", pages[-1].words) == re.sub(r"\d+", "", pages[-2].words)
    assert all(int(page.headers["Retry-After"]) > 0 for page in pages[-2:])


def test_tabs_on_two_machines_are_tabs_of_one_form(pair: Pair, family: Ready) -> None:
    here, there = tabs_of(pair, family)
    for tab in (here, there):
        tab.get("/form/home")
    assert here.fill(rooms="7").status == 200
    page = there.fill(rooms="8")
    assert (page.status, page.problems) == (422, [("rooms", said(CHANGED_MEANWHILE, label=Words("Rooms")))])
    assert there.get("/form/home").value("rooms") == "7"
    # Other pages of the form, saved at once: both stay.
    here.get("/form/vehicles")
    there.get("/form/bills")
    with ThreadPoolExecutor() as at_once:
        saves = [at_once.submit(here.fill, motorbikes="2"), at_once.submit(there.fill, butane_monthly="70")]
        assert [save.result().status for save in saves] == [200, 200]
    assert there.get("/form/vehicles").value("motorbikes") == "2"
    assert here.get("/form/bills").value("butane_monthly") == "70"


def test_sent_to_both_machines_at_once_it_is_one_request_worked_on_once(pair: Pair) -> None:
    database = pair[0].database
    families = ready_families(database, TOGETHER)
    acknowledged = {}
    with ThreadPoolExecutor() as at_once:
        for family in families:
            tabs = tabs_of(pair, family)
            keys = [tab.get("/form/check").form("/form/check").fields["submission_key"] for tab in tabs]
            assert keys[0] == keys[1]
            sent = [at_once.submit(tab.press, "/form/check") for tab in tabs]
            [acknowledged[family.household_id]] = {answer.result().path.split("/")[3] for answer in sent}
    wait_for_the_workers(database, TOGETHER)
    check_whole(database, families, acknowledged)
    assert check_messages(pair[0], families, kills=0) == 0
    check_chain(pair[1])


def test_each_job_and_each_hours_cleaning_is_run_once(pair: Pair) -> None:
    def begun() -> Counter[tuple[str, int]]:
        query = "SELECT name, recovery_attempts FROM dbos.workflow_status WHERE status NOT IN ('DELAYED', 'ENQUEUED')"
        with pair[0].database.reading() as session:
            return Counter((row[0], row[1]) for row in session.execute(sa.text(query)))

    hourly = {job.name for job in HOURLY}
    wait_until(lambda: hourly <= {name for name, _ in begun()}, "nobody cleans up")
    times = begun()
    assert {tries for _, tries in times} == {1}
    # Two where the hour ended meanwhile.
    assert all(times[name, 1] in (1, 2) for name in hourly)


def test_what_a_machine_keeps_matters_to_itself_alone(pair: Pair) -> None:
    for machine in pair:
        assert {path.name for path in machine.folder.iterdir() if path.suffix != ".csv"} <= KEPT_HERE


@pytest.mark.parametrize("process", ["serve", "worker"])
def test_a_machine_with_another_secret_key_does_not_start(pair: Pair, family: Ready, process: str) -> None:
    stranger = Machine(pair[1].folder, pair[1].environment["USRATI_DATABASE_URL"])
    stranger.environment |= {"USRATI_SECRET_KEY": "another one, of 32 characters or more"}
    ended = stranger.run(process)
    stranger.stop()
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "USRATI_SECRET_KEY" in ended.stderr
