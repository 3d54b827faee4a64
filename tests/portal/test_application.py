"""Applying for a programme on the pages: asked, checked, sent once, answered with reasons."""

from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
import time_machine

from portal.languages import LANGUAGES
from services.requests.models import Application
from services.requests.references import format_reference
from services.scoring.models import Score
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said
from tests.portal.stages import STORIES, decide
from tests.portal.test_papers import check, code_of, run_on
from tests.portal.test_privacy import bare_database, jobs_of
from tests.portal.test_rescue import sign_in_again
from tests.portal.walking import Walker
from tests.services.requests.applicants import RIB

APPLY = "/programmes/asd/apply"
TYPED = {"channel": "bank_account", "rib": "011 519 0000 0120 5000 5349 21", "no_other_family_allowance": "no"}
CHECK = "Check your answers"


@pytest.fixture
def decided(open_portal: OpenPortal) -> Portal:
    return open_portal("decided")


def checked(portal: Portal, walker: Walker | None = None, **others: str) -> Walker:
    """A family before the page on which it checks what it asks."""
    walker = walker or portal.family()
    walker.get(APPLY)
    page = walker.fill(**{**TYPED, **others})
    assert (page.status, page.heading) == (200, said(CHECK, walker.language)), page.problems
    return walker


def requests_made(portal: Portal) -> int:
    with portal.database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Application)) or 0


def test_it_is_checked_then_sent_and_gets_a_receipt(decided: Portal) -> None:
    walker = checked(decided)
    assert "•••• 4921" in walker.page.words
    assert requests_made(decided) == 0
    page = walker.fill(press="send", form=APPLY)
    assert page.path == f"/fr/requests/{decided.reference}/receipt"
    assert requests_made(decided) == 1
    page = walker.get(f"/requests/{decided.reference}")
    assert said("Application: %(programme)s", programme="Aide sociale directe") in page.words
    assert "•••• 4921" in page.words
    assert said("Received") in page.words


def test_the_account_is_on_no_page_once_typed_and_in_no_address(decided: Portal) -> None:
    walker = checked(decided)
    assert not [one for one in (RIB, TYPED["rib"], RIB[-8:]) if one in walker.page.text]
    walker.fill(press="send", form=APPLY)
    walker.get(f"/requests/{decided.reference}")
    assert RIB not in walker.page.text
    assert not [path for path in walker.trail if "4921" in path]


def test_the_account_is_in_no_log_no_job_and_not_bare_in_the_database(
    decided: Portal, capfd: pytest.CaptureFixture[str]
) -> None:
    with structlog.testing.capture_logs() as logged:
        checked(decided).fill(press="send", form=APPLY)
        decide(decided.database)
    for text in (str(logged), "".join(capfd.readouterr()), jobs_of(decided), bare_database(decided)):
        assert not [one for one in (RIB, TYPED["rib"], RIB[-8:]) if one in text]


def test_change_brings_back_what_was_typed(decided: Portal) -> None:
    page = checked(decided).fill(press="change", form=APPLY)
    assert (page.status, page.problems) == (200, [])
    assert page.value("rib") == RIB
    assert page.value("no_other_family_allowance") == "no"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"rib": RIB[:-1] + "2"}, "rib"),
        ({"rib": ""}, "rib"),
        ({"channel": "wallet", "rib": RIB, "wallet": "0512345678"}, "wallet"),
        ({"no_other_family_allowance": None}, "no_other_family_allowance"),
        ({"channel": None}, "channel"),
        ({"payee": None}, "payee"),
    ],
)
def test_a_wrong_answer_says_what_to_do_and_keeps_all_else(decided: Portal, typed: dict[str, str], field: str) -> None:
    walker = decided.family()
    walker.get(APPLY)
    page = walker.fill(**{**TYPED, **typed})
    assert page.status == 422
    assert [name for name, _ in page.problems] == [field]
    assert page.value("rib") == (typed.get("rib", TYPED["rib"]))
    assert requests_made(decided) == 0


def test_a_wallet_and_cash_ask_for_no_rib(decided: Portal) -> None:
    walker = checked(decided, channel="wallet", rib="not asked", wallet="٠٦ ١٢ ٣٤ ٥٦ ٧٨")
    assert "•••• 5678" in walker.page.words
    walker = checked(decided, walker, channel="cash_point", rib="", wallet="")
    assert "••••" not in walker.page.words
    walker.fill(press="send", form=APPLY)
    assert requests_made(decided) == 1


def test_ten_clicks_a_step_back_and_a_new_tab_make_one_request(decided: Portal) -> None:
    walker = checked(decided)
    before = walker.page
    references = set()
    for _ in range(3):
        walker.page = before
        references.add(walker.fill(press="send", form=APPLY).path)
    assert len(references) == 1
    assert requests_made(decided) == 1
    assert walker.get(APPLY).path == f"/fr/requests/{decided.reference}"


@pytest.mark.parametrize("language", ["ar", "zgh"])
def test_the_language_changes_the_page_not_what_was_typed(decided: Portal, language: str) -> None:
    walker = checked(decided)
    page = walker.switch(language)
    assert page.heading == said(CHECK, language)
    page = walker.fill(press="change", form=APPLY)
    assert page.value("rib") == RIB


