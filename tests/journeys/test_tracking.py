"""Following a request with its reference and a fresh code, on a phone that never signed in."""

from services.requests.references import new_reference
from tests.journeys.conftest import OpenPhone
from tests.journeys.families import Family
from tests.journeys.installation import Installation


def test_anyone_of_the_family_follows_by_reference_and_code(
    portal: Installation, open_phone: OpenPhone, family: Family
) -> None:
    mothers = open_phone(portal, "fr")
    mothers.resume(family, at="check")
    reference = mothers.submit()
    mothers.wait_decided(reference)

    stranger = open_phone(portal, "ar")
    stranger.go("/")
    stranger.follow("/track")
    before = len(portal.sms.messages(family.mobile))
    stranger.page.fill("#reference", f"{reference[:4]} {reference[4:8]}-{reference[8:]}".lower())
    stranger.send()
    assert stranger.path == "/track/code"
    stranger.page.fill("#code", "000000" if portal.sms.code(family.mobile, after=before) != "000000" else "111111")
    stranger.send()
    assert stranger.page.locator(".error-summary a[href='#code']").count() == 1
    stranger.enter_code(family, after=before)

    shown = stranger.page.inner_text("main h1 bdi").replace("-", "")
    assert shown == reference
    assert stranger.page.locator("ol.time li").count() >= 3
    assert stranger.page.locator(".tag.ok").count() == 1
    content = stranger.page.inner_text("main")
    assert family.mother["idcs"] not in content
    assert not any(name in content for names in family.names for name in names)
    stranger.go("/household")
    assert stranger.path == "/sign-in"


def test_an_unknown_reference_gets_the_same_page(portal: Installation, open_phone: OpenPhone) -> None:
    phone = open_phone(portal, "fr")
    phone.go("/track")
    phone.page.fill("#reference", new_reference())
    phone.send()
    assert phone.path == "/track/code"
    assert phone.page.locator("input#code").count() == 1
