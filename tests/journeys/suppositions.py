"""What somebody does on the page that supposes a household."""

from tests.journeys.pages import Phone


def add_person(phone: Phone, cast: object) -> None:
    """A child of eight joins the example."""
    phone.go("/simulate")
    if phone.javascript:
        phone.page.click("button[name=add]")
        phone.page.fill("#age_2", "8")
        phone.page.press("#age_2", "Tab")
        phone.page.locator("#schooling_2").wait_for()
    phone.page.locator("details.part summary").first.click()


def see_outcome(phone: Phone, cast: object) -> None:
    add_person(phone, cast)
    phone.page.locator("main form[id] button.button.wide").click()
    phone.page.locator("#result").wait_for()


def suppose_wrongly(phone: Phone, cast: object) -> None:
    add_person(phone, cast)
    phone.page.fill("#rooms", "")
    phone.press("main form[id] button.button.wide")
    assert phone.page.locator(".error-summary a").count()
