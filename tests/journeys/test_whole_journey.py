"""The whole journey on a phone: from the home page to the score, in each language, with and without JavaScript."""

from decimal import Decimal

import pytest

from tests.journeys.checks import fits_small_phones, fonts_of, speaks_its_language
from tests.journeys.conftest import OpenPhone
from tests.journeys.families import Family, new_family
from tests.journeys.installation import Installation, wait_until
from tests.journeys.pages import Phone

NANO = 1_000_000_000
RUNS = [
    pytest.param(language, javascript, id=f"{language}-{'with' if javascript else 'without'}-js", marks=marks)
    for language, javascript, marks in (
        ("ar", True, ()),
        ("fr", False, ()),
        ("zgh", True, ()),
        ("ar", False, pytest.mark.matrix),
        ("fr", True, pytest.mark.matrix),
        ("zgh", False, pytest.mark.matrix),
    )
]


def walk_to_the_score(phone: Phone, family: Family) -> None:
    """Home, sign in, consent, people, address, form, check, send, receipt, decision, score."""
    phone.go("/")
    phone.follow("/sign-in")
    phone.sign_in(family)
    assert phone.path == "/household/start"
    phone.register(family)
    assert phone.path == "/household"
    phone.fill_form(family)
    reference = phone.submit()
    assert phone.path == f"/requests/{reference}/receipt"
    phone.wait_decided(reference)
    phone.follow("/score")


def number(text: str) -> int:
    """A score as the page writes it, in nano-units."""
    return int(Decimal(text.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")) * NANO)


def sees_its_score(phone: Phone, family: Family) -> None:
    """The page shows what `usrati score` says of the same declaration, and lines that make exactly that."""
    expected = family.score()
    assert phone.page.inner_text("main .number").strip() == family.score_shown()
    phone.page.goto(f"{phone.page.url}?arithmetic=1")
    assert number(phone.page.inner_text("table.sums tfoot td")) == expected["score_nano"]
    terms = phone.page.locator("table.sums tbody td:last-child").all_inner_texts()
    assert sum(map(number, terms)) == expected["score_nano"]


def was_told(portal: Installation, family: Family, language: str) -> None:
    """One SMS for what was received and one for what was decided, in the language of the journey."""
    wait_until(lambda: len(portal.news_for(family.mobile)) == 2, "a message is missing")
    assert {message["locale"] for message in portal.news_for(family.mobile)} == {language}


@pytest.mark.parametrize(("language", "javascript"), RUNS)
def test_a_family_registers_completes_and_sees_its_score(
    portal: Installation, open_phone: OpenPhone, language: str, javascript: bool
) -> None:
    family = portal.enrol(new_family("rural" if language == "zgh" else "urban"))
    phone = open_phone(portal, language, javascript=javascript)
    phone.arrivals += [speaks_its_language, fits_small_phones]
    walk_to_the_score(phone, family)
    sees_its_score(phone, family)
    was_told(portal, family, language)


@pytest.mark.matrix
def test_the_same_on_postgresql(portal_on_postgresql: Installation, open_phone: OpenPhone) -> None:
    family = portal_on_postgresql.enrol(new_family())
    phone = open_phone(portal_on_postgresql, "fr")
    walk_to_the_score(phone, family)
    sees_its_score(phone, family)
    was_told(portal_on_postgresql, family, "fr")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/privacy"])
def test_amazigh_is_drawn_in_its_own_letters(portal: Installation, open_phone: OpenPhone, path: str) -> None:
    phone = open_phone(portal, "zgh")
    phone.go(path)
    text = phone.page.inner_text("h1")
    letters = sum("\u2d30" <= letter <= "\u2d6f" for letter in text)
    assert letters > len(text) / 2
    phone.page.evaluate("document.fonts.ready")
    assert phone.page.evaluate("text => document.fonts.check('16px \"Usrati Tifinagh\"', text)", text)
    drawn = fonts_of(phone, "h1")
    assert sum(glyphs for font, glyphs in drawn.items() if font.endswith("*")) >= letters, drawn