def test_what_was_typed_survives_a_session_that_ends(decided: Portal, clock: time_machine.Traveller) -> None:
    walker = checked(decided)
    clock.shift(31 * 60)
    assert walker.fill(press="send", form=APPLY).path == "/fr/sign-in"
    page = sign_in_again(walker, decided)
    assert (page.path, page.value("rib")) == (f"/fr{APPLY}", RIB)
    assert requests_made(decided) == 0


def test_what_another_person_sealed_opens_for_nobody_else(decided: Portal) -> None:
    kept = checked(decided).page.value("kept")
    walker = decided.family()
    walker.get(APPLY)
    for forged in (kept[:-6] + "AAAAAA", "%%", "é", ""):
        page = walker.post(APPLY, {**TYPED, "rib": "", "payee": walker.page.value("payee"), "kept": forged})
        assert [name for name, _ in page.problems] == ["rib"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", ["granted", "not granted"])
def test_the_answer_is_read_with_its_reasons_also_where_requests_are_followed(
    open_portal: OpenPortal, stage: str, language: str
) -> None:
    portal = open_portal(stage)
    walker = portal.family(language=language)
    page = walker.get(f"/requests/{portal.reference}")
    follower = portal.visitor(language=language)
    follower.get("/track")
    follower.fill(reference=format_reference(portal.reference))
    tracked = follower.fill(code=portal.sms.code(STORIES["urban-widow"].mobile or ""))
    for one in (page, tracked):
        assert said("Our reasons, condition by condition", language) in one.words
        assert said("No other family allowance", language) in one.words
        assert (said("What you can do:", language) in one.words) == (stage == "not granted")
    assert ("•••• 4921" in page.words) == (stage == "granted")
    assert "4921" not in tracked.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", ["granted", "not granted"])
def test_the_answer_is_a_paper_that_says_it_and_is_genuine(
    open_portal: OpenPortal, tmp_path: Path, stage: str, language: str
) -> None:
    portal = open_portal(stage)
    walker = portal.family(language=language)
    page = walker.get(f"/requests/{portal.reference}/confirmation")
    assert page.heading == said("Answer to your application", language)
    made = walker.get(f"/requests/{portal.reference}/confirmation.pdf?paper=a5")
    assert "Pages: 1 " in " ".join(run_on(made.body, tmp_path, "pdfinfo").split())
    text = run_on(made.body, tmp_path, "pdftotext", "-layout")
    assert format_reference(portal.reference) in text
    assert "9,743" in text
    assert ("900" in text) == (stage == "granted")
    assert "4921" not in text
    assert check(portal, code_of(portal, language, "answer")).status == 200


def test_a_paper_of_another_answer_is_unknown(open_portal: OpenPortal) -> None:
    portal = open_portal("not granted")
    code = code_of(portal, "fr", "answer")
    with portal.database.writing() as session:
        session.execute(sa.update(Application).values(outcome="granted"))
    assert check(portal, code).status == 404


def test_the_score_still_leads_to_the_confirmation_of_the_registration(open_portal: OpenPortal) -> None:
    page = open_portal("granted").family().get("/score/confirmation")
    assert page.heading == said("Your household is registered")


def test_the_aids_of_the_form_are_offered_after_the_decision(decided: Portal) -> None:
    page = decided.family().get(f"/requests/{decided.reference}")
    assert f"/fr{APPLY}" in {link.get("href") for link in page.all("a")}


def test_a_family_that_is_not_there_yet_is_told_why(open_portal: OpenPortal) -> None:
    page = open_portal("answered").family().get(APPLY)
    assert (page.status, "rib" in page.text) == (200, False)
    assert said("Your household") in page.words


def test_an_ended_programme_and_an_unknown_one(decided: Portal) -> None:
    walker = decided.family()
    assert said("Nobody can apply for this programme now.") in walker.get("/programmes/tayssir/apply").words
    assert walker.get("/programmes/nothing/apply").status == 404


def test_it_is_for_the_declarant_and_the_head(decided: Portal) -> None:
    walker = decided.family(STORIES["living-alone"])
    assert walker.get(APPLY).status == 404
    walker.get("/requests")
    assert walker.post(APPLY, {**TYPED, "send": "1"}).status == 404


def test_it_can_be_withdrawn_while_it_is_open(open_portal: OpenPortal) -> None:
    portal = open_portal("applied")
    walker = portal.family()
    walker.get(f"/requests/{portal.reference}")
    page: Page = walker.press("/withdraw")
    assert said("You withdrew this request.") in page.words
    with portal.database.reading() as session:
        [one] = session.scalars(sa.select(Application))
        assert (one.is_open, one.account) == (False, None)


def test_a_family_under_the_limit_goes_the_whole_way(decided: Portal) -> None:
    with decided.database.writing() as session:
        session.execute(sa.update(Score).values(total_nano=9_000_000_000))
    checked(decided).fill(press="send", form=APPLY)
    decide(decided.database)
    page = decided.family().get(f"/requests/{decided.reference}")
    assert said("Decided") in page.words
    assert "DH" in page.words
