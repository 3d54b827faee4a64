"""Two windows on one form: nothing is overwritten unseen, and nothing is lost."""

import threading
from urllib.parse import urlencode

from portal.citizen.question_form import CHANGED_MEANWHILE
from services.messages import Words
from tests.portal.conftest import Portal
from tests.portal.pages import said
from tests.portal.stages import TYPED
from tests.portal.test_form import at, saved
from tests.portal.walking import Walker

COUNTED = {
    "home": "rooms",
    "equipment": "mobile_phones",
    "vehicles": "motorbikes",
    "bills": "butane_monthly",
    "spending": "telecom_monthly",
}
# Five saves at once, forty times: two hundred, none of which may be lost.
ROUNDS = 40


def test_the_later_of_two_tabs_is_told_and_nothing_is_overwritten(answered: Portal) -> None:
    first, second = at(answered, "/form/home"), at(answered, "/form/home")
    first.fill(rooms="3")
    page = second.fill(rooms="4")
    assert page.status == 422
    [(field, sentence)] = page.problems
    assert field == "rooms"
    assert sentence == said(CHANGED_MEANWHILE, label=Words("Rooms"))
    assert "3" in page.one("div", id="question-rooms").itertext()
    assert saved(answered, "home")["rooms"] == 3
    assert second.page.value("rooms") == "4"
    assert second.fill().status == 200
    assert saved(answered, "home")["rooms"] == 4


def test_the_later_tab_may_answer_other_questions_of_the_page(answered: Portal) -> None:
    first, second = at(answered, "/form/home"), at(answered, "/form/home")
    first.fill(rooms="3")
    page = second.fill(tenure="owner")
    # What it did not touch is posted too, as it stood: that is what the family is asked about.
    assert page.status == 422
    assert [field for field, _ in page.problems] == ["rooms"]
    second.fill(rooms="3")
    kept = saved(answered, "home")
    assert (kept["rooms"], kept["tenure"]) == (3, "owner")


def test_two_tabs_with_one_mind_do_not_disagree(answered: Portal) -> None:
    first, second = at(answered, "/form/home"), at(answered, "/form/home")
    assert [tab.fill(rooms="5").status for tab in (first, second)] == [200, 200]
    assert saved(answered, "home")["rooms"] == 5


def test_a_forged_version_overwrites_nothing(answered: Portal) -> None:
    at(answered, "/form/home").fill(rooms="3")
    tab = at(answered, "/form/home")
    at(answered, "/form/home").fill(rooms="6")
    for seen in ("", "-1", "x", "999999999999999999999"):
        page = tab.post("/form/home", {**typed_home(), "rooms": "9", "seen": seen})
        assert (page.status, page.problems[-1][0]) == (422, "rooms"), seen
    assert saved(answered, "home")["rooms"] == 6


def typed_home() -> dict[str, str]:
    return {name: str(TYPED[name]) for name in ("dwelling", "tenure", "nuclei")}


def test_tabs_on_different_pages_both_survive_every_time(answered: Portal) -> None:
    tabs = {page: at(answered, f"/form/{page}") for page in COUNTED}
    for seen in range(1, ROUNDS + 1):
        count = 4 + seen % 2
        saves = [
            threading.Thread(target=save, args=(tabs[page], {field: str(count), "seen": str(seen)}))
            for page, field in COUNTED.items()
        ]
        for one in saves:
            one.start()
        for one in saves:
            one.join()
        assert {saved(answered, page)[field] for page, field in COUNTED.items()} == {count}


def save(tab: Walker, changed: dict[str, str]) -> None:
    fields = {name: values[-1] for name, values in tab.page.form(field="seen").fields.items()}
    tab.browser.send("POST", tab.page.path, urlencode(fields | changed).encode(), {})
