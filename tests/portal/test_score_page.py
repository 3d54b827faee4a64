"""The score as a family reads it: what is shown adds up, and says what it is and what it is not."""

from decimal import Decimal
from xml.etree.ElementTree import Element

import brotli
import pytest

from portal.citizen.standing import SAYS_ALONE
from portal.languages import LANGUAGES
from services.programmes.catalogue import limits_on
from services.scoring.display import rounded
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
def test_it_says_that_it_is_not_official_and_as_of_which_day(decided: Portal, language: str) -> None:
    page = decided.family(language=language).get("/score")
    assert said(UNOFFICIAL, language, model=MODEL) in page.words
    assert said("Computed as of %(day)s.", language, day=NOW.date()) in page.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_sentence_has_the_number_the_direction_each_limit_and_the_distance(decided: Portal, language: str) -> None:
    page = decided.family(language=language).get("/score")
    score = shown_score(page)
    drawn = page.one("svg", class_="scale")
    sentence = " ".join((drawn.get("aria-label") or "").split())
    assert sentence in page.words
    assert sentence.startswith(said(SAYS_ALONE, language, score=score))
    for limit in limits_on(NOW.date()):
        at_most = rounded(limit.at_most_nano)
        assert all(str(shown).replace(".", ",") in sentence for shown in (score, at_most, abs(score - at_most)))


def test_each_limit_has_a_mark_of_its_own_on_the_scale_and_beside_its_name(decided: Portal) -> None:
    page = decided.family().get("/score")
    _, *rows = page.one("ul", class_="limits")
    assert [row.find("span") is not None for row in rows] == [True] * len(limits_on(NOW.date()))
    forms = {row.find(".//path").get("d", "").partition("l")[2] or "square" for row in rows}  # type: ignore[union-attr]
    assert len(forms) == len(rows) == 2
    assert page.one("svg", class_="scale").get("role") == "img"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lines_of_each_theme_add_up_to_its_sum_and_the_themes_to_the_score(decided: Portal, language: str) -> None:
    page = decided.family(language=language).get("/score")
    sums = [number(words(one)) for one in page.all("span", class_="sum")]
    lists = [box for box in page.all("ul", class_="lines") if box.find(".//div[@class='top']") is not None]
    lines = [sum(number(words(list(top)[-1])) for top in box.findall(".//div[@class='top']")) for box in lists]
    assert [one for one in sums if one] == [one for one in lines if one]
    assert sum(sums) == shown_score(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_says_where_it_comes_from_and_lets_itself_be_called_wrong(decided: Portal, language: str) -> None:
    page = decided.family(language=language).get("/score")
    rows = [row for box in page.all("ul", class_="lines") for row in box]
    declared = said("You declared this on %(day)s.", language, day=NOW.date())
    ages = said("Ages on %(day)s.", language, day=NOW.date())
    assert len(rows) > 30
    assert all(declared in words(row) or ages in words(row) for row in rows)
    assert all(row.find(".//a").get("href") == "#wrong" for row in rows)  # type: ignore[union-attr]
    assert page.one("div", id="wrong").findall(".//a")


def test_a_folded_line_stands_over_its_terms_which_add_up_to_it(decided: Portal) -> None:
    table = decided.family().get("/score?arithmetic=1").one("table")
    rows = [[words(cell) for cell in row] for row in table.iter("tr")]
    people = next(place for place, row in enumerate(rows) if row[0].startswith("Votre ménage compte 4"))
    folded, members, squared = (number(rows[place][-1]) for place in range(people, people + 3))
    assert folded == members + squared == 4 * Decimal("-0.177") + 16 * Decimal("0.00533")


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
