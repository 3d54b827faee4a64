"""Signing in: what is forgiven, what is corrected, and that nobody learns whom the register knows."""

import re
from typing import Any

import pytest
import time_machine
from flask import Response

from portal.access import keep_signed_in
from portal.languages import LANGUAGES
from services.accounts.limits import LIMITS, QUARTER, Window
from services.journal import Actor, Capacity
from services.population.register import close_register
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said
from tests.portal.stages import NOW, STORIES, WIDOW
from tests.portal.walking import Walker
from tests.services.households.families import statements

KHADIJA = {"idcs": "6946384233", "sex": "F", "birth_day": "2", "birth_month": "5", "birth_year": "1984"}
CASES = {
    "known": KHADIJA,
    "unknown": KHADIJA | {"idcs": "2345678906"},
    "another sex": KHADIJA | {"sex": "M"},
    "another day": KHADIJA | {"birth_day": "3"},
    "another's date": KHADIJA | {"birth_day": "", "birth_month": ""},
    "dead": {"idcs": "4381855286", "sex": "M", "birth_day": "", "birth_month": "", "birth_year": "1936"},
    "no mobile": {"idcs": "3919898866", "sex": "M", "birth_day": "2", "birth_month": "11", "birth_year": "1949"},
}
MINUTE = 60


def declare(walker: Walker, **declared: str) -> Page:
    walker.get("/sign-in")
    return walker.fill(**KHADIJA | declared)


def code_for(portal: Portal, after: int = 0) -> str:
    return portal.sms.code(WIDOW.mobile or "", after=after)


def test_nobody_learns_whom_the_register_knows(portal: Portal, clock: time_machine.Traveller) -> None:
    seen: dict[str, list[Any]] = {}
    for case, declared in CASES.items():
        walker = portal.visitor()
        with statements(portal.database) as run:
            pages = [declare(walker, **declared), walker.fill(code="000000"), walker.press("/sign-in/resend")]
            clock.shift(MINUTE)
            pages += [walker.press("/sign-in/resend"), walker.get("/sign-in/code")]
        bodies = [re.sub(r'name="csrf_token" value="[^"]+"', "", page.text) for page in pages]
        seen[case] = [[page.status for page in pages], [page.path for page in pages], bodies, len(run)]
        portal.deliver()
    for case in CASES:
        assert seen[case] == seen["known"], case
    assert [message["to"] for message in portal.sms.messages()] == [WIDOW.mobile, WIDOW.mobile]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_check_digit_is_said_beside_the_field_and_all_is_kept(portal: Portal, language: str) -> None:
    walker = portal.visitor(language=language)
    page = declare(walker, idcs="694 638 4234")
    assert page.status == 422
    assert page.title.startswith(said("Error:", language))
    [(field, sentence)] = page.problems
    box = page.one("input", id=field)
    assert field == "idcs"
    assert sentence in page.one("p", id="idcs-error").itertext()
    assert "idcs-error" in (box.get("aria-describedby") or "").split()
    assert box.get("aria-invalid") == "true"
    kept = {name: page.value(name) for name in KHADIJA}
    assert kept == KHADIJA | {"idcs": "694 638 4234"}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("idcs", ""),
        ("idcs", "1234567890"),
        ("idcs", "hello"),
        ("idcs", "2525252525"),
        ("idcs", "9" * 300),
        ("birth_day", "31"),
        ("birth_year", "2027"),
        ("birth_year", "1720"),
        ("birth_month", "13"),
        ("birth_year", ""),
    ],
)
def test_what_cannot_be_is_refused_with_a_link_to_its_field(portal: Portal, field: str, typed: str) -> None:
    declared = {"birth_month": "2"} if field == "birth_day" else {}
    page = declare(portal.visitor(), **declared, **{field: typed})
    assert page.status == 422
    assert [name for name, _ in page.problems] == [field]
    assert portal.sms.messages() == []


def test_a_sex_must_be_chosen(portal: Portal) -> None:
    walker = portal.visitor()
    walker.get("/sign-in")
    page = walker.fill(**{**KHADIJA, "sex": None})
    assert (page.status, [name for name, _ in page.problems]) == (422, ["sex"])


@pytest.mark.parametrize(
    "declared",
    [
        {"idcs": "694 638 42 33"},
        {"idcs": " ٦٩٤-٦٣٨-٤٢٣٣ ", "birth_year": "١٩٨٤", "birth_month": "٠٥", "birth_day": "٠٢"},
        {"idcs": "۶۹۴۶۳۸۴۲۳۳", "birth_day": " 02 "},
    ],
)
def test_spaces_dashes_and_other_digits_are_welcome(portal: Portal, declared: dict[str, str]) -> None:
    walker = portal.visitor()
    declare(walker, **declared)
    code = code_for(portal)
    assert walker.fill(code=f"{code[:3]} {code[3:]}").path == "/fr/household/start"


@pytest.mark.parametrize(("year", "month"), [("1957", ""), ("1957", "01")])
def test_a_date_known_in_part_is_declared_in_part(portal: Portal, year: str, month: str) -> None:
    story = STORIES["birth-month-unknown"]
    declared = {"idcs": story.idcs, "sex": story.sex, "birth_year": year, "birth_month": month, "birth_day": ""}
    assert declare(portal.visitor(), **declared).path == "/fr/sign-in/code"
    assert len(portal.sms.messages(story.mobile)) == (0 if month else 1)


def test_a_day_without_its_month_is_asked_for(portal: Portal) -> None:
    page = declare(portal.visitor(), birth_month="")
    assert (page.status, [name for name, _ in page.problems]) == (422, ["birth_month"])


def test_too_many_attempts_from_an_address_wait(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "code_per_address", (Window(2, QUARTER),))
    walker = portal.visitor()
    assert [declare(walker).status for _ in range(3)] == [200, 200, 429]
    assert int(walker.page.headers["Retry-After"]) > 0
    assert re.search(r"\b1?\d\b", walker.page.words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_the_register_is_closed_everybody_is_told_so(portal: Portal, language: str) -> None:
    operator = Actor(Capacity.OPERATOR, None)
    with portal.database.writing() as session:
        close_register(session, actor=operator, until=NOW.replace(hour=23), now=NOW)
    walker = portal.visitor(language=language)
    pages = [declare(walker, **declared) for declared in CASES.values()]
    assert {(page.status, page.heading) for page in pages} == {(503, said("Not available now", language))}
    assert portal.sms.messages() == []


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(open_portal: OpenPortal) -> None:
    plainly = open_portal("enrolled")
    secure = open_portal("enrolled", USRATI_PUBLIC_URL="https://usrati.example")
    for portal, prefix, over_tls in ((plainly, "", False), (secure, "__Host-", True)):
        visit = portal.app.test_client().get("/fr/sign-in").headers.getlist("Set-Cookie")
        with portal.app.test_request_context("/fr/"):
            session = keep_signed_in(Response(), "secret").headers.getlist("Set-Cookie")
        names = {cookie.split("=")[0] for cookie in (*visit, *session)}
        assert names == {f"{prefix}visit", f"{prefix}usrati", "language"}
        for cookie in (*visit, *session):
            flags = {flag for flag in cookie.split("; ")[1:] if not flag.startswith(("Expires", "Max-Age"))}
            assert flags == {"HttpOnly", "Path=/", "SameSite=Lax"} | ({"Secure"} if over_tls else set())
