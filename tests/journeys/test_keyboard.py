"""With the keyboard alone: every field and button is reached by Tab, seen when reached, and used."""

import pytest

from tests.journeys.conftest import OpenPhone
from tests.journeys.families import Family
from tests.journeys.installation import Installation
from tests.journeys.pages import Phone

MOST_TABS = 60
# Focus must be visible: an outline, or the edge that `.choice` draws around its radio.
IS_SEEN = """() => {const one = document.activeElement, around = one.closest('.choice') || one;
    return [one, around].some(each => getComputedStyle(each).outlineStyle !== 'none')}"""


class Keyboard:
    """Somebody who uses nothing but keys."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.page = phone, phone.page

    def reach(self, selector: str) -> None:
        """Press Tab until the focus is there."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(IS_SEEN), f"nobody sees the focus on the way to {selector}"
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} at {self.phone.path} is not reached by Tab")

    def write(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.type(text)

    def choose(self, selector: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Space")
        assert self.page.evaluate("document.activeElement.checked")

    def enter(self, selector: str) -> None:
        """Press Enter on a link or a button, and wait for the page that it leads to."""
        self.reach(selector)
        self.phone.lead(lambda: self.page.keyboard.press("Enter"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_from_signing_in_to_the_first_question(
    portal: Installation, open_phone: OpenPhone, family: Family, javascript: bool
) -> None:
    phone = open_phone(portal, "ar", javascript=javascript)
    keys = Keyboard(phone)
    phone.go("/")
    keys.enter("main a[href$='/sign-in']")
    keys.write("#idcs", family.mother["idcs"])
    keys.choose("input[name=sex]")
    year, month, day = family.mother["birth_date"].split("-")
    for field, part in (("birth_day", day), ("birth_month", month), ("birth_year", year)):
        keys.write(f"#{field}", part)
    before = len(portal.sms.messages(family.mobile))
    keys.enter("main form[id] button.button")
    keys.write("#code", portal.sms.code(family.mobile, after=before))
    phone.lead(lambda: phone.page.keyboard.press("Enter"))
    assert phone.path == "/household/start"
    keys.choose("input[name=relation]")
    keys.choose("#consent")
    keys.enter("main form[id] button.button")
    keys.enter("main a[href$='/form/address']")
    keys.reach("#region")
    phone.page.keyboard.press("ArrowDown")
    assert phone.page.input_value("#region") == "MA-01"


def test_after_each_swap_the_focus_is_at_the_top_of_the_new_page(
    portal: Installation, open_phone: OpenPhone, family: Family
) -> None:
    phone = open_phone(portal, "fr")
    phone.resume(family, at="bills")
    phone.answer(family)
    assert phone.page.evaluate("document.activeElement.matches('main h1')")
    phone.send()
    assert phone.page.evaluate("document.activeElement.matches('.error-summary')")


def test_the_first_tab_offers_to_skip_to_the_content(portal: Installation, open_phone: OpenPhone) -> None:
    phone = open_phone(portal, "fr")
    phone.go("/privacy")
    phone.page.keyboard.press("Tab")
    assert phone.page.evaluate("document.activeElement.matches('a.skip')")
    assert phone.page.locator("a.skip").bounding_box()["y"] >= 0  # type: ignore[index]
