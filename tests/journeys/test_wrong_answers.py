"""A wrong answer is said where it stands, and costs nothing: what was typed stays, in any language."""

import pytest
from playwright.sync_api import Locator

from tests.journeys.checks import speaks_its_language
from tests.journeys.conftest import OpenPhone
from tests.journeys.families import Family
from tests.journeys.installation import Installation
from tests.journeys.pages import Phone

WITH_AND_WITHOUT_JS = pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
TYPED = {"water_electricity_1": "deux cents", "water_electricity_2": "195", "butane_monthly": "٥٠"}


def has_focus(element: Locator) -> bool:
    return bool(element.evaluate("one => one === document.activeElement"))


def switch_language(phone: Phone, code: str) -> None:
    phone.language = code
    phone.press(f".languages [lang={code}]")


def fill(phone: Phone, typed: dict[str, str]) -> None:
    for name, text in typed.items():
        phone.page.fill(f"#{name}", text)


def typed_on(phone: Phone, names: dict[str, str]) -> dict[str, str]:
    return {name: phone.page.input_value(f"#{name}") for name in names}


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_summary_takes_the_focus_and_leads_to_the_field(
    portal: Installation, open_phone: OpenPhone, language: str
) -> None:
    phone = open_phone(portal, language)
    phone.go("/sign-in")
    title = phone.page.title()
    phone.page.fill("#idcs", "123")
    phone.page.check("input[name=sex][value=F]")
    phone.page.fill("#birth_year", "1984")
    phone.send()

    assert has_focus(phone.page.locator(".error-summary"))
    assert phone.page.title().split() == [*phone.page.inner_text("#idcs-error .hidden").split(), *title.split()]
    assert "idcs-error" in (phone.page.get_attribute("#idcs", "aria-describedby") or "").split()
    summary = phone.page.locator(".error-summary a[href='#idcs']")
    assert summary.inner_text() in phone.page.inner_text("#idcs-error")
    summary.click()
    assert has_focus(phone.page.locator("#idcs"))
    assert typed_on(phone, {"idcs": "", "birth_year": ""}) == {"idcs": "123", "birth_year": "1984"}
    assert phone.page.is_checked("input[name=sex][value=F]")


@WITH_AND_WITHOUT_JS
def test_a_wrong_answer_of_the_form_keeps_every_value_in_any_language(
    portal: Installation, open_phone: OpenPhone, family: Family, javascript: bool
) -> None:
    phone = open_phone(portal, "fr", javascript=javascript)
    phone.arrivals.append(speaks_its_language)
    phone.resume(family, at="bills")
    fill(phone, TYPED)
    phone.send()
    assert phone.path == "/form/bills"
    wrong = {link.get_attribute("href") for link in phone.page.locator(".error-summary a").all()}
    assert wrong == {"#water_electricity_1", "#water_electricity_3"}
    assert typed_on(phone, TYPED) == TYPED
    for code in ("ar", "zgh", "fr"):
        switch_language(phone, code)
        assert phone.path == "/form/bills"
        assert typed_on(phone, TYPED) == TYPED
    fill(phone, {"water_electricity_1": "200", "water_electricity_3": "240,5"})
    phone.send()
    assert phone.path == "/form/spending"


@WITH_AND_WITHOUT_JS
def test_enter_in_a_field_sends_the_form_and_stays_in_the_language(
    portal: Installation, open_phone: OpenPhone, family: Family, javascript: bool
) -> None:
    phone = open_phone(portal, "fr", javascript=javascript)
    phone.arrivals.append(speaks_its_language)
    phone.resume(family, at="bills")
    phone.fill_page(family)
    phone.lead(lambda: phone.page.press("#butane_monthly", "Enter"))
    assert phone.path == "/form/spending"


@WITH_AND_WITHOUT_JS
def test_signing_in_goes_on_in_another_language_with_what_was_typed(
    portal: Installation, open_phone: OpenPhone, family: Family, javascript: bool
) -> None:
    phone = open_phone(portal, "zgh", javascript=javascript)
    phone.arrivals.append(speaks_its_language)
    phone.go("/sign-in")
    phone.page.fill("#idcs", family.mother["idcs"])
    phone.page.check("input[name=sex][value=F]")
    switch_language(phone, "ar")
    assert phone.page.input_value("#idcs") == family.mother["idcs"]
    assert phone.page.is_checked("input[name=sex][value=F]")
    phone.sign_in(family)
    assert phone.path == "/household/start"
    phone.page.check("#consent")
    switch_language(phone, "fr")
    assert phone.page.is_checked("#consent")


@WITH_AND_WITHOUT_JS
def test_a_slip_is_confirmed_or_corrected_but_not_refused(
    portal: Installation, open_phone: OpenPhone, family: Family, javascript: bool
) -> None:
    phone = open_phone(portal, "fr", javascript=javascript)
    phone.resume(family, at="bills")
    phone.fill_page(family)
    fill(phone, {"water_electricity_2": "40 000"})
    phone.send()
    assert phone.path == "/form/bills"
    phone.page.check("input[name=water_electricity_2_confirmed]")
    phone.send()
    assert phone.path == "/form/spending"
    phone.go("/form/bills")
    assert phone.page.input_value("#water_electricity_2") == "40000"
