"""What each person of a household sees of it: the declarant and the head everything, others their own."""

import pytest

from portal.languages import LANGUAGES
from services.households.registration import ALREADY_IN_ONE
from services.population.demo import Story
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import said
from tests.portal.stages import (
    STORIES,
    WIDOW,
    answer,
    begin,
    decide,
    die,
    gather,
    household_of_story,
    person_id_of,
    send,
    verify,
)
from tests.portal.test_form import at, saved

FARMER = STORIES["irrigated-farmer"]
NOT_YOURS = "Somebody else began this household and named you as its head. If it is not yours, register your own."
WHOLE_FILE = "Only the head of the household and the person who registered it see the whole file."


def one_named(story: Story, name: str) -> str:
    return next(one["idcs"] or "" for one in story.household if one["name_latin"] == name)


@pytest.fixture
def farm(portal: Portal) -> Portal:
    for go_on in (begin, gather, answer, send):
        go_on(portal.database, FARMER)
    decide(portal.database)
    return portal


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_adult_member_sees_his_own_data_and_the_score_without_its_lines(farm: Portal, language: str) -> None:
    walker = farm.person(one_named(FARMER, "Lahcen Aït Lahcen"), language=language)
    page = walker.get("/household")
    assert len(page.all("ul", class_="tasks")[-1]) == 1
    assert said(WHOLE_FILE, language) in page.words
    for path in ("/score", "/score?arithmetic=1"):
        page = walker.get(path)
        assert page.status == 200
        assert not page.all("ul", class_="lines")
        assert not page.all("table")
        assert said(WHOLE_FILE, language) in page.words


def test_only_who_may_correct_is_led_to_the_correction(portal: Portal) -> None:
    for go_on in (begin, gather, answer, send):
        go_on(portal.database, FARMER)
    die(portal.database, FARMER.household[-1]["idcs"] or "")
    verify(portal.database)
    offered = {}
    for name in ("Brahim Aït Lahcen", "Lahcen Aït Lahcen"):
        page = portal.person(one_named(FARMER, name)).get(f"/requests/{portal.reference}")
        offered[name] = any((link.get("href") or "").endswith("/correct") for link in page.all("a"))
    assert list(offered.values()) == [True, False]


def test_the_declarant_sees_everybody_and_every_line(farm: Portal) -> None:
    walker = farm.family(FARMER)
    assert len(walker.get("/household").all("ul", class_="tasks")[-1]) == len(FARMER.household)
    assert walker.get("/score").all("ul", class_="lines")


def test_who_is_in_a_household_already_reads_so_when_he_registers(farm: Portal) -> None:
    child = next(one for one in FARMER.household if (one["birth_date"] or "") > "2010")
    walker = farm.person(child["idcs"] or "")
    walker.get("/household/start")
    page = walker.fill(relation="child", consent="y")
    assert said(ALREADY_IN_ONE) in page.words


def test_nobody_keeps_another_from_registering_by_naming_him_head(portal: Portal) -> None:
    walker = portal.family(STORIES["living-alone"])
    walker.get("/household/start")
    walker.fill(relation="spouse", consent="y")
    walker.get("/household/members/add")
    year, month, day = WIDOW.birth_date.split("-")
    walker.fill(idcs=WIDOW.idcs, birth_year=year, birth_month=month, birth_day=day, relation="head")
    widow = portal.family()
    assert said(NOT_YOURS) in widow.get("/household").words
    assert widow.get("/household/start").status == 200
    widow.fill(relation="head", consent="y")
    assert widow.page.path == "/fr/household"
    assert said(NOT_YOURS) not in widow.page.words
    assert household_of_story(portal.database).is_home_of(person_id_of(portal.database, WIDOW.idcs))


def test_without_a_head_the_household_page_leads_to_where_one_is_added(portal: Portal) -> None:
    walker = portal.family()
    walker.get("/household/start")
    page = walker.fill(relation="spouse", consent="y")
    [card] = page.all("div", class_="card warn")
    assert [link.get("href") for link in card.iter("a")] == ["/fr/household/members"]
    assert "head" in walker.get("/household/members/add").form(field="relation").choices("relation")


def test_a_new_head_has_the_others_relations_checked(open_portal: OpenPortal) -> None:
    story, portal = STORIES["grandmother-with-her-son"], open_portal("enrolled")
    for go_on in (begin, gather):
        go_on(portal.database, story)
    walker = portal.family(story)
    walker.get("/household/head")
    adults = walker.page.form(field="member").choices("member")
    page = walker.fill(member=adults[-1], relation="parent")
    assert page.path == "/fr/household/members"
    assert said("The head has changed. Check below what each person is to the new head.") in page.words


def test_answers_made_pointless_by_another_are_neither_shown_nor_sent(open_portal: OpenPortal) -> None:
    portal = open_portal("answered")
    walker = at(portal, "/form/work/1")
    walker.fill(activity="employed", occupation="farmer")
    walker.get("/form/work/1")
    walker.fill(activity="home", occupation=None)
    assert saved(portal, "work", 1)["occupation"] == "farmer"
    assert said("Farmer or fisher") not in walker.get("/form/check").words
