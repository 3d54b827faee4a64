"""Step 3: a request as its family follows it, signed in or with its reference and a code."""

import re

import pytest
import time_machine

from portal.languages import LANGUAGES
from services.accounts.limits import LIMITS, QUARTER, Window
from services.requests.references import format_reference, new_reference
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said, words
from tests.portal.stages import STORIES, WIDOW
from tests.portal.test_sign_in import declare
from tests.portal.walking import Walker
from tests.services.households.families import statements

MINUTE = 60


def ask_to_track(walker: Walker, reference: str) -> Page:
    walker.get("/track")
    return walker.fill(reference=reference)


@pytest.fixture
def sent(open_portal: OpenPortal) -> Portal:
    portal = open_portal("sent")
    portal.deliver()
    return portal


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reference_and_a_code_show_the_request_without_an_account(sent: Portal, language: str) -> None:
    walker = sent.visitor(language=language)
    ask_to_track(walker, format_reference(sent.reference).lower())
    page = walker.fill(code=sent.sms.code(WIDOW.mobile or "", after=1))
    assert said("We received your request.", language) in page.words
    assert said("Received", language) in page.words
    assert format_reference(sent.reference) in page.words
    assert "Khadija" not in page.text
    assert walker.get("/track/code").path == f"/{language}/track"
    assert walker.get("/requests").path == f"/{language}/sign-in"


def test_nobody_learns_which_references_exist(sent: Portal, clock: time_machine.Traveller) -> None:
    seen = {}
    for case, reference in {"known": sent.reference, "unknown": new_reference()}.items():
        walker = sent.visitor()
        walker.get("/track")
        with statements(sent.database) as run:
            pages = [ask_to_track(walker, reference), walker.fill(code="000000")]
            clock.shift(MINUTE)
            pages.append(walker.press("/track/resend"))
        bodies = [re.sub(r'name="csrf_token" value="[^"]+"', "", page.text) for page in pages]
        seen[case] = ([(page.status, page.path) for page in pages], bodies, len(run))
    assert seen["known"] == seen["unknown"]


@pytest.mark.parametrize("typed", ["", "7KQ2-9XMP-4A", "hello", "1" * 300, "‮🦊"])
def test_what_is_no_reference_is_said_beside_the_field(sent: Portal, typed: str) -> None:
    page = ask_to_track(sent.visitor(), typed)
    assert (page.status, [field for field, _ in page.problems]) == (422, ["reference"])


def test_a_code_for_signing_in_opens_no_request_and_the_other_way_round(sent: Portal) -> None:
    walker = sent.visitor()
    ask_to_track(walker, sent.reference)
    code = sent.sms.code(WIDOW.mobile or "", after=1)
    assert walker.get("/sign-in/code").path == "/fr/sign-in"
    declare(walker)
    assert walker.fill(code=code).status == 422
    assert walker.get("/household").path == "/fr/sign-in"


def test_tracking_too_often_waits(sent: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "code_per_address", (Window(1, QUARTER),))
    walker = sent.visitor()
    assert [ask_to_track(walker, new_reference()).status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(
    ("stage", "status", "steps"),
    [("sent", "Received", 1), ("refused", "We need you", 3), ("decided", "Decided", 4)],
)
def test_the_timeline_says_what_happened_and_what_comes_next(
    open_portal: OpenPortal, stage: str, status: str, steps: int
) -> None:
    portal = open_portal(stage)
    walker = portal.family()
    walker.get("/requests")
    assert said(status) in walker.page.words
    page = walker.get(f"/requests/{portal.reference}")
    assert said(status) in page.words
    timeline = page.one("ol", class_="time")
    happened = [one for one in timeline if "next" not in (one.get("class") or "").split()]
    assert len(happened) == steps
    assert all("15 juin 2026" in words(one) for one in happened)
    assert len(timeline) - steps == (0 if stage == "decided" else 1)


def test_the_request_says_by_when_an_answer_comes(sent: Portal) -> None:
    page = sent.family().get(f"/requests/{sent.reference}")
    assert re.search(r"\d+ juin 2026|\d+ juillet 2026", words(page.one("p", class_="lead")))


def test_a_reference_is_found_however_it_is_written(sent: Portal) -> None:
    walker = sent.family()
    for written in (sent.reference.lower(), format_reference(sent.reference)):
        assert walker.get(f"/requests/{written}").status == 200


def test_who_sent_nothing_has_an_empty_list(sent: Portal) -> None:
    walker = sent.family(STORIES["living-alone"])
    assert said("You have not sent anything yet.") in walker.get("/requests").words
