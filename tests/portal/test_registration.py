"""Step 1: consent before the first data, one household a declarant, and the list of what remains to do."""

import threading

import pytest
import sqlalchemy as sa
import time_machine

from portal.languages import LANGUAGES
from services.households.models import Household
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import said
from tests.portal.stages import WIDOW, household_of_story, person_id_of
from tests.portal.walking import Walker

ADDRESS = {"region": "MA-04", "province": "MA-RAB", "commune": "Agdal", "address": "12, rue X", "milieu": "urban"}
A_DAY = 24 * 3600


def households(portal: Portal) -> list[Household]:
    with portal.database.reading() as session:
        return list(session.scalars(sa.select(Household)))


def register(walker: Walker, relation: str = "head") -> str:
    walker.get("/household/start")
    return walker.fill(relation=relation, consent="y").path


@pytest.mark.parametrize(
    ("filled", "fields"),
    [({}, ["relation", "consent"]), ({"relation": "head"}, ["consent"]), ({"consent": "y"}, ["relation"])],
)
def test_without_consent_and_relation_nothing_is_kept(
    portal: Portal, filled: dict[str, str], fields: list[str]
) -> None:
    walker = portal.family()
    walker.get("/household/start")
    page = walker.fill(form="/household/start", **filled)
    assert (page.status, [field for field, _ in page.problems]) == (422, fields)
    assert households(portal) == []
    assert page.value("relation") == filled.get("relation", "")


def test_with_consent_the_household_stands_and_says_what_remains(portal: Portal) -> None:
    walker = portal.family()
    assert walker.get("/household").path == "/fr/household/start"
    assert register(walker) == "/fr/household"
    [household] = households(portal)
    assert (household.state, household.declarant_id) == ("forming", person_id_of(portal.database, WIDOW.idcs))
    assert household.consent_version
    assert household.consented_at is not None
    links = [link.get("href") for link in walker.page.all("a")]
    assert {"/fr/form/address", "/fr/household/members"} <= set(links)
    assert "/fr/form" not in links
    assert walker.get("/household/start").path == "/fr/household"


def test_ten_clicks_register_one_household(portal: Portal) -> None:
    walkers = [portal.family() for _ in range(10)]
    for walker in walkers:
        walker.get("/household/start")
    clicks = [threading.Thread(target=walker.fill, kwargs={"relation": "head", "consent": "y"}) for walker in walkers]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert [walker.page.path for walker in walkers] == ["/fr/household"] * 10
    assert len(households(portal)) == 1


def test_a_relation_that_was_not_offered_registers_nothing(portal: Portal) -> None:
    walker = portal.family()
    walker.get("/household/start")
    for relation in ("grandchild", "nobody", ""):
        assert walker.post("/household/start", {"relation": relation, "consent": "y"}).status in (403, 422)
        walker.get("/household/start")
    assert households(portal) == []


def test_a_child_registers_no_household(portal: Portal) -> None:
    walker = portal.person(WIDOW.household[1]["idcs"] or "")
    walker.get("/household/start")
    assert walker.fill(relation="child", consent="y").status == 403
    assert households(portal) == []


def test_the_address_leads_back_to_the_list_and_opens_the_form(open_portal: OpenPortal) -> None:
    walker = open_portal("gathered").family()
    walker.get("/form/address")
    assert walker.fill(**ADDRESS).path == "/fr/household"
    assert "/fr/form" in [link.get("href") for link in walker.page.all("a")]


def test_a_province_of_another_region_is_refused_without_javascript_too(open_portal: OpenPortal) -> None:
    walker = open_portal("begun").family()
    walker.get("/form/address")
    page = walker.fill(**ADDRESS | {"region": "MA-01"})
    assert (page.status, [field for field, _ in page.problems]) == (422, ["province"])
    assert page.value("commune") == ADDRESS["commune"]
    offered = page.form(field="province").choices("province")
    assert "MA-RAB" not in offered
    assert walker.fill(province="MA-TNG").path == "/fr/household"


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_thirty_days_the_form_is_gone_and_the_people_stay(
    open_portal: OpenPortal, clock: time_machine.Traveller, language: str
) -> None:
    portal = open_portal("answered")
    clock.shift(30 * A_DAY)
    walker = portal.family(language=language)
    assert walker.get("/form").path == f"/{language}/household"
    erased = "Your form was kept for 30 days and has been erased. The people of your household are still here."
    assert said(erased, language) in walker.page.words
    walker.press("/household/draft")
    assert walker.get("/form/address").value("address") == ""
    assert len(household_of_story(portal.database).members) == 4


def test_the_form_is_resumed_on_another_telephone(open_portal: OpenPortal) -> None:
    portal = open_portal("gathered")
    first = portal.family()
    first.get("/form/address")
    first.fill(**ADDRESS)
    first.get("/form/home")
    first.fill(dwelling="room", tenure="tenant", rooms="1", nuclei="1")
    second = portal.family(language="ar")
    second.get("/form")
    go_on = [link.get("href") for link in second.page.all("a", class_="button")]
    assert go_on == ["/ar/form/comfort"]
    assert second.get("/form/home").value("rooms") == "1"
