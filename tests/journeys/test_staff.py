"""A new operator, from the code that was printed for him to his first page, with the keyboard alone."""

from datetime import UTC, datetime, timedelta

import pytest

from services.accounts.agents.second_factor import code_at
from tests.journeys.conftest import OpenPhone
from tests.journeys.installation import Installation
from tests.journeys.staff import telephone_code
from tests.journeys.test_keyboard import Keyboard
from tests.services.accounts.agents.colleagues import PASSWORD, take_on

BUTTON = "main form[id] button.button"


@pytest.mark.parametrize(("javascript", "language"), [(True, "ar"), (False, "fr")], ids=["with-js", "without-js"])
def test_an_operator_enrols_and_signs_in_by_keyboard(
    portal: Installation, open_phone: OpenPhone, javascript: bool, language: str
) -> None:
    colleague = take_on(portal.database, f"keys.{language}", enrolled=False)
    phone = open_phone(portal, language, javascript=javascript)
    keys = Keyboard(phone)
    phone.go("/ops/")
    keys.enter("main a[href$='/desk/enrol']")
    fields = {
        "name": colleague.name,
        "code": colleague.enrolment_code,
        "password": PASSWORD,
        "password_again": PASSWORD,
    }
    for field, text in fields.items():
        keys.write(f"#{field}", text)
    phone.lead(lambda: phone.page.keyboard.press("Enter"))
    key = "".join(phone.page.inner_text(".key").split())
    keys.write("#code", telephone_code(phone))
    phone.lead(lambda: phone.page.keyboard.press("Enter"))
    assert phone.page.locator(".codes li").count() == 10
    keys.enter(BUTTON)
    keys.write("#name", colleague.name)
    keys.write("#password", PASSWORD)
    keys.enter(BUTTON)
    # The code with which the telephone was tied is spent; its clock is half a minute fast.
    keys.write("#code", code_at(key, datetime.now(UTC) + timedelta(seconds=30)))
    keys.enter(BUTTON)
    assert phone.path == "/ops/"
    assert phone.page.locator(".facts li").count() >= 7
    phone.go("/ops/")
    keys.enter("nav.staff form button")
    assert phone.path == "/desk/sign-in"
