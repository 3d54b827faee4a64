"""Whatever interrupts a family (a session's end, another phone, an impatient thumb), nothing is lost or doubled."""

import pytest
import sqlalchemy as sa

from services.population.register import find_person_id
from services.requests.models import Request
from tests.journeys.conftest import OpenPhone
from tests.journeys.families import Family, new_family
from tests.journeys.installation import Installation, wait_until

WITH_AND_WITHOUT_JS = pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])


def references(portal: Installation, family: Family) -> list[str]:
    """Every request that the mother made."""
    with portal.database.reading() as session:
        mother = find_person_id(session, idcs=family.mother["idcs"])
    return portal.rows(sa.select(Request.reference).where(Request.submitted_by == mother))


@WITH_AND_WITHOUT_JS
def test_a_page_posted_after_the_session_ended_comes_back_filled(
    portal: Installation, open_phone: OpenPhone, family: Family, javascript: bool
) -> None:
    phone = open_phone(portal, "fr", javascript=javascript)
    phone.resume(family, at="bills")
    phone.fill_page(family)
    portal.let_sessions_end(family)
    phone.send()
    assert phone.path == "/sign-in"
    phone.sign_in(family)
    assert phone.path == "/form/bills"
    assert phone.page.input_value("#water_electricity_3") == str(family.declaration["water_electricity"][2])
    phone.send()
    assert phone.path == "/form/spending"


def test_somebody_else_who_signs_in_there_sees_nothing_of_it(
    portal: Installation, open_phone: OpenPhone, family: Family
) -> None:
    neighbour = portal.enrol(new_family())
    phone = open_phone(portal, "fr")
    phone.resume(family, at="bills")
    phone.fill_page(family)
    portal.let_sessions_end(family)
    phone.send()
    phone.sign_in(neighbour)
    assert phone.path == "/household/start"


def test_a_form_left_on_one_phone_goes_on_on_another(
    portal: Installation, open_phone: OpenPhone, family: Family
) -> None:
    first = open_phone(portal, "ar")
    first.resume(family, at="equipment")
    first.answer(family)
    other = open_phone(portal, "fr", javascript=False)
    other.go("/sign-in")
    other.sign_in(family)
    assert other.path == "/household"
    other.follow("/form")
    other.press("main .actions a.button")
    assert other.path == "/form/vehicles"
    other.answer(family)
    other.go("/form/address")
    assert other.page.input_value("#commune") == family.declaration["commune"]
    first.go_on()
    assert first.path == "/form/bills"


@WITH_AND_WITHOUT_JS
def test_two_clicks_and_a_step_back_send_one_request(
    portal: Installation, open_phone: OpenPhone, family: Family, javascript: bool
) -> None:
    phone = open_phone(portal, "fr", javascript=javascript)
    phone.resume(family, at="check")
    late = open_phone(portal, "fr", javascript=javascript)
    late.be_signed_in(family)
    late.go("/form/check")

    phone.lead(lambda: phone.page.locator("#send button.button").dblclick(no_wait_after=True))
    phone.page.wait_for_url("**/receipt")
    reference = phone.reference
    phone.lead(phone.page.go_back)
    if phone.page.locator("#send").count():
        phone.send()
    assert late.submit() == reference
    assert references(portal, family) == [reference]
    phone.wait_decided(reference)
    wait_until(lambda: len(portal.news_for(family.mobile)) == 2, "a message is missing or too many")
