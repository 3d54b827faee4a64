"""The score as a family reads it: what is shown adds up, and says what it is and what it is not."""

import re
from decimal import Decimal
from xml.etree.ElementTree import Element

import brotli
import pytest

from portal.languages import LANGUAGES
from services.programmes.catalogue import limits_on
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said, words
from tests.portal.stages import NOW, STORIES, WIDOW, answer, begin, decide, gather, send

UNOFFICIAL = (
    "Way of calculating: %(model)s. It comes from public sources and is not official. "
    "The limits are not official either."
)
MODEL = "rsu-2023-unofficial"


@pytest.fixture
def decided(open_portal: OpenPortal) -> Portal:
    return open_portal("decided")


def number(text: str) -> Decimal:
    return Decimal(text.replace("\N{MINUS SIGN}", "-").replace(",", ".").replace("\u202f", "").replace(" ", ""))


def shown_score(page: Page) -> Decimal:
    return number(words(page.one("p", class_="number")))


def lines_of(page: Page) -> list[Element]:
    return [one for box in page.all("div", class_="top") for one in [list(box)[-1]]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lines_that_are_shown_add_up_to_the_score(decided: Portal, language: str) -> None:
    page = decided.family(language=language).get("/score")
    assert sum(number(words(line)) for line in lines_of(page)) == shown_score(page)
    assert len(lines_of(page)) > 8


def test_the_whole_arithmetic_adds_up_to_the_billionth(decided: Portal) -> None:
    page = decided.family().get("/score?arithmetic=1")
    table = page.one("table")
    rows = [row for row in table.iter("tr") if row.find("td") is not None]
    terms = [number(words(list(row)[-1])) for row in rows]
    assert sum(terms[:-1]) == terms[-1]
    assert round(terms[-1], 3) == shown_score(page)
    assert all(len(words(list(row)[-1]).split(",")[1]) == 9 for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_that_it_is_not_official_and_which_direction_is_better(decided: Portal, language: str) -> None:
    page = decided.family(language=language).get("/score")
    assert said(UNOFFICIAL, language, model=MODEL) in page.words
    better = said("The smaller the score, the higher the priority. Computed as of %(day)s.", language, day=NOW.date())
    assert better in page.words


def test_each_limit_stands_beside_the_score_and_on_the_scale(decided: Portal) -> None:
    page = decided.family().get("/score")
    limits = limits_on(NOW.date())
    box = page.one("ul", class_="limits")
    assert len(list(box)) == len(limits) == 2
    assert ["9,743" in words(box), "9,326" in words(box)] == [True, True]
    drawn = page.one("svg", class_="scale")
    assert drawn.get("role") == "img"
    assert re.search(r"\d,\d{3}", drawn.get("aria-label") or "")
    assert "<" not in (drawn.get("aria-label") or "")


@pytest.mark.parametrize("story", ["newborn", "living-alone"])
def test_it_adds_up_for_other_families_too(portal: Portal, story: str) -> None:
    for go_on in (begin, gather, answer, send):
        go_on(portal.database, STORIES[story])
    decide(portal.database)
    page = portal.family(STORIES[story]).get("/score")
    assert sum(number(words(line)) for line in lines_of(page)) == shown_score(page)


def test_it_adds_up_for_fifty_people_and_stays_light(open_portal: OpenPortal) -> None:
    page = open_portal("fifty decided").family(STORIES["household-of-fifty"]).get("/score")
    assert sum(number(words(line)) for line in lines_of(page)) == shown_score(page)
    assert len(brotli.compress(page.body, quality=4)) < 6_000


def test_a_score_is_its_familys_alone(decided: Portal) -> None:
    page = decided.family(STORIES["living-alone"]).get("/score")
    assert page.heading == said("No score yet")


@pytest.mark.parametrize("stage", ["enrolled", "answered", "sent", "refused"])
def test_before_the_decision_there_is_no_score(open_portal: OpenPortal, stage: str) -> None:
    page = open_portal(stage).family().get("/score")
    assert page.heading == said("No score yet")


def test_a_child_of_the_household_opens_no_score(decided: Portal) -> None:
    page = decided.person(WIDOW.household[1]["idcs"] or "").get("/score")
    assert page.heading == said("No score yet")
