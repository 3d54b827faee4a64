"""What changed between two scores, as a family reads it; and every score it has had."""

import re
from datetime import timedelta
from decimal import Decimal
from xml.etree.ElementTree import Element

import brotli
import pytest
import sqlalchemy as sa

from portal.languages import LANGUAGES
from services.households.models import Declaration
from services.journal import system_actor
from services.programmes.catalogue import limits_on
from services.scoring.bulk.driving import rescore
from services.scoring.bulk.runs import Wish
from services.scoring.compare import CAUSES as CAUSES_OF_MOVES
from services.scoring.compare_path import Cause
from services.scoring.history import CAUSES
from services.scoring.models import Score
from services.scoring.records import latest_score, record_score
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said, words
from tests.portal.stages import NOW, STORIES, WIDOW, answer, begin, decide, gather, household_of_story, send
from tests.portal.test_score_page import number

COMPARE = "/score/compare"


@pytest.fixture
def rescored(open_portal: OpenPortal) -> Portal:
    """The widow's family has had three scores, each for a reason of its own."""
    return open_portal("rescored")


def moves(page: Page) -> list[Decimal]:
    """How far each line moved the score, as shown."""
    return [number(words(list(box)[-1])) for box in page.all("div", class_="top")]


def sums(page: Page) -> list[Decimal]:
    return [number(words(one)) for one in page.all("span", class_="sum")]


