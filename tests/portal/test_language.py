"""Three languages: the page stays when the language changes, and each says rightly what it is."""

import re

import pytest
from babel import Locale

from portal.languages import LANGUAGES, catalogue, plain
from services.messages import NN_, counted
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.every_page import STAGES_TO_VISIT, paths_of, visits_of, walker_at
from tests.portal.pages import said
from tests.portal.stages import NOW
from tests.portal.test_form import at, saved

COUNTS = {0: "zero", 1: "one", 2: "two", 3: "few", 11: "many", 100: "other", 103: "few"}
ARABIC_ORDER = ("zero", "one", "two", "few", "many", "other")
HAMZA = "حمزة"


@pytest.mark.parametrize("stage", STAGES_TO_VISIT)
def test_each_page_is_the_same_page_in_each_language(open_portal: OpenPortal, stage: str) -> None:
    walker, portal = walker_at(stage, open_portal)
    for path in paths_of(stage, portal):
        walker.language, seen = "fr", {}
        for language in ("fr", "ar", "zgh"):
            page = walker.switch(language) if seen else walker.get(path)
            assert page.path == f"/{language}{path}"
            seen[language] = (page.status, len(page.all("form")), len(page.all("input")))
        assert len(set(seen.values())) == 1, path


@pytest.mark.parametrize("stage", STAGES_TO_VISIT)
def test_no_page_is_lost_by_changing_its_language(open_portal: OpenPortal, stage: str) -> None:
    for name, visit in visits_of(stage):
        walker, portal = walker_at(stage, open_portal)
        page = visit(walker, portal)
        if page.status < 400 or page.status == 422:
            assert walker.switch("ar").status == 200, name


def test_changing_the_language_keeps_what_is_typed_and_judges_nothing(portal: Portal) -> None:
    walker = portal.visitor()
    walker.get("/sign-in")
    page = walker.fill(idcs="234 567", sex="M", birth_year="19")
    assert page.status == 422
    page = walker.switch("ar")
    assert (page.status, page.path, page.problems) == (200, "/ar/sign-in", [])
    assert [page.value(name) for name in ("idcs", "sex", "birth_year")] == ["234 567", "M", "19"]
    page = walker.switch("zgh")
    assert [page.value(name) for name in ("idcs", "sex", "birth_year")] == ["234 567", "M", "19"]


def test_changing_the_language_in_the_form_saves_nothing_and_keeps_everything(answered: Portal) -> None:
    walker = at(answered, "/form/address")
    walker.page.one("input", id="address").set("value", HAMZA)
    walker.page.one("input", id="commune").set("value", "Salé")
    page = walker.switch("ar")
    assert (page.path, page.value("address"), page.value("commune")) == ("/ar/form/address", HAMZA, "Salé")
    assert saved(answered, "address")["commune"] != "Salé"
    walker.fill()
    assert (saved(answered, "address")["address"], saved(answered, "address")["commune"]) == (HAMZA, "Salé")


@pytest.mark.parametrize("path", ["/en/", "/xx/sign-in", "/AR/", "/fr-MA/household", "/%D8%B9/track", "/../fr/x"])
def test_an_unknown_language_is_no_page(portal: Portal, path: str) -> None:
    answer = portal.app.test_client().get(path, headers={"Accept-Language": "fr"})
    assert answer.status_code == 404
    assert said("This page does not exist") in answer.text


def test_signs_that_no_page_may_hold_are_written_as_the_browser_did(portal: Portal) -> None:
    answer = portal.app.test_client().get("/fr/nowhere%00%0b")
    assert answer.status_code == 404
    assert "/ar/nowhere%00%0B" in answer.text
    assert not set(answer.text) & {"\x00", "\x0b"}


@pytest.mark.parametrize(
    ("asked", "language"),
    [("", "ar"), ("de", "ar"), ("fr-FR,fr;q=0.9,ar;q=0.8", "fr"), ("tzm", "zgh"), ("zgh;q=0.9,fr;q=0.1", "zgh")],
)
def test_the_door_leads_to_the_language_the_browser_asks_for(portal: Portal, asked: str, language: str) -> None:
    answer = portal.app.test_client().get("/", headers={"Accept-Language": asked})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/{language}/")
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_door_remembers_the_language_of_the_last_page(portal: Portal) -> None:
    client = portal.app.test_client()
    client.get("/zgh/privacy")
    assert client.get("/", headers={"Accept-Language": "fr"}).headers["Location"] == "/zgh/"
    client.get("/fr/")
    assert client.get("/", headers={"Accept-Language": "ar"}).headers["Location"] == "/fr/"


def test_arabic_has_its_six_plurals() -> None:
    people = NN_("%(count)s person", "%(count)s people")
    forms = catalogue("ar").sentences[people[0]]
    assert len(forms) == len(set(forms)) == 6
    for count, category in COUNTS.items():
        assert Locale("ar").plural_form(count) == category
        assert plain(counted(people, count), "ar") == forms[ARABIC_ORDER.index(category)] % {"count": count}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_counted_sentence_follows_the_rule_of_its_language(language: str) -> None:
    found = catalogue(language)
    sizes = {len(forms) for forms in found.sentences.values() if isinstance(forms, tuple)}
    assert sizes == {{"ar": 6, "fr": 2, "zgh": 2}[language]}
    expected = {"fr": [0, 0, 1, 1, 1, 1, 1], "ar": [0, 1, 2, 3, 4, 5, 3], "zgh": [0, 0, 1, 1, 1, 1, 1]}[language]
    assert [found.form_of(count) for count in COUNTS] == expected


@pytest.mark.parametrize(("language", "month"), [("ar", "يونيو"), ("fr", "juin"), ("zgh", "ⵢⵓⵏⵢⵓ")])
def test_dates_bear_moroccan_months_and_latin_digits(open_portal: OpenPortal, language: str, month: str) -> None:
    portal = open_portal("sent")
    page = portal.family(language=language).get(f"/requests/{portal.reference}")
    assert re.search(rf"\b{NOW.day} {month} 2026\b", page.words)
    assert not re.search("[٠-٩۰-۹]", page.words)


@pytest.mark.parametrize(("language", "name"), [("ar", "خديجة العمراني"), ("fr", "Khadija El Amrani")])
def test_names_stand_in_the_script_of_the_page(answered: Portal, language: str, name: str) -> None:
    assert name in answered.family(language=language).get("/household").words
