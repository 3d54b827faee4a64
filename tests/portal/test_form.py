"""Step 2: every page asked in its turn, read forgivingly, saved at each Continue, and never out of order."""

from typing import Any

import pytest

from services.households.drafts import load_draft
from services.households.questionnaire import QUESTIONNAIRE
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.every_page import form_paths
from tests.portal.pages import said, words
from tests.portal.stages import ADDRESS, NOW, TYPED, household_of_story
from tests.portal.walking import Walker


@pytest.fixture
def gathered(open_portal: OpenPortal) -> Portal:
    return open_portal("gathered")


def saved(portal: Portal, page: str, position: int = 0) -> dict[str, Any]:
    draft_id = household_of_story(portal.database).draft_id
    assert draft_id is not None
    with portal.database.reading() as session:
        draft = load_draft(session, draft_id=draft_id, now=NOW)
    assert draft is not None
    return dict(draft.values(page, position))


def at(portal: Portal, path: str) -> Walker:
    walker = portal.family()
    walker.get(path)
    assert walker.page.path.endswith(path)
    return walker


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_whole_form_is_walked_in_order_and_kept(gathered: Portal, language: str) -> None:
    walker = gathered.family(language=language)
    walker.get("/form/address")
    walker.fill(**ADDRESS)
    walker.get("/form/home")
    walker.answer_pages(TYPED)
    shown = [path for path in walker.trail if "/form/" in path]
    assert list(dict.fromkeys(shown)) == [f"/{language}{path}" for path in [*form_paths(gathered), "/form/check"]]
    assert saved(gathered, "bills") == {
        "water_electricity_1": 210,
        "water_electricity_2": 195,
        "water_electricity_3": 240,
        "butane_monthly": 50,
    }
    assert saved(gathered, "work", 1) == {"activity": "employed", "occupation": "employee"}


def test_a_page_out_of_turn_leads_to_the_first_unanswered(gathered: Portal) -> None:
    walker = gathered.family()
    for path in ("/form/home", "/form/aid", "/form/work/1", "/form/work/4", "/form/nothing", "/form/home/2"):
        assert walker.get(path).path == "/fr/form/address", path
    assert walker.get("/form/check").path == "/fr/household"
    walker.fill(form="/sign-out")
    walker = at(gathered, "/form/address")
    walker.fill(**ADDRESS)
    assert walker.get("/form/aid").path == "/fr/form/home"
    assert walker.post("/form/aid", {"aids": "asd"}).path == "/fr/form/home"
    assert saved(gathered, "aid") == {}


def test_a_child_is_not_asked_about_work(answered: Portal) -> None:
    walker = answered.family()
    assert walker.get("/form/work/1").path == "/fr/form/work/1"
    assert walker.get("/form/work/4").path != "/fr/form/work/4"
    assert walker.get("/form/studies/9").path != "/fr/form/studies/9"


@pytest.mark.parametrize(
    ("path", "typed", "fields"),
    [
        ("/form/home", {"rooms": "0"}, ["rooms"]),
        ("/form/home", {"rooms": "-2"}, ["rooms"]),
        ("/form/home", {"rooms": "two"}, ["rooms"]),
        ("/form/home", {"rooms": "2.5"}, ["rooms"]),
        ("/form/home", {"rooms": "1000000"}, ["rooms"]),
        ("/form/home", {"dwelling": None, "tenure": None}, ["dwelling", "tenure"]),
        ("/form/bills", {"butane_monthly": "-1"}, ["butane_monthly"]),
        ("/form/bills", {"water_electricity_2": ""}, ["water_electricity_2"]),
        ("/form/bills", {"water_electricity_3": "9" * 50}, ["water_electricity_3"]),
        ("/form/aid", {"aids": ["asd", "none"]}, ["aids"]),
        ("/form/address", {"address": "‮⁦⁩\u200f"}, ["address"]),
        ("/form/address", {"commune": "x" * 201}, ["commune"]),
    ],
)
def test_what_cannot_stand_is_said_beside_its_field_and_kept_as_typed(
    answered: Portal, path: str, typed: dict[str, Any], fields: list[str]
) -> None:
    walker = at(answered, path)
    before = saved(answered, path.removeprefix("/form/"))
    page = walker.fill(**typed)
    assert (page.status, [field for field, _ in page.problems]) == (422, fields)
    assert page.title.startswith(said("Error:"))
    for field, sentence in page.problems:
        assert sentence in words(page.one("p", id=f"{field}-error"))
    for name, value in typed.items():
        if isinstance(value, str) and value.isprintable():
            assert page.value(name) == value
    assert saved(answered, path.removeprefix("/form/")) == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("١٢٫٥", 13), ("۱۲", 12), ("12,49", 12), ("12.5", 13), ("1 200", 1200), ("1.200,00", 1200), ("80 dh", 80)],
)
def test_amounts_are_read_as_people_write_them(answered: Portal, typed: str, kept: int) -> None:
    walker = at(answered, "/form/bills")
    confirmed = walker.fill(butane_monthly=typed)
    if confirmed.status == 422:
        walker.fill(butane_monthly_confirmed=str(kept))
    assert saved(answered, "bills")["butane_monthly"] == kept


