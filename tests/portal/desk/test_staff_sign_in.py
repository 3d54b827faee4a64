"""The door of the staff: enrolling, signing in, being led back, signing out; beside citizens, never in their place."""

from datetime import UTC, datetime

import time_machine

from services.accounts.agents.second_factor import code_at
from services.accounts.agents.staff import end_agent
from services.journal import operator
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said, words
from tests.portal.walking import FlaskBrowser, Walker
from tests.services.accounts.agents.colleagues import FULL_NAME, PASSWORD, Colleague, session_of, take_on


def cookies_of(walker: Walker) -> dict[str, str]:
    assert isinstance(walker.browser, FlaskBrowser)
    return {cookie.key: cookie.value for cookie in walker.browser.client._cookies.values()}


def come_in(walker: Walker, colleague: Colleague, code: str | None = None) -> Page:
    walker.fill(name=colleague.name, password=PASSWORD)
    return walker.fill(code=code or colleague.code())


def test_a_visitor_is_led_to_the_door_and_back_to_where_he_wanted_to_go(portal: Portal) -> None:
    colleague = take_on(portal.database)
    walker = portal.visitor()
    assert walker.get("/ops/?from=a-letter").path == "/fr/desk/sign-in"
    page = come_in(walker, colleague)
    assert (page.status, page.path) == (200, "/fr/ops/")
    assert FULL_NAME in page.text
    assert walker.get("/desk/sign-in").path == "/fr/ops/"


def test_everything_goes_with_htmx_too(portal: Portal) -> None:
    walker = portal.visitor(htmx=True)
    walker.get("/ops/")
    page = come_in(walker, take_on(portal.database))
    assert page.heading == said("Overview")
    assert "<html" not in page.text


def test_a_wrong_password_keeps_the_name_and_shows_no_password(portal: Portal) -> None:
    colleague = take_on(portal.database)
    answers = []
    for name in (colleague.name, "nobody.known"):
        walker = portal.visitor()
        walker.get("/desk/sign-in")
        page = walker.fill(name=name, password="not this password")
        assert page.status == 422
        assert page.value("name") == name
        assert "not this password" not in page.text
        answers.append(page.words)
    assert answers[0] == answers[1]


def test_a_page_that_asks_to_wait_does_not_hold_the_password(portal: Portal) -> None:
    walker = portal.visitor()
    walker.get("/desk/sign-in")
    for _ in range(11):
        page = walker.browser.send(
            "POST",
            "/fr/desk/sign-in",
            f"csrf_token={walker.page.value('csrf_token')}&name=somebody&password=my-secret-words".encode(),
            {},
        )
    assert (page.status, page.headers["Retry-After"] != "") == (429, True)
    assert "somebody" in page.text
    assert "my-secret-words" not in page.text


def test_what_the_browser_held_before_does_not_go_on_after_signing_in(portal: Portal) -> None:
    colleague = take_on(portal.database)
    walker = portal.visitor()
    walker.get("/desk/sign-in")
    planted = session_of(portal.database, take_on(portal.database, "somebody.else"))
    walker.browser.client.set_cookie("usrati_desk", "planted")  # type: ignore[attr-defined]
    token = walker.page.value("csrf_token")
    come_in(walker, colleague)
    assert cookies_of(walker)["usrati_desk"] not in ("planted", planted)
    assert walker.page.value("csrf_token").split(".")[0] != token.split(".")[0]


