"""A session that dies in mid-page loses nothing: what was typed stands there after signing in again."""

import sqlalchemy as sa
import time_machine

from services.accounts.models import RescuedPost
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said
from tests.portal.stages import STORIES, WIDOW
from tests.portal.test_form import at, saved
from tests.portal.walking import Walker

BACK = "This is what you had written before your session ended. Check it and continue."
ENDED = "Your session ended, to protect your data. What you had written is kept: sign in and it comes back."
MINUTES = 60


def waiting(portal: Portal) -> list[RescuedPost]:
    with portal.database.reading() as session:
        return list(session.scalars(sa.select(RescuedPost)))


def sign_in_again(walker: Walker, portal: Portal, story: str = "urban-widow") -> Page:
    declared = STORIES[story]
    year, month, day = declared.birth_date.split("-")
    before = len(portal.sms.messages(declared.mobile))
    walker.fill(idcs=declared.idcs, sex=declared.sex, birth_year=year, birth_month=month, birth_day=day)
    return walker.fill(code=portal.sms.code(declared.mobile or "", after=before))


def typed_too_late(portal: Portal, clock: time_machine.Traveller) -> Walker:
    """Somebody who wrote 7 rooms after his session had ended."""
    walker = at(portal, "/form/home")
    clock.shift(31 * MINUTES)
    page = walker.fill(rooms="7")
    assert page.path == "/fr/sign-in"
    assert said(ENDED) in page.words
    return walker


def test_what_was_typed_comes_back_and_is_saved(answered: Portal, clock: time_machine.Traveller) -> None:
    walker = typed_too_late(answered, clock)
    assert saved(answered, "home")["rooms"] == 2
    page = sign_in_again(walker, answered)
    assert page.path == "/fr/form/home"
    assert page.value("rooms") == "7"
    assert said(BACK) in page.words
    walker.fill()
    assert saved(answered, "home")["rooms"] == 7
    assert waiting(answered) == []
    assert said(BACK) not in walker.get("/form/home").words


def test_it_comes_back_in_another_language_too(answered: Portal, clock: time_machine.Traveller) -> None:
    walker = typed_too_late(answered, clock)
    walker.get("/ar/sign-in")
    page = sign_in_again(walker, answered)
    assert (page.path, page.value("rooms")) == ("/ar/form/home", "7")


def test_it_waits_sealed_and_for_nobody_else(answered: Portal, clock: time_machine.Traveller) -> None:
    walker = at(answered, "/form/address")
    clock.shift(31 * MINUTES)
    walker.fill(address="7, derb Secret")
    [row] = waiting(answered)
    assert b"Secret" not in bytes(row.fields_sealed or b"")
    sign_in_again(walker, answered, "living-alone")
    assert "Secret" not in walker.page.text
    assert "Secret" not in walker.get("/form/address").text


def test_it_waits_an_hour(answered: Portal, clock: time_machine.Traveller) -> None:
    walker = typed_too_late(answered, clock)
    clock.shift(61 * MINUTES)
    page = sign_in_again(walker, answered)
    assert (page.path, page.value("rooms")) == ("/fr/form/home", "2")
    assert said(BACK) not in page.words


def test_a_page_that_was_only_opened_is_opened_again(answered: Portal, clock: time_machine.Traveller) -> None:
    walker = at(answered, "/form/home")
    clock.shift(31 * MINUTES)
    assert walker.get("/form/bills").path == "/fr/sign-in"
    assert sign_in_again(walker, answered).path == "/fr/form/bills"
    assert waiting(answered) == []


def test_a_visitor_leaves_nothing_behind(answered: Portal) -> None:
    walker = answered.visitor()
    walker.get("/sign-in")
    assert walker.post("/form/home", {"rooms": "7"}).path == "/fr/sign-in"
    assert waiting(answered) == []


def test_a_session_signed_out_elsewhere_loses_no_page_either(answered: Portal) -> None:
    walker, elsewhere = at(answered, "/form/home"), answered.family()
    elsewhere.get("/household")
    elsewhere.press("/sign-out")
    walker.fill(rooms="7")
    assert sign_in_again(walker, answered).value("rooms") == "7"


def test_a_conflict_is_told_of_a_rescued_page_too(answered: Portal, clock: time_machine.Traveller) -> None:
    walker = typed_too_late(answered, clock)
    at(answered, "/form/home").fill(rooms="3")
    sign_in_again(walker, answered)
    page = walker.fill()
    assert (page.status, [field for field, _ in page.problems]) == (422, ["rooms"])
    assert saved(answered, "home")["rooms"] == 3


def test_other_pages_bring_back_what_was_typed_too(answered: Portal, clock: time_machine.Traveller) -> None:
    walker = at(answered, "/household/members/add")
    clock.shift(31 * MINUTES)
    child = WIDOW.household[1]
    walker.fill(idcs=child["idcs"], birth_year="2012", relation="child")
    page = sign_in_again(walker, answered)
    assert page.path == "/fr/household/members/add"
    assert (page.value("idcs"), page.value("relation")) == (child["idcs"], "child")


def test_sending_after_the_session_ended_asks_to_send_again(answered: Portal, clock: time_machine.Traveller) -> None:
    walker = answered.family()
    walker.get("/form/check")
    clock.shift(31 * MINUTES)
    walker.fill(form="/form/check")
    page = sign_in_again(walker, answered)
    assert page.path == "/fr/form/check"
    assert walker.fill(form="/form/check").path.endswith("/receipt")


def test_what_was_merely_supposed_is_not_kept(open_portal: OpenPortal, clock: time_machine.Traveller) -> None:
    portal = open_portal("decided")
    walker = portal.family()
    walker.get("/score/what-if")
    clock.shift(31 * MINUTES)
    page = walker.fill(telecom_monthly="4321")
    assert page.path == "/fr/sign-in"
    assert said(ENDED) not in page.words
    assert waiting(portal) == []
    page = sign_in_again(walker, portal)
    assert (page.path, page.value("telecom_monthly")) == ("/fr/score/what-if", "60")