def test_an_absurd_amount_is_asked_about_and_then_believed(answered: Portal) -> None:
    walker = at(answered, "/form/bills")
    page = walker.fill(water_electricity_1="40 000")
    assert page.status == 422
    [(field, sentence)] = page.problems
    assert field == "water_electricity_1"
    assert "40" in sentence
    assert saved(answered, "bills")["water_electricity_1"] != 40_000
    page = walker.fill(water_electricity_1="50 000", water_electricity_1_confirmed="40000")
    assert page.status == 422
    walker.fill(water_electricity_1_confirmed="50000")
    assert saved(answered, "bills")["water_electricity_1"] == 50_000
    assert at(answered, "/form/bills").fill(butane_monthly="60").status == 200


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12, rue 🏠 des Oliviers", "12, rue 🏠 des Oliviers"),
        ("دوار \x00آيت‮ علي‬", "دوار آيت علي"),
        ("e\u0301tage 2\r\n\tporte", "étage 2 porte"),
        ("<script>alert(1)</script> & 'x' \"y\"", "<script>alert(1)</script> & 'x' \"y\""),
        ("{{ 7*7 }} %(name)s %s", "{{ 7*7 }} %(name)s %s"),
    ],
)
def test_whatever_stands_in_an_address_is_kept_as_harmless_text(answered: Portal, typed: str, kept: str) -> None:
    at(answered, "/form/address").fill(address=typed)
    assert saved(answered, "address")["address"] == kept
    walker = Walker(answered.family().browser)
    assert walker.get("/form/check").status == 200
    assert " ".join(kept.split()) in walker.page.words
    assert walker.get("/form/address").value("address") == kept


def test_five_megabytes_in_a_field_are_refused_kindly(answered: Portal) -> None:
    walker = at(answered, "/form/address")
    page = walker.fill(address="x" * 5_000_000)
    assert (page.status, page.heading) == (413, said("This is too long"))
    assert saved(answered, "address")["address"] == "12, rue des Oliviers"


def test_the_same_as_the_person_before_is_one_press(gathered: Portal) -> None:
    walker = at(gathered, "/form/address")
    walker.fill(**ADDRESS)
    walker.get("/form/home")
    while not walker.page.path.endswith("/form/studies/3"):
        walker.fill(**{name: TYPED[name] for name in walker.page.form(field="seen").names & TYPED.keys()})
    walker.fill(press="same_as")
    assert walker.page.path == "/fr/form/health/3"
    assert saved(gathered, "studies", 3) == saved(gathered, "studies", 2)


def test_each_page_of_the_questionnaire_shows_what_was_saved(answered: Portal) -> None:
    for page in QUESTIONNAIRE.pages:
        walker = at(answered, f"/form/{page.key}/1" if page.per_member else f"/form/{page.key}")
        assert walker.page.value("seen") == "1"
        before = saved(answered, page.key, int(page.per_member))
        assert walker.fill(form=walker.page.path).status == 200
        assert saved(answered, page.key, int(page.per_member)) == before
