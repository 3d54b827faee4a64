"""The confirmation of a decision: on the screen, on paper, and for whoever checks it."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.languages import LANGUAGES
from portal.printing import SIZES
from services.papers.codes import format_code
from services.papers.models import IssuedPaper
from services.requests.references import format_reference, new_reference
from services.scoring.models import Score
from services.signing import rotate_signing_key
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import said
from tests.portal.stages import NOW, WIDOW
from tests.portal.test_papers import INCHES, check, code_of, run_on
from tests.portal.test_privacy import found_in
from tests.portal.test_who_sees_what import FARMER, farm, one_named

__all__ = ["farm"]
NAMES = {"ar": "خديجة العمراني", "fr": "Khadija El Amrani", "zgh": "Khadija El Amrani"}


@pytest.fixture
def decided(open_portal: OpenPortal) -> Portal:
    return open_portal("decided")


def text_of(portal: Portal, folder: Path, language: str = "fr", size: str = "a4") -> str:
    page = portal.family(language=language).get(f"/requests/{portal.reference}/confirmation.pdf?paper={size}")
    assert (page.status, page.headers["Content-Type"]) == (200, "application/pdf")
    assert page.headers["Cache-Control"] == "no-store"
    told = " ".join(run_on(page.body, folder, "pdfinfo").split())
    assert "Pages: 1 " in told
    assert f"Page size: {INCHES[size]}" in told
    return run_on(page.body, folder, "pdftotext", "-layout")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_page_with_each_number_the_right_way_round(
    decided: Portal, tmp_path: Path, language: str, size: str
) -> None:
    text = text_of(decided, tmp_path, language, size)
    code = code_of(decided, language, "confirmation")
    for expected in (
        *(format_reference(decided.reference), format_code(code), f"/v/{code}", "0800 00 00 00"),
        *("9,845", "9,743", "9,326", "rsu-2023-unofficial", f"/{language}/score"),
    ):
        assert expected in text
    if language == "ar":
        assert all(word in text for word in NAMES["ar"].split())
    else:
        assert NAMES[language] in text


def test_a_french_one_says_who_how_many_when_and_what_to_do(decided: Portal, tmp_path: Path) -> None:
    text = " ".join(text_of(decided, tmp_path).split())
    for key in (
        *("Your household is registered", "If something is wrong", "above the limit"),
        "This paper is not an official decision of any government.",
        "This service is free everywhere. Nobody may ask you for money or papers.",
    ):
        assert said(key) in text
    for line in ("Chef de ménage Khadija El Amrani", "Personnes dans le ménage 4", "Jour de la décision 15 juin 2026"):
        assert line in text
    assert found_in(text) == ["Khadija", "El Amrani"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_anyone_learns_that_it_is_genuine_and_nothing_personal(decided: Portal, language: str) -> None:
    page = check(decided, code_of(decided, "ar", "confirmation"), f"?lang={language}")
    assert (page.status, page.heading) == (200, said("This paper is genuine", language))
    assert said("Confirmation of a decision", language) in page.words
    assert said("Issued on %(day)s", language, day=NOW.date()) in page.words
    assert found_in(page.text) == []
    assert not [one for one in (decided.reference, "9,845", "rsu-2023") if one in page.text]


def test_an_old_key_still_speaks_and_another_score_is_unknown(decided: Portal) -> None:
    code = code_of(decided, kind="confirmation")
    with decided.database.writing() as session:
        rotate_signing_key(session, now=NOW + timedelta(days=1))
    assert check(decided, code).status == 200
    with decided.database.writing() as session:
        session.execute(sa.update(Score).values(total_nano=Score.total_nano - 1))
    assert check(decided, code).status == 404


@pytest.mark.parametrize("start", ["/requests/{}", "/score"])
def test_the_request_and_the_score_lead_to_it(decided: Portal, start: str) -> None:
    walker = decided.family()
    links = [link.get("href", "") for link in walker.get(start.format(decided.reference)).all("a")]
    (link,) = [one for one in links if one.endswith("/confirmation")]
    page = walker.get(link)
    assert page.path == f"/fr/requests/{decided.reference}/confirmation"
    offered = {one.get("href", "") for one in page.all("a")}
    pdf = f"/fr/requests/{decided.reference}/confirmation.pdf"
    assert {pdf, f"{pdf}?paper=a5"} <= offered


def test_one_decided_before_there_were_papers_is_made_when_asked_for(decided: Portal, tmp_path: Path) -> None:
    with decided.database.writing() as session:
        session.execute(sa.delete(IssuedPaper))
    walker, page = decided.family(), f"/requests/{decided.reference}/confirmation"
    assert walker.get(f"{page}.pdf").path == f"/fr{page}"
    for _ in range(2):
        walker.post(page, {})
    assert "confirmation.pdf" in walker.get(page).text
    assert format_code(code_of(decided, "ar", "confirmation")) in text_of(decided, tmp_path, "ar")


def test_before_the_decision_there_is_none(open_portal: OpenPortal) -> None:
    portal = open_portal("sent")
    walker, page = portal.family(), f"/requests/{portal.reference}/confirmation"
    assert "/confirmation" not in walker.get(f"/requests/{portal.reference}").text
    assert {walker.get(path).status for path in (page, f"{page}.pdf")} == {404}
    assert walker.post(page, {}).status == 404
    assert walker.get("/score/confirmation").path == "/fr/requests"


def test_another_size_or_reference_is_no_page(decided: Portal) -> None:
    walker = decided.family()
    for path in (
        f"{decided.reference}/confirmation.pdf?paper=../a4",
        f"{new_reference()}/confirmation",
        "x/confirmation",
    ):
        assert walker.get(f"/requests/{path}").status == 404


def test_an_adult_of_the_household_may_show_it_and_nobody_else(farm: Portal) -> None:
    path = f"/requests/{farm.reference}/confirmation.pdf"
    adult = one_named(FARMER, "Fadma Oubella")
    assert farm.person(adult).get(path).status == 200
    for other in (one_named(FARMER, "Hassan Aït Lahcen"), WIDOW.idcs):
        assert farm.person(other).get(path).status == 404