def test_the_cookie_stays_with_our_own_pages(open_portal: OpenPortal) -> None:
    portal = open_portal("enrolled", USRATI_PUBLIC_URL="https://usrati.example", USRATI_ENV="demo")
    colleague = take_on(portal.database)
    client = portal.app.test_client()
    with client.session_transaction(base_url="https://usrati.example"):
        pass
    portal.app.config["WTF_CSRF_ENABLED"] = False
    address = {"base_url": "https://usrati.example"}
    client.post("/fr/desk/sign-in", data={"name": colleague.name, "password": PASSWORD}, **address)
    answer = client.post("/fr/desk/sign-in/code", data={"code": colleague.code()}, **address)
    [cookie] = [one for one in answer.headers.getlist("Set-Cookie") if "usrati_desk" in one]
    assert cookie.startswith("__Host-usrati_desk=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))


def test_a_citizen_and_an_agent_may_share_a_machine(portal: Portal) -> None:
    walker = portal.family()
    walker.browser.client.set_cookie("usrati_desk", session_of(portal.database, take_on(portal.database)))  # type: ignore[attr-defined]
    assert walker.get("/ops/").path == "/fr/ops/"
    assert not walker.page.all("a", href="/fr/household")
    assert walker.get("/household/start").path == "/fr/household/start"
    assert FULL_NAME not in walker.page.text
    walker.get("/ops/")
    walker.press("/desk/sign-out")
    assert walker.page.path == "/fr/desk/sign-in"
    assert "usrati_desk" not in cookies_of(walker)
    assert walker.get("/ops/").path == "/fr/desk/sign-in"
    assert walker.get("/household/start").path == "/fr/household/start"


def test_a_session_that_ended_is_told(portal: Portal, clock: time_machine.Traveller) -> None:
    walker = portal.agent()
    assert walker.get("/ops/").status == 200
    clock.shift(14 * 60)
    assert walker.get("/desk/stay").status == 204
    clock.shift(14 * 60)
    assert walker.get("/ops/").path == "/fr/ops/"
    clock.shift(16 * 60)
    assert said("Your session ended, to protect the families. Sign in to go on.") in walker.get("/ops/").words


def test_asking_to_stay_too_late_leads_to_a_page_and_not_to_nothing(portal: Portal) -> None:
    colleague = take_on(portal.database)
    walker = portal.visitor()
    walker.get("/desk/stay")
    assert come_in(walker, colleague).path == "/fr/ops/"


def test_who_leaves_is_out_at_the_next_click(portal: Portal) -> None:
    walker = portal.agent()
    walker.get("/ops/")
    with portal.database.writing() as session:
        end_agent(session, actor=operator(None), name="hind.alami", now=datetime.now(UTC))
    assert walker.get("/ops/").path == "/fr/desk/sign-in"


def test_too_many_wrong_codes_begin_again(portal: Portal) -> None:
    walker = portal.visitor()
    colleague = take_on(portal.database)
    walker.get("/desk/sign-in")
    walker.fill(name=colleague.name, password=PASSWORD)
    for _ in range(4):
        assert walker.fill(code="000000").status == 422
    assert walker.fill(code="000000").path == "/fr/desk/sign-in"
    assert walker.get("/desk/sign-in/code").path == "/fr/desk/sign-in"


def test_an_agent_enrols_and_signs_in(portal: Portal, clock: time_machine.Traveller) -> None:
    colleague = take_on(portal.database, enrolled=False)
    walker = portal.visitor(language="ar")
    walker.get("/desk/enrol/telephone")
    assert walker.page.path == "/ar/desk/enrol"
    walker.fill(name=colleague.name, code=colleague.enrolment_code, password=PASSWORD, password_again=PASSWORD)
    assert walker.page.path == "/ar/desk/enrol/telephone"
    walker.switch("fr")
    secret = words(next(one for one in walker.page.all("b") if one.get("class") == "key")).replace(" ", "")
    walker.fill(code=code_at(secret, datetime.now(UTC)))
    assert walker.page.path == "/fr/desk/enrol/recovery"
    codes = [words(one) for one in walker.page.one("ol", class_="codes")]
    assert [words(one) for one in walker.switch("ar").one("ol", class_="codes")] == codes
    walker.press("/desk/enrol/recovery")
    assert walker.get("/desk/enrol/recovery").path == "/ar/desk/enrol"
    walker.get("/desk/sign-in")
    walker.fill(name=colleague.name, password=PASSWORD)
    clock.shift(30)
    assert walker.fill(code=code_at(secret, datetime.now(UTC))).path == "/ar/ops/"


def test_changing_the_language_keeps_the_name(portal: Portal) -> None:
    walker = portal.visitor()
    walker.get("/desk/sign-in")
    walker.page.one("input", name="name").set("value", "hind.alami")
    page = walker.switch("zgh")
    assert (page.status, page.value("name")) == (200, "hind.alami")
