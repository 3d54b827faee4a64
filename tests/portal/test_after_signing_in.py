"""Where a family comes out when its session ended in the middle of something, and codes in several tabs."""

import pytest
import time_machine

from portal.languages import LANGUAGES
from services.accounts.limits import LIMITS, QUARTER, Window
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import said
from tests.portal.test_form import at, saved
from tests.portal.test_rescue import sign_in_again
from tests.portal.test_sign_in import code_for, declare

HALF_AN_HOUR = 31 * 60


@pytest.mark.parametrize(
    ("page", "button", "then"),
    [
        ("/household/members/2", "/members/2/remove", "/fr/household/members/2"),
        ("/form/check", "/form/deposit", "/fr/form/check"),
        ("/household", "/sign-out", "/fr/household"),
    ],
)
def test_a_button_pressed_too_late_leads_back_to_its_page(
    answered: Portal, clock: time_machine.Traveller, page: str, button: str, then: str
) -> None:
    walker = answered.family()
    walker.get(page)
    clock.shift(HALF_AN_HOUR)
    assert walker.press(button).path == "/fr/sign-in"
    assert (sign_in_again(walker, answered).path, walker.page.status) == (then, 200)


def test_withdrawing_too_late_leads_back_to_the_request(open_portal: OpenPortal, clock: time_machine.Traveller) -> None:
    portal = open_portal("refused")
    walker = portal.family()
    walker.get(f"/requests/{portal.reference}/correct")
    clock.shift(HALF_AN_HOUR)
    walker.press("/withdraw")
    assert sign_in_again(walker, portal).path == f"/fr/requests/{portal.reference}"


def test_asking_to_stay_too_late_is_no_page_to_return_to(answered: Portal, clock: time_machine.Traveller) -> None:
    walker = answered.family()
    clock.shift(HALF_AN_HOUR)
    walker.get("/session/stay")
    assert sign_in_again(walker, answered).path == "/fr/household"


def test_an_address_as_long_as_a_book_is_not_kept_in_a_cookie(answered: Portal) -> None:
    walker = answered.visitor()
    walker.get("/requests/" + "A" * 4000)
    assert len(walker.browser.client.get_cookie("visit").value) < 500
    assert sign_in_again(walker, answered).path == "/fr/household"


def test_two_pages_typed_too_late_in_two_tabs_both_come_back(answered: Portal, clock: time_machine.Traveller) -> None:
    walker = at(answered, "/form/home")
    home = walker.page
    walker.get("/form/bills")
    bills = walker.page
    clock.shift(HALF_AN_HOUR)
    for page, typed in ((home, {"rooms": "7"}), (bills, {"butane_monthly": "77"})):
        walker.page = page
        walker.fill(**typed)
    sign_in_again(walker, answered)
    assert walker.page.value("butane_monthly") == "77"
    walker.fill()
    assert walker.get("/form/home").value("rooms") == "7"
    walker.fill()
    assert (saved(answered, "home")["rooms"], saved(answered, "bills")["butane_monthly"]) == (7, 77)


def test_a_page_opened_after_a_pause_warns_of_no_end(answered: Portal, clock: time_machine.Traveller) -> None:
    walker = answered.family()
    clock.shift(29 * 60)
    page = walker.get("/household")
    assert int(page.one("div", id="page").get("data-idle") or 0) > 29 * 60


def test_following_a_request_in_another_tab_leaves_the_sign_in_code_good(open_portal: OpenPortal) -> None:
    portal = open_portal("sent")
    portal.deliver()
    walker = portal.visitor()
    declare(walker)
    code = code_for(portal, after=1)
    walker.get("/track")
    walker.fill(reference=portal.reference)
    walker.get("/sign-in/code")
    assert walker.fill(code=code).path == "/fr/household"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_wait_for_another_code_is_told_in_minutes(
    portal: Portal, clock: time_machine.Traveller, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "code_per_identity", (Window(1, QUARTER),))
    walker = portal.visitor(language=language)
    declare(walker)
    clock.shift(5 * 60)
    page = walker.press("/sign-in/resend")
    assert said("Code", language) in page.words
    assert " 10 " in page.words