def heading_texts(page: Page) -> str:
    return " ".join(words(one) for one in page.all("h2"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["", "?from=1&to=2", "?from=1&to=3", "?from=3&to=1"])
def test_what_is_shown_adds_up_to_the_difference_of_the_two_scores(rescored: Portal, language: str, query: str) -> None:
    page = rescored.family(language=language).get(COMPARE + query)
    told = words(page.one("p", class_="lead"))
    shown = sorted(number(found) for found in re.findall(r"\d+,\d{3}", told))
    assert len(shown) == 3
    assert abs(sum(moves(page))) == abs(sum(sums(page))) == shown[0] == shown[2] - shown[1]


def test_each_difference_stands_under_its_cause_and_people_by_their_names(rescored: Portal) -> None:
    page = rescored.family().get(COMPARE + "?from=1&to=3")
    for cause in (Cause.BIRTHDAY, Cause.JOINED, Cause.DECLARED):
        assert said(CAUSES_OF_MOVES[cause][0]) in heading_texts(page)
    assert said(CAUSES_OF_MOVES[Cause.FORMULA][0]) not in heading_texts(page)
    youngest = WIDOW.household[-1]["name_latin"] or ""
    assert said("New in your household: %(name)s", name=youngest) in page.words
    declarant = WIDOW.household[0]["name_latin"] or ""
    assert any(words(one).startswith(declarant) for box in page.all("ul", class_="people") for one in box)


def test_a_line_says_what_it_was_and_what_it_is(rescored: Portal) -> None:
    page = rescored.family().get(COMPARE + "?from=1&to=3")
    phones = next(row for row in page.all("li") if words(row).startswith("2 téléphones portables"))
    assert said("Before: %(words)s", words="1 téléphone portable") in words(phones)


def test_it_says_what_the_difference_means_for_each_programme(rescored: Portal) -> None:
    page = rescored.family().get(COMPARE)
    assert len(list(page.one("ul", class_="limits"))) == 2
    assert said("not open to you before, and still not open") in page.words


@pytest.mark.parametrize(
    "query",
    ["?from=0&to=1", "?from=1&to=4", "?from=2&to=2", "?from=-1", "?to=x", "?from=%D9%A1&to=2", "?to=99999999999"],
)
def test_a_number_that_was_never_a_score_is_no_page(rescored: Portal, query: str) -> None:
    assert rescored.family().get(COMPARE + query).status == 404


def test_with_one_score_both_pages_say_so_kindly(open_portal: OpenPortal) -> None:
    walker = open_portal("decided").family()
    page = walker.get(COMPARE)
    assert (page.status, page.all("h2")) == (200, [])
    assert said("You have had one score so far. When there is another, you see here how it moved and why.") in (
        walker.get("/score/history").words
    )
    assert walker.page.all("svg", class_="scale steps-chart") == []


@pytest.mark.parametrize("path", ["/score/history", COMPARE])
def test_before_the_first_score_there_is_none_to_look_back_at(portal: Portal, path: str) -> None:
    assert portal.family().get(path).heading == said("No score yet")


def test_the_history_has_every_score_with_its_cause_and_leads_to_what_changed(rescored: Portal) -> None:
    walker = rescored.family()
    page = walker.get("/score/history")
    rows = list(page.one("ol", class_="time"))
    causes = ("update", "yearly", "first")
    assert all(said(CAUSES[cause]) in words(row) for row, cause in zip(rows, causes, strict=True))
    assert said("It counts for the programmes from %(day)s.", day="15 juillet 2026") in words(rows[0])
    led = [link.get("href") or "" for row in rows for link in row.iter("a")]
    assert [link.partition("?")[2] for link in led] == ["from=2&to=3", "from=1&to=2"]
    assert all(walker.get(link).status == 200 for link in led)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chart_says_in_words_what_it_draws(rescored: Portal, language: str) -> None:
    page = rescored.family(language=language).get("/score/history")
    [chart] = [one for one in page.all("svg") if one.get("role") == "img"]
    shown = [words(one.find("b") or Element("b")) for one in page.one("ol", class_="time")]
    assert all(text.split(" ")[0] in (chart.get("aria-label") or "") for text in shown)
    discs = [int(one.get("cx") or 0) for one in chart.iter("circle")]
    assert discs == sorted(discs, reverse=language == "ar")


def test_any_two_can_be_chosen(rescored: Portal) -> None:
    walker = rescored.family()
    form = walker.get("/score/history").form(COMPARE)
    assert (form.choices("from"), form.choices("to")) == (["1", "2", "3"], ["1", "2", "3"])


def test_another_familys_scores_are_not_there(rescored: Portal) -> None:
    stranger = rescored.family(STORIES["living-alone"])
    for path in ("/score/history", COMPARE, COMPARE + "?from=1&to=2"):
        page = stranger.get(path)
        assert "9," not in page.words


def test_another_adult_sees_the_numbers_and_not_the_lines(portal: Portal) -> None:
    farmer = STORIES["irrigated-farmer"]
    for go_on in (begin, gather, answer, send):
        go_on(portal.database, farmer)
    decide(portal.database)
    household_id = household_of_story(portal.database, farmer).id
    with portal.database.writing() as session:
        last = latest_score(session, household_id=household_id)
        assert last is not None
        of_it = {"declaration_id": last.declaration_id, "document": last.document, "cause": "yearly"}
        record_score(session, household_id=household_id, **of_it, now=NOW - timedelta(400))
    [son] = [one for one in farmer.household if one["name_latin"] == "Lahcen Aït Lahcen"]
    whole_file = said("Only the head of the household and the person who registered it see the whole file.")
    walker = portal.person(son["idcs"] or "")
    page = walker.get(COMPARE)
    assert whole_file in page.words
    assert len(list(page.one("ul", class_="limits"))) == 2
    assert not page.all("ul", class_="lines")
    assert not page.all("ul", class_="people")
    page = walker.get("/score")
    assert said("What changed?") in heading_texts(page)
    assert not page.all("ul", class_="reasons")
    assert walker.get("/score/history").status == 200


def test_the_score_page_says_what_changed_and_leads_there(rescored: Portal) -> None:
    page = rescored.family().get("/score")
    assert said("What changed?") in heading_texts(page)
    [reasons] = page.all("ul", class_="reasons")
    assert number(words(list(next(iter(reasons)))[-1])) < 0
    assert any((link.get("href") or "").endswith(COMPARE) for link in page.all("a"))
    until = "This score counts for the programmes from %(day)s. Until then, the one before counts: %(before)s."
    assert said(until, day="15 juillet 2026", before="9,845") in page.words


@pytest.mark.parametrize("path", ["/score", "/score/history", COMPARE])
def test_each_stays_light(rescored: Portal, path: str) -> None:
    walker = rescored.family(htmx=True)
    assert len(brotli.compress(walker.get(path).body, quality=4)) < 5_000


def test_two_scores_within_a_thousandth_are_never_said_to_be_the_same(rescored: Portal) -> None:
    limit = limits_on(NOW.date())[0].at_most_nano
    with rescored.database.writing() as session:
        # Nothing is left to compute them from: only the numbers are compared.
        session.execute(sa.update(Declaration).values(document={}))
        session.execute(sa.update(Score).where(Score.cause == "first").values(total_nano=limit))
        session.execute(sa.update(Score).where(Score.cause == "yearly").values(total_nano=limit + 1))
    page = rescored.family().get(COMPARE + "?from=1&to=2")
    shown = {"distance": "0,000000001", "before": "9,743001000", "after": "9,743001001"}
    assert said("Your score went up by %(distance)s: from %(before)s to %(after)s.", **shown) in page.words
    assert said("it is no longer open to you") in page.words


def test_a_score_of_a_day_to_come_says_that_it_does_not_count_yet(open_portal: OpenPortal) -> None:
    portal = open_portal("decided")
    on = NOW.date() + timedelta(days=200)
    wish = Wish("rsu-2023-unofficial", on, on)
    rescore(portal.database, wish, actor=system_actor(), clock=lambda: NOW, progress=lambda _: None)
    walker = portal.family()
    until = "This score counts for the programmes from %(day)s. Until then, the one before counts: %(before)s."
    before = words(walker.get("/score/history").all("b", class_="past")[-1])
    assert said(until, day=on, before=before) in walker.get("/score").words
    assert said("It counts for the programmes from %(day)s.", day=on) in walker.get("/score/history").words
