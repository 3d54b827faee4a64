"""What the staff does at its door, on any phone, in any order."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import uuid4

from services.accounts.agents.second_factor import code_at
from tests.journeys.installation import Installation
from tests.journeys.pages import Phone
from tests.services.accounts.agents.colleagues import PASSWORD, Colleague, session_of, take_on

Show = Callable[[Phone, Any], None]


@cache
def colleague_of(portal: Installation, language: str, enrolled: bool) -> Colleague:
    """One for each language: whoever tries too often under one name is made to wait."""
    return take_on(portal.database, f"{'in' if enrolled else 'new'}.{language}", enrolled=enrolled)


def leave(phone: Phone) -> None:
    """Nobody of the staff is signed in here."""
    phone.context.clear_cookies(name="usrati_desk")


def at_the_door(path: str) -> Show:
    def show(phone: Phone, cast: Any) -> None:
        leave(phone)
        phone.go(path)

    return show


def as_operator(path: str) -> Show:
    """An operator's page, signed in."""

    def show(phone: Phone, cast: Any) -> None:
        secret = session_of(phone.portal.database, colleague_of(phone.portal, phone.language, True))
        phone.context.add_cookies([{"name": "usrati_desk", "value": secret, "url": phone.portal.base}])
        phone.go(path)

    return show


def open_staff_code(phone: Phone, cast: Any) -> None:
    """The page of the second factor; the first time, by name and password."""
    leave(phone)
    phone.go("/desk/sign-in/code")
    if phone.path != "/desk/sign-in/code":
        phone.page.fill("#name", colleague_of(phone.portal, phone.language, True).name)
        phone.page.fill("#password", PASSWORD)
        phone.send()


def open_telephone(phone: Phone, cast: Any) -> None:
    """The page of the square code, with a password chosen."""
    phone.go("/desk/enrol/telephone")
    if phone.path != "/desk/enrol/telephone":
        choose_password(phone, colleague_of(phone.portal, phone.language, False))


def open_recovery(phone: Phone, cast: Any) -> None:
    """The page of the recovery codes of somebody who has just tied his telephone."""
    phone.go("/desk/enrol")
    choose_password(phone, take_on(phone.portal.database, f"k{uuid4().hex[:8]}", enrolled=False))
    phone.page.fill("#code", telephone_code(phone))
    phone.send()
    assert phone.path == "/desk/enrol/recovery"


def choose_password(phone: Phone, colleague: Colleague) -> None:
    """Send the first page of the enrolment."""
    phone.page.fill("#name", colleague.name)
    phone.page.fill("#code", colleague.enrolment_code)
    phone.page.fill("#password", PASSWORD)
    phone.page.fill("#password_again", PASSWORD)
    phone.send()


def telephone_code(phone: Phone) -> str:
    """What a telephone shows that was told the key of the page."""
    return code_at("".join(phone.page.inner_text(".key").split()), datetime.now(UTC))
