"""Coming to the pages on which a family applies for a programme."""

from typing import Any

from tests.journeys.pages import Phone


def open_application(phone: Phone, cast: Any) -> None:
    cast.reference("decided")
    phone.go("/programmes/asd/apply")


def check_application(phone: Phone, cast: Any) -> None:
    """All is answered, and stands to be checked."""
    open_application(phone, cast)
    phone.page.check("input[name=channel][value=bank_account]")
    phone.page.fill("#rib", "011 519 0000 0120 5000 5349 21")
    phone.page.check("input[name=no_other_family_allowance][value=no]")
    phone.send()
    assert phone.page.locator("input[name=kept]").count()
