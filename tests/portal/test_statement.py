"""The statement of a score: made by a click, the same for ever, whole in three languages and on two sizes."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.languages import LANGUAGES
from portal.printing import SIZES, square_code
from services.households.models import Declaration
from services.papers.codes import format_code
from services.papers.models import IssuedPaper, ScoreStatement
from services.papers.offline import verify_square
from services.signing import read_keys, rotate_signing_key
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said
from tests.portal.stages import NOW, STORIES, WIDOW
from tests.portal.test_papers import INCHES, check, code_of, run_on
from tests.portal.test_privacy import found_in
from tests.portal.test_who_sees_what import FARMER, farm, one_named
from tests.portal.walking import Walker

__all__ = ["farm"]
NAMES = {"ar": "خديجة العمراني", "fr": "Khadija El Amrani", "zgh": "Khadija El Amrani"}
FONTS = {"ar": "NotoSansArabic", "fr": "NotoSans-", "zgh": "NotoSansTifinagh"}


@pytest.fixture
def decided(open_portal: OpenPortal) -> Portal:
    return open_portal("decided")


def made(walker: Walker, size: str = "a4") -> Page:
    """The PDF to which the button leads."""
    walker.get("/score/statement")
    page = walker.post("/score/statement", {"paper": size})
    assert (page.status, page.headers["Content-Type"]) == (200, "application/pdf")
    assert page.headers["Cache-Control"] == "no-store"
    return page


def rows(portal: Portal) -> tuple[int, int]:
    with portal.database.reading() as session:
        statements = session.scalar(sa.select(sa.func.count()).select_from(ScoreStatement))
        papers = sa.select(sa.func.count()).select_from(IssuedPaper).where(IssuedPaper.kind == "statement")
        return statements or 0, session.scalar(papers) or 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_everything_the_score_comes_from(decided: Portal, tmp_path: Path, language: str) -> None:
    page = made(decided.family(language=language))
    text = run_on(page.body, tmp_path, "pdftotext", "-layout")
    code = code_of(decided, language, "statement")
    for expected in (
        *(format_code(code), f"/v/{code}", "/v/keys", "0800 00 00 00", "rsu-2023-unofficial", f"/{language}/score"),
        *("score=9.845269400", "day=2026-06-15", "effect=2026-06-15", "inputs=", "9,845", "9,743", "9,326"),
        *("+0,226", "–0,623", "••33", *NAMES[language].split()),
    ):
        assert expected in text
    assert WIDOW.idcs not in text.replace(" ", "")
    assert FONTS[language] in run_on(page.body, tmp_path, "pdffonts")


def test_a_french_one_says_it_in_sentences(decided: Portal, tmp_path: Path) -> None:
    text = " ".join(run_on(made(decided.family()).body, tmp_path, "pdftotext").split())
    for key in (
        *("Statement of a score", "Who is in the household", "Every line of the score", "above the limit"),
        *("Son or daughter", "You have an electricity meter of your own", "Free help:"),
        "This paper is not an official decision of any government.",
        "This service is free everywhere. Nobody may ask you for money or papers.",
    ):
        assert said(key) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_fifty_people_flow_over_pages_of_either_size(open_portal: OpenPortal, tmp_path: Path, language: str) -> None:
    walker = open_portal("fifty decided").family(STORIES["household-of-fifty"], language=language)
    for size in SIZES:
        page = made(walker, size)
        told = " ".join(run_on(page.body, tmp_path, "pdfinfo").split())
        assert f"Page size: {INCHES[size]}" in told
        pages = int(told.partition("Pages: ")[2].split()[0])
        assert 2 < pages < 8
        text = run_on(page.body, tmp_path, "pdftotext", "-layout")
        assert text.count("••• ••• ••") == 50
        assert f"{pages}/{pages}" in text.replace(" ", "")


def test_ten_clicks_make_one(decided: Portal) -> None:
    walker = decided.family()
    assert rows(decided) == (0, 0)
    for size in SIZES * 5:
        made(walker, size)
    assert rows(decided) == (1, 3)


def test_before_it_is_made_opening_it_writes_nothing_and_leads_to_the_button(decided: Portal) -> None:
    walker = decided.family()
    for path in ("/score/statement.pdf", "/score/statement.pdf?paper=a5&number=1"):
        page = walker.get(path)
        assert page.path.partition("?")[0] == "/fr/score/statement"
        assert said("Make my statement (PDF, A4)") in page.words
    assert rows(decided) == (0, 0)
    made(walker)
    page = walker.get("/score/statement")
    links = {link.get("href", "") for link in page.all("a")}
    assert {f"/fr/score/statement.pdf?number=1{size}" for size in ("", "&paper=a5")} <= links


def test_the_square_verifies_by_the_keys_that_anyone_can_fetch(
    decided: Portal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr("portal.printing.square_code", lambda text: drawn.append(text) or square_code(text))
    text = run_on(made(decided.family()).body, tmp_path, "pdftotext", "-layout")
    facts = dict(one.split("=") for one in text.split() if "=" in one)
    fetched = decided.app.test_client().get("/v/keys")
    assert (fetched.status_code, fetched.headers["Content-Type"]) == (200, "application/json")
    assert fetched.headers["Cache-Control"] == "public, max-age=3600"
    assert json.loads(fetched.text)[0]["pem"].startswith("-----BEGIN PUBLIC KEY-----")
    paper = verify_square(drawn[-1], keys=read_keys(fetched.text), facts=facts)
    assert (paper.kind.name, paper.locale) == ("statement", "fr")
    assert found_in(drawn[-1]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_anyone_learns_that_it_is_genuine_and_nothing_personal(decided: Portal, language: str) -> None:
    made(decided.family())
    code = code_of(decided, "ar", "statement")
    with decided.database.writing() as session:
        rotate_signing_key(session, now=NOW + timedelta(days=1))
    page = check(decided, code, f"?lang={language}")
    assert (page.status, page.heading) == (200, said("This paper is genuine", language))
    assert said("Statement of a score", language) in page.words
    assert found_in(page.text) == []
    assert "9,845" not in page.text


def test_a_declaration_that_was_changed_makes_it_unknown(decided: Portal) -> None:
    made(decided.family())
    code = code_of(decided, kind="statement")
    assert check(decided, code).status == 200
    with decided.database.writing() as session:
        row = session.scalars(sa.select(Declaration)).one()
        row.document = {**row.document, "rooms": 9}
    assert check(decided, code).status == 404


def test_only_the_declarant_and_the_head_get_one(farm: Portal) -> None:
    assert farm.family(FARMER).get("/score/statement").status == 200
    for other in (one_named(FARMER, "Fadma Oubella"), one_named(FARMER, "Hassan Aït Lahcen"), WIDOW.idcs):
        walker = farm.person(other)
        walker.get("/requests")
        assert walker.get("/score/statement").status == 404
        assert walker.get("/score/statement.pdf").status == 404
        assert walker.post("/score/statement", {}).status == 404
    assert rows(farm) == (0, 0)


WRONG = ("paper=../a4", "paper=", "number=x", "number=-1", "number=%D9%A1", "number=9999999999")


@pytest.mark.parametrize("query", WRONG)
def test_what_is_no_size_or_number_is_no_page(decided: Portal, query: str) -> None:
    assert decided.family().get(f"/score/statement.pdf?{query}").status == 404


def test_where_there_is_no_such_score_the_score_is_shown(decided: Portal, open_portal: OpenPortal) -> None:
    assert decided.family().get("/score/statement?number=7").path == "/fr/score"
    assert open_portal("sent").family().get("/score/statement").path == "/fr/score"
