"""The pages of the programmes: what is open, why, how much, what is coming; and who sees how much of it."""

from datetime import UTC, datetime

import brotli
import pytest
import time_machine

from portal.languages import LANGUAGES
from services.population.demo import Story
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said, words
from tests.portal.stages import STORIES, answer, begin, decide, gather, send
from tests.portal.test_who_sees_what import FARMER, WHOLE_FILE, one_named

OPEN, CLOSED = "From what we know, this aid is open to you.", "From what we know, this aid is not open to you now."
UNKNOWN = "We cannot know yet whether this aid is open to you."
NO_CHILD = "No child under 21 is in your household: it receives one amount, whatever its size."


def decided(portal: Portal, story: Story) -> Portal:
    for go_on in (begin, gather, answer, send):
        go_on(portal.database, story)
    decide(portal.database)
    return portal


def tags(page: Page) -> list[str]:
    return [words(one) for one in page.all("span") if (one.get("class") or "").split()[:1] == ["tag"]]


def total(page: Page) -> str:
    return words(page.one("p", class_="reference"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_says_of_each_programme_whether_it_is_open(open_portal: OpenPortal, language: str) -> None:
    page = open_portal("decided").family(language=language).get("/programmes")
    assert tags(page) == [said("not open to you", language)] * 2
    assert "9,845" in page.words
    for name in ("Tayssir", "Aid for widows, DAAM", "RAMED"):
        assert said(name, language) in page.words


def test_a_closed_programme_says_which_condition_closes_it(open_portal: OpenPortal) -> None:
    page = open_portal("decided").family().get("/programmes/asd")
    assert said(CLOSED) in page.words
    assert tags(page) == [said("Met"), said("Not met"), said("Met"), said("Cannot know yet")]
    assert "9,845" in page.words
    assert "0,102" in page.words


def test_the_amounts_stand_child_by_child_with_what_is_coming(open_portal: OpenPortal) -> None:
    page = open_portal("decided").family().get("/programmes/asd")
    children = page.all("ul", class_="lines")[0]
    assert [words(one.findall("div/b")[0]) for one in children] == ["300 dirhams"] * 3
    assert total(page) == "900 dirhams par mois"
    (school, six, again) = page.one("ol", class_="time")
    assert "septembre 2026" in words(school)
    assert "400" in words(school)
    assert "Adam Bennani" in words(six)
    assert "décembre 2026" in words(six)
    assert "septembre 2027" in words(again)


def test_one_who_lives_alone_receives_the_one_amount(portal: Portal) -> None:
    page = decided(portal, STORIES["living-alone"]).family(STORIES["living-alone"]).get("/programmes/asd")
    assert total(page) == "500 dirhams par mois"
    assert said(NO_CHILD) in page.words
    assert not page.all("ul", class_="lines")


def test_a_newborn_brings_a_grant_that_must_be_asked_for_in_time(portal: Portal) -> None:
    page = decided(portal, STORIES["newborn"]).family(STORIES["newborn"]).get("/programmes/asd")
    assert said("Ask for it by this day.") in page.words


def test_before_the_score_nothing_can_be_known(open_portal: OpenPortal) -> None:
    walker = open_portal("sent").family()
    page = walker.get("/programmes/asd")
    assert said(UNKNOWN) in page.words
    assert said("You have no score that counts today.") in page.words
    assert not page.all("p", class_="reference")
    assert set(tags(walker.get("/programmes"))) == {said("not known yet")}


@pytest.mark.parametrize(("key", "successor"), [("tayssir", "asd"), ("daam", "asd"), ("ramed", "amo_tadamon")])
def test_an_ended_programme_leads_to_what_replaced_it(open_portal: OpenPortal, key: str, successor: str) -> None:
    page = open_portal("enrolled").family().get(f"/programmes/{key}")
    assert page.status == 200
    assert any((link.get("href") or "").endswith(f"/programmes/{successor}") for link in page.all("a"))


@pytest.mark.parametrize("key", ["nobody", "ASD", "score_within_limit"])
def test_an_unknown_programme_is_not_found(open_portal: OpenPortal, key: str) -> None:
    assert open_portal("enrolled").family().get(f"/programmes/{key}").status == 404


def test_another_adult_sees_whether_it_is_open_and_nothing_of_the_others(portal: Portal) -> None:
    farm = decided(portal, FARMER)
    page = farm.person(one_named(FARMER, "Lahcen Aït Lahcen")).get("/programmes/asd")
    assert said(WHOLE_FILE) in page.words
    assert len(tags(page)) == 2
    assert not page.all("p", class_="reference")
    assert not page.all("ul", class_="lines")
    names = {one["name_latin"] or "" for one in FARMER.household}
    assert not [name for name in names if name in page.words]
    assert not [link for link in page.all("a") if (link.get("href") or "").endswith("/apply")]


def test_the_declarant_is_led_to_the_application(portal: Portal) -> None:
    page = decided(portal, FARMER).family(FARMER).get("/programmes/asd")
    assert said(OPEN) in page.words
    assert any((link.get("href") or "").endswith("/programmes/asd/apply") for link in page.all("a"))


def test_a_family_of_fifty_reads_it_on_a_light_page(open_portal: OpenPortal) -> None:
    page = open_portal("fifty decided").family(STORIES["household-of-fifty"]).get("/programmes/asd")
    assert len(page.all("ul", class_="lines")[0]) > 6
    assert len(brotli.compress(page.body, quality=4)) < 5_000


@pytest.mark.parametrize("day", [datetime(2022, 6, 1, tzinfo=UTC), datetime(2023, 12, 3, tzinfo=UTC)])
def test_days_before_a_programme_began_are_no_crash(
    open_portal: OpenPortal, clock: time_machine.Traveller, day: datetime
) -> None:
    portal = open_portal("decided")
    clock.move_to(day)
    walker = portal.family()
    for path in ("/programmes", "/programmes/asd", "/programmes/amo_tadamon", "/programmes/tayssir"):
        assert walker.get(path).status == 200


def test_the_household_leads_to_the_programmes(open_portal: OpenPortal) -> None:
    page = open_portal("decided").family().get("/household")
    assert any((link.get("href") or "").endswith("/programmes") for link in page.all("a"))
