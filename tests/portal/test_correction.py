"""A register said no about somebody: the family sees who, corrects, asks again, or withdraws."""

import pytest
import sqlalchemy as sa

from portal.languages import LANGUAGES
from services.requests.models import Request
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import said
from tests.portal.stages import STORIES, WIDOW, decide, household_of_story, person_id_of, reference_of
from tests.portal.walking import Walker

ADAM = WIDOW.household[3]


@pytest.fixture
def refused(open_portal: OpenPortal) -> Portal:
    portal = open_portal("refused")
    portal.deliver()
    return portal


def state(portal: Portal) -> str:
    with portal.database.reading() as session:
        return session.scalars(sa.select(Request.state)).one()


def correcting(portal: Portal, **options: str) -> Walker:
    walker = portal.family(**options)
    walker.get(f"/requests/{portal.reference}/correct")
    return walker


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_family_sees_who_was_not_confirmed_and_until_when(refused: Portal, language: str) -> None:
    walker = correcting(refused, language=language)
    assert walker.page.heading == said("The register does not confirm everything", language)
    names = {"ar": ("آدم", "سلمى")}.get(language, ("Adam", "Salma"))
    assert names[0] in walker.page.words
    assert names[1] not in walker.page.words
    assert "2026" in walker.page.words


def test_the_family_is_told_by_sms(refused: Portal) -> None:
    assert [message["to"] for message in refused.sms.messages()] == [WIDOW.mobile, WIDOW.mobile]
    assert all("Adam" not in message["text"] for message in refused.sms.messages())


def test_taking_the_person_out_and_sending_again_answers_the_same_request(refused: Portal) -> None:
    reference = refused.reference
    walker = correcting(refused)
    assert walker.press("/correct").path == "/fr/household"
    walker.get("/household/members/4")
    walker.press("/members/4/remove")
    walker.get("/form/check")
    assert "12, rue des Oliviers" in walker.page.words
    assert walker.fill(form="/form/check").path == f"/fr/requests/{reference}/receipt"
    assert (reference_of(refused.database), state(refused)) == (reference, "verifying")
    decide(refused.database)
    assert state(refused) == "decided"
    assert len(household_of_story(refused.database).members) == 3


def test_asking_again_once_a_counter_corrected_the_register(refused: Portal) -> None:
    walker = correcting(refused)
    walker.press("/ask-again")
    assert said("We are asking the register again.") in walker.page.words
    assert said("Being verified") in walker.page.words
    assert state(refused) == "verifying"
    person_id_of(refused.database, ADAM["idcs"] or "")


def test_withdrawing_lets_the_family_begin_again(refused: Portal) -> None:
    walker = correcting(refused)
    walker.press("/withdraw")
    assert said("Your request is withdrawn.") in walker.page.words
    assert state(refused) == "withdrawn"
    walker.get("/household")
    assert household_of_story(refused.database).state == "forming"
    walker.press("/household/draft")
    assert walker.get("/form/home").value("rooms") == "2"


def test_two_clicks_on_anything_are_one(refused: Portal) -> None:
    for button in ("/correct", "/withdraw"):
        first, second = correcting(refused), correcting(refused)
        assert first.press(button).status == 200
        assert second.press(button).status in (200, 409)
    assert state(refused) == "withdrawn"


@pytest.mark.parametrize("stage", ["sent", "decided"])
def test_where_nothing_waits_for_the_family_there_is_nothing_to_correct(open_portal: OpenPortal, stage: str) -> None:
    portal = open_portal(stage)
    walker = portal.family()
    walker.get(f"/requests/{portal.reference}")
    for rest in ("/correct", "/ask-again"):
        assert walker.post(f"/requests/{portal.reference}{rest}", {}).status == 409, rest
        walker.get(f"/requests/{portal.reference}")


def test_the_correction_page_of_a_request_that_moved_on_leads_to_it(open_portal: OpenPortal) -> None:
    portal = open_portal("decided")
    page = portal.family().get(f"/requests/{portal.reference}/correct")
    assert page.path == f"/fr/requests/{portal.reference}"


def test_correcting_is_for_the_family_alone(refused: Portal) -> None:
    walker = refused.family(STORIES["living-alone"])
    assert walker.get(f"/requests/{refused.reference}/correct").status == 404
