"""The code by SMS: right once, for the browser that asked; and the session it opens, ended everywhere at once."""

import pytest
import time_machine

from portal.languages import LANGUAGES
from tests.portal.conftest import Portal
from tests.portal.stages import STORIES, WIDOW
from tests.portal.test_sign_in import code_for, declare
from tests.portal.walking import FlaskBrowser, Walker


def asked(portal: Portal, **options: str) -> Walker:
    walker = portal.visitor(**options)
    declare(walker)
    return walker


def another_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def stays_out(walker: Walker, code: str) -> None:
    page = walker.fill(code=code)
    assert (page.status, page.path) == (422, "/fr/sign-in/code")
    assert [name for name, _ in page.problems] == ["code"]


def test_a_right_code_opens_the_household(portal: Portal) -> None:
    walker = asked(portal)
    assert walker.fill(code=code_for(portal)).path == "/fr/household/start"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_comes_in_the_language_of_the_page_and_is_short(portal: Portal, language: str) -> None:
    asked(portal, language=language)
    [message] = portal.sms.messages()
    assert (message["locale"], message["to"]) == (language, WIDOW.mobile)
    assert len(message["text"]) <= 70


def test_a_wrong_code_can_be_corrected(portal: Portal) -> None:
    walker = asked(portal)
    code = code_for(portal)
    stays_out(walker, another_than(code))
    assert walker.fill(code=code).path == "/fr/household/start"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abc"])
def test_what_is_no_code_uses_up_no_try(portal: Portal, typed: str) -> None:
    walker = asked(portal)
    for _ in range(6):
        stays_out(walker, typed)
    assert walker.fill(code=code_for(portal)).path == "/fr/household/start"


def test_five_wrong_codes_end_the_attempt(portal: Portal) -> None:
    walker = asked(portal)
    code = code_for(portal)
    for _ in range(5):
        stays_out(walker, another_than(code))
    stays_out(walker, code)


def test_a_code_ends_after_five_minutes(portal: Portal, clock: time_machine.Traveller) -> None:
    walker = asked(portal)
    code = code_for(portal)
    clock.shift(5 * 60)
    stays_out(walker, code)


def test_a_code_works_once(portal: Portal) -> None:
    walker = asked(portal)
    cookies = walker.browser.client.get_cookie("visit")
    code = code_for(portal)
    walker.fill(code=code)
    thief = portal.visitor()
    thief.browser.client.set_cookie("visit", cookies.decoded_value)
    thief.get("/sign-in/code")
    stays_out(thief, code)


def test_a_code_works_for_the_browser_that_asked_only(portal: Portal) -> None:
    asked(portal)
    code = code_for(portal)
    stays_out(asked(portal), code)


def test_another_code_comes_after_half_a_minute_and_replaces_the_first(
    portal: Portal, clock: time_machine.Traveller
) -> None:
    walker = asked(portal)
    first = code_for(portal)
    walker.press("/sign-in/resend")
    assert "30" in walker.page.words or "29" in walker.page.words
    assert len(portal.sms.messages()) == 1
    clock.shift(31)
    walker.press("/sign-in/resend")
    second = code_for(portal, after=1)
    if first != second:
        stays_out(walker, first)
    assert walker.fill(code=second).path == "/fr/household/start"


def test_without_an_attempt_there_is_no_code_page(portal: Portal) -> None:
    walker = portal.visitor()
    assert walker.get("/sign-in/code").path == "/fr/sign-in"
    assert walker.post("/sign-in/resend", {}).path == "/fr/sign-in"


def test_signing_out_ends_every_copy_of_the_cookie(portal: Portal) -> None:
    walker = portal.family()
    copy = portal.app.test_client()
    copy.set_cookie("usrati", walker.browser.client.get_cookie("usrati").value)
    elsewhere = portal.family()
    stranger = portal.family(STORIES["living-alone"])
    walker.get("/household")
    assert walker.press("/sign-out").path == "/fr/"
    for ended in (walker, Walker(FlaskBrowser(copy)), elsewhere):
        assert ended.get("/household").path == "/fr/sign-in"
    assert stranger.get("/household").path == "/fr/household/start"


@pytest.mark.parametrize("secret", ["", "x", "0" * 4000, "'; --", "é"])
def test_an_invented_cookie_opens_nothing(portal: Portal, secret: str) -> None:
    client = portal.app.test_client()
    client.set_cookie("usrati", secret)
    assert Walker(FlaskBrowser(client)).get("/household").path == "/fr/sign-in"


def test_whoever_is_signed_in_needs_no_second_code(portal: Portal) -> None:
    assert portal.family().get("/sign-in").path == "/fr/household/start"


def test_an_idle_session_ends_and_a_used_one_goes_on(portal: Portal, clock: time_machine.Traveller) -> None:
    used, idle = portal.family(), portal.family()
    for _ in range(3):
        clock.shift(20 * 60)
        assert used.get("/household").path == "/fr/household/start"
    assert idle.get("/household").path == "/fr/sign-in"
    clock.shift(20 * 60)
    assert used.get("/session/stay").status == 204
