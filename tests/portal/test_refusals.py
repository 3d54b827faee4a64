"""What a family reads when something is refused or fails: the reason, and all it typed, ready to send again."""

from datetime import timedelta

import pytest

from portal.languages import LANGUAGES
from services.accounts.limits import LIMITS, QUARTER, Window
from services.households.admission import HEAD_IS_ADULT
from services.households.members import CHANGE_HEAD_FIRST
from services.households.registration import ADULTS_REGISTER
from services.households.rights import CLOSED_FOR_CHANGES
from services.journal import Actor, Capacity
from services.population.register import close_register, open_register
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import said
from tests.portal.stages import NOW, WIDOW, household_of_story
from tests.portal.test_sign_in import declare

OPERATOR = Actor(Capacity.OPERATOR, None)
CHILD = WIDOW.household[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_child_who_registers_reads_why_not(portal: Portal, language: str) -> None:
    walker = portal.person(CHILD["idcs"] or "", language=language)
    walker.get("/household/start")
    page = walker.fill(relation="child", consent="y")
    assert page.status == 403
    assert said(ADULTS_REGISTER, language) in page.words


def test_a_child_named_head_is_refused_beside_the_relation_and_all_is_kept(portal: Portal) -> None:
    walker = portal.family()
    walker.get("/household/start")
    walker.fill(relation="spouse", consent="y")
    walker.get("/household/members/add")
    year, month, day = (CHILD["birth_date"] or "").split("-")
    page = walker.fill(idcs=CHILD["idcs"], birth_year=year, birth_month=month, birth_day=day, relation="head")
    assert (page.status, page.problems) == (422, [("relation", said(HEAD_IS_ADULT))])
    assert (page.value("idcs"), page.value("birth_year")) == (CHILD["idcs"], year)
    assert walker.fill(relation="child").path == "/fr/household/members"


def test_a_refusal_by_a_rule_of_the_household_says_the_rule(open_portal: OpenPortal) -> None:
    portal = open_portal("refused")
    walker = portal.family()
    walker.get(f"/requests/{portal.reference}/correct")
    walker.press("/correct")
    walker.get("/household/members/1")
    page = walker.fill(relation="other")
    assert page.status == 409
    assert said(CHANGE_HEAD_FIRST) in page.words


@pytest.mark.parametrize(("stage", "state"), [("sent", "declared"), ("decided", "active")])
@pytest.mark.parametrize("path", ["", "/add", "/1"])
def test_once_it_is_sent_the_pages_of_its_people_say_why_they_are_closed(
    open_portal: OpenPortal, stage: str, state: str, path: str
) -> None:
    page = open_portal(stage).family().get(f"/household/members{path}")
    assert page.status == 409
    assert said(CLOSED_FOR_CHANGES[state]) in page.words


def test_who_is_added_while_the_register_is_closed_is_not_typed_twice(open_portal: OpenPortal) -> None:
    portal = open_portal("begun")
    with portal.database.writing() as session:
        close_register(session, actor=OPERATOR, until=NOW + timedelta(hours=1), now=NOW)
    walker = portal.family()
    walker.get("/household/members/add")
    year, month, day = (CHILD["birth_date"] or "").split("-")
    page = walker.fill(idcs=CHILD["idcs"], birth_year=year, birth_month=month, birth_day=day, relation="child")
    assert page.status == 503
    with portal.database.writing() as session:
        open_register(session, actor=OPERATOR, now=NOW)
    assert walker.press("/household/members/add").path == "/fr/household/members"
    assert len(household_of_story(portal.database).members) == 2


def test_who_waited_long_enough_need_not_type_again(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "code_per_address", (Window(1, QUARTER),))
    walker = portal.visitor()
    declare(walker)
    assert declare(walker).status == 429
    monkeypatch.setitem(LIMITS, "code_per_address", (Window(3, QUARTER),))
    assert walker.press("/sign-in").path == "/fr/sign-in/code"


@pytest.mark.parametrize("path", ["/household", "/privacy", "/form/home"])
def test_a_database_that_is_away_is_a_kind_page_also_for_who_is_signed_in(open_portal: OpenPortal, path: str) -> None:
    portal = open_portal("answered", shows_faults=False)
    walker = portal.family()
    portal.database.dispose()
    for file in portal.settings.data_dir.glob("usrati.db*"):
        file.unlink()
    page = walker.get(path)
    assert (page.status, page.heading) == (503, said("Not available now"))
