"""What if: for anybody and for a family, shown and never kept."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import brotli
import pytest
import sqlalchemy as sa
import structlog

from portal.formatting import decimal
from portal.languages import LANGUAGES
from portal.public import simulate
from services.database import Base, Database
from services.programmes.catalogue import Limit, limits_on
from services.scoring.display import distinguish
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said
from tests.portal.stages import STORIES, answer, begin, gather, send, verify
from tests.portal.walking import Walker

NOT_A_DECISION = "This is not a decision."
PROMISE = (
    "This is not a decision and no promise: only a declaration that was checked decides, and programmes have "
    "other conditions too."
)
RESULT = {"HX-Request": "true", "HX-Target": "outcome"}
# Fifty people, each with all that is asked of him: documented, as it is asked for by who types them all.
HEAVIEST_OF_FIFTY = 12_000


def rows_of_all_tables(database: Database) -> dict[str, int]:
    with database.reading() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables}


def shown_score(page: Page) -> str:
    return next("".join(one.itertext()) for one in page.all("p", class_="number"))


def post(walker: Walker, **headers: str) -> Page:
    """What HTMX or a browser posts of the form as it stands."""
    form = walker.page.form(field="milieu")
    return walker.browser.send("POST", form.action, urlencode(form.fields, doseq=True).encode(), headers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_result_says_first_and_last_that_it_is_no_decision(portal: Portal, language: str) -> None:
    walker = portal.visitor(language=language)
    page = walker.get("/simulate")
    assert said(NOT_A_DECISION, language) in page.words
    page = walker.fill(rooms="٣", telecom_monthly="1 200 DH")
    assert page.status == 200
    assert said(NOT_A_DECISION, language) in page.words
    assert said(PROMISE, language) in page.words
    assert page.value("rooms") == "٣"
    assert page.path == f"/{language}/simulate"


def test_nothing_is_written_of_what_is_supposed(open_portal: OpenPortal) -> None:
    portal = open_portal("decided")
    for walker, path in ((portal.visitor(), "/simulate"), (portal.family(), "/score/what-if")):
        walker.get(path)
        # A family's messages come in the language of the page on which it last pressed a button.
        walker.fill(form=path)
        before = rows_of_all_tables(portal.database)
        with structlog.testing.capture_logs() as logged:
            page = walker.fill(telecom_monthly="4321", rooms="7")
            walker.fill(form=path, press="add")
        assert shown_score(page)
        assert "Set-Cookie" not in page.headers
        assert rows_of_all_tables(portal.database) == before
        assert not [entry for entry in logged if "4321" in str(entry)]
        assert not [path for path in walker.trail if "?" in path]


def test_people_come_and_go_by_buttons_without_javascript(portal: Portal) -> None:
    walker = portal.visitor()
    walker.get("/simulate")
    page = walker.fill(form="/simulate", press="add", rooms="5")
    assert (page.status, page.problems, page.value("rooms"), page.value("age_2")) == (200, [], "5", "")
    walker.fill(age_2="8")
    assert walker.page.value("schooling_2") == "public"
    assert (
        said(
            "Some questions had not been asked before. We filled them in as an example: check them below, then "
            "look again."
        )
        in walker.page.words
    )
    page = walker.post("/simulate", {**walker.page.form(field="milieu").fields, "remove": "2"})
    assert (page.status, page.problems, page.value("rooms")) == (200, [], "5")
    assert "age_2" not in page.form(field="milieu").names


def test_another_place_asks_other_questions_and_forgets_no_answer(portal: Portal) -> None:
    walker = portal.visitor()
    walker.get("/simulate")
    page = walker.fill(milieu="rural", nuclei="3", has_bath="no")
    assert page.form(field="cows").choices("dwelling")
    page = walker.fill(milieu="urban", cows="2")
    assert (page.value("nuclei"), page.value("has_bath"), page.value("cows")) == ("3", "no", "2")


def test_what_is_wrong_is_said_at_once_with_everything_kept(portal: Portal) -> None:
    walker = portal.visitor()
    walker.get("/simulate")
    walker.fill(form="/simulate", press="add")
    page = walker.fill(relation_2="head", age_2="old", rooms="none", cars="2")
    assert page.status == 422
    assert [field for field, _ in page.problems] == ["age_2", "relation_2", "rooms"]
    assert (page.value("age_2"), page.value("rooms"), page.value("cars")) == ("old", "none", "2")
    assert not page.all("p", class_="number")
    assert [part for part in page.all("details", class_="part") if part.get("open") is not None]


def test_another_language_keeps_the_answers_and_the_result(portal: Portal) -> None:
    walker = portal.visitor()
    walker.get("/simulate")
    walker.fill(rooms="4")
    page = walker.post("/ar/simulate", {**walker.page.form(field="milieu").fields, "switch_language": "ar"})
    assert (page.path, page.value("rooms"), bool(shown_score(page))) == ("/ar/simulate", "4", True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_htmx_receives_the_result_alone(portal: Portal, language: str) -> None:
    walker = portal.visitor(language=language)
    walker.get("/simulate")
    page = post(walker, **RESULT)
    assert (page.status, page.all("h1"), bool(shown_score(page))) == (200, [], True)
    assert len(brotli.compress(page.body, quality=4)) <= 5_000
    walker.fill(form="/simulate", press="add")
    page = post(walker, **RESULT)
    assert (page.status, page.headers["HX-Retarget"], len(page.problems)) == (422, "#page", 1)


@pytest.mark.parametrize(
    ("apart", "sentence"),
    [
        (0, "exactly at the limit: that is low enough"),
        (1, "%(distance)s under the limit: low enough"),
        (-1, "%(distance)s over the limit: too high"),
    ],
)
def test_one_unit_from_a_limit_is_told_in_full(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, apart: int, sentence: str
) -> None:
    totals: list[int] = []

    def near(day: Any, *, model: Any) -> tuple[Limit, ...]:
        return (replace(limits_on(day)[0], at_most_nano=totals[0] + apart),)

    def worked_out(*arguments: Any, **named: Any) -> Any:
        result = compute(*arguments, **named)
        totals.append(result.total_nano)
        return result

    compute = simulate.compute_score
    monkeypatch.setattr(simulate, "compute_score", worked_out)
    monkeypatch.setattr(simulate, "limits_on", near)
    walker = portal.visitor()
    walker.get("/simulate")
    page = walker.fill(rooms="3", telecom_monthly="77")
    score, limit = distinguish(totals[0], totals[0] + apart)
    assert said(sentence, distance=decimal(abs(score - limit))) in page.words
    assert said("limit %(limit)s", limit=decimal(limit)) in page.words


def test_without_a_formula_it_is_not_available_and_what_was_typed_waits(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    walker = portal.visitor()
    walker.get("/simulate")
    with monkeypatch.context() as patch:
        patch.setattr(simulate, "scoring_day", lambda now: date(2001, 1, 1))
        page = walker.fill(rooms="6")
    assert (page.status, page.heading) == (503, said("Not available now"))
    assert said(simulate.NO_MODEL) in page.words
    page = walker.fill(form="/simulate")
    assert (page.value("rooms"), bool(shown_score(page))) == ("6", True)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"people": "x" * 9000, "add": "1"},
        {"remove": "99999999999999999999"},
        {"milieu": "\x00", "age_1": "9" * 500},
        {"remove": "²"},
    ],
)
def test_whatever_is_posted_has_a_page(portal: Portal, fields: dict[str, str]) -> None:
    walker = portal.visitor()
    walker.get("/simulate")
    assert walker.post("/simulate", fields).status in (200, 422)


def test_a_family_changes_its_own_answers_and_sees_what_that_would_do(open_portal: OpenPortal) -> None:
    walker = open_portal("decided").family()
    own = shown_score(walker.get("/score"))
    walker.get("/score/what-if")
    page = walker.fill(form="/score/what-if")
    assert shown_score(page) == own
    assert said("Your score is %(score)s. With these answers it would be exactly the same.", score=own) in page.words
    page = walker.fill(telecom_monthly="260")
    assert shown_score(page) != own
    moved = next(one for one in page.all("ul", class_="lines"))
    assert [line for line in moved if "260" in "".join(line.itertext())]
    assert len(moved) == 1


def test_what_if_is_the_declarants_and_the_heads(open_portal: OpenPortal) -> None:
    portal = open_portal("enrolled")
    farmer = STORIES["irrigated-farmer"]
    for go_on in (begin, gather, answer, send):
        go_on(portal.database, farmer)
    assert portal.family(farmer).get("/score/what-if").path == "/fr/score"
    verify(portal.database)
    decided = open_portal("decided")
    assert decided.visitor().get("/score/what-if").path == "/fr/sign-in"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_household_of_fifty_has_room(open_portal: OpenPortal, language: str) -> None:
    walker = open_portal("fifty decided").family(STORIES["household-of-fifty"], language=language)
    page = walker.get("/score/what-if")
    assert page.value("age_50")
    assert "add" not in page.form(field="milieu").buttons()
    assert len(brotli.compress(page.body, quality=4)) <= HEAVIEST_OF_FIFTY
    page = walker.fill(rooms="9")
    assert (page.status, page.problems) == (200, [])
