"""The document that answers make, and what can be wrong with one that somebody wrote."""

import copy
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import StateConflict
from services.households.declaration import aids_of, assemble, faults_of, split_personal
from services.households.questionnaire import Step
from tests.services.households.filled_forms import TODAY, any_answers, any_members, fill_form, some_members

DOCUMENT: dict[str, Any] = json.loads("""
{"milieu": "urban", "region": "MA-04", "province": "MA-RAB", "commune": "…", "address": "…",
 "nuclei": 1, "dwelling": "modern_house", "tenure": "tenant", "rooms": 2, "has_bath": true, "electricity": "own_meter",
 "water": "own_connection", "garage": false, "second_home": false, "business_premises": false,
 "non_agricultural_land": false, "irrigated_land": false, "cows": 0, "computers": 0, "satellite_dish": true,
 "landline": false, "mobile_phones": 2, "cars": 0, "motorbikes": 1, "loan": false,
 "butane_monthly": 50, "water_electricity": [210, 195, 240], "telecom_monthly": 60,
 "members": [{"idcs": "…", "relation": "head", "sex": "F", "birth_date": "1984-05-02", "education": "basic",
              "literate": true, "schooling": "none", "school_level": "none", "activity": "employed",
              "occupation": "employee", "health_cover": "none", "severe_disability": false, "father_deceased": false,
              "mother_deceased": false}]}
""")


def changed(**values: Any) -> dict[str, Any]:
    return {**copy.deepcopy(DOCUMENT), **values}


def with_member(**values: Any) -> dict[str, Any]:
    return changed(members=[{**DOCUMENT["members"][0], **values}])


def paths(document: object) -> list[str]:
    return [fault.path for fault in faults_of(document, on=TODAY)]


def test_the_declaration_of_the_domain_has_no_fault() -> None:
    assert faults_of(DOCUMENT) == []


@settings(max_examples=40)
@given(st.data())
def test_whatever_was_answered_a_complete_form_makes_a_document_without_faults(data: st.DataObject) -> None:
    members = data.draw(any_members())
    document = assemble(fill_form(members, data.draw(any_answers(members))), members)
    assert faults_of(json.loads(json.dumps(document)), on=TODAY) == []


def test_an_incomplete_form_makes_no_document() -> None:
    members = some_members(40)
    answers = fill_form(members)
    del answers[Step("bills")]
    with pytest.raises(StateConflict):
        assemble(answers, members)


def test_the_three_bills_stand_together() -> None:
    members = some_members(40)
    filled = fill_form(members, water_electricity_1=210, water_electricity_2=195, water_electricity_3=240)
    assert assemble(filled, members)["water_electricity"] == [210, 195, 240]


def test_the_aids_stand_beside_the_document() -> None:
    members = some_members(40)
    filled = fill_form(members, aids=["asd", "amo_tadamon"])
    assert "aids" not in assemble(filled, members)
    assert aids_of(filled) == ("asd", "amo_tadamon")
    assert aids_of(fill_form(members, aids=["none"])) == ()


def test_what_is_not_asked_of_children_stands_as_the_table_says() -> None:
    members = some_members(40, 3, 9, 10)
    answers = fill_form(members)
    answers[Step("studies", 4)] = {"schooling": "none"}
    baby, pupil, out_of_school = assemble(answers, members)["members"][1:]
    assert (baby["activity"], baby["schooling"], baby["literate"]) == ("infant", "none", False)
    assert (pupil["activity"], pupil["schooling"], pupil["school_level"]) == ("student", "public", "primary")
    assert (out_of_school["activity"], out_of_school["school_level"]) == ("other", "none")
    assert {entry["education"] for entry in (baby, pupil, out_of_school)} == {"none"}
    assert {entry["occupation"] for entry in (baby, pupil, out_of_school)} == {"none"}


def test_answers_that_no_longer_apply_do_not_stand() -> None:
    members = some_members(40)
    answers = fill_form(members, milieu="rural", cows=4, occupation="farmer")
    answers[Step("address")]["milieu"] = "urban"
    answers[Step("work", 1)]["activity"] = "home"
    document = assemble(answers, members)
    assert document["cows"] == 0
    assert document["members"][0]["occupation"] == "none"


def test_members_are_named_by_a_random_id_and_the_address_splits_off() -> None:
    members = some_members(40)
    document = assemble(fill_form(members), members)
    clear, personal = split_personal(document)
    assert document["members"][0]["person"] == str(members[0].person_id)
    assert set(personal) == {"commune", "address"}
    assert set(clear) == set(document) - set(personal)
    assert faults_of(clear, on=TODAY) == []


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (changed(rooms=0), "rooms"),
        (changed(rooms=True), "rooms"),
        (changed(rooms=2.5), "rooms"),
        (changed(rooms="2"), "rooms"),
        (changed(nuclei=0), "nuclei"),
        (changed(cars=-1), "cars"),
        (changed(butane_monthly=-50), "butane_monthly"),
        (changed(butane_monthly=12.5), "butane_monthly"),
        (changed(telecom_monthly=10**12), "telecom_monthly"),
        (changed(telecom_monthly=float("nan")), "telecom_monthly"),
        (changed(water_electricity=[210, 195]), "water_electricity"),
        (changed(water_electricity=210), "water_electricity"),
        (changed(water_electricity=[210, -1, 240]), "water_electricity[1]"),
        (changed(milieu="suburb"), "milieu"),
        (changed(milieu=None), "milieu"),
        (changed(milieu=["urban"]), "milieu"),
        (changed(region="MA-13"), "region"),
        (changed(province="MA-XXX"), "province"),
        (changed(dwelling="castle"), "dwelling"),
        (changed(has_bath="yes"), "has_bath"),
        (changed(has_bath=1), "has_bath"),
        (changed(address=7), "address"),
        (changed(commune="x" * 201), "commune"),
        (changed(bicycles=2), "bicycles"),
        (changed(aids=["asd"]), "aids"),
        (changed(members=[]), "members"),
        (changed(members=None), "members"),
        (changed(members={}), "members"),
        (changed(members=[*DOCUMENT["members"], 7]), "members[1]"),
        (changed(members=DOCUMENT["members"] * 2), "members"),
        (with_member(relation="spouse"), "members"),
        (with_member(birth_date="2027-01-01"), "members[0].birth_date"),
        (with_member(birth_date="1984-02-30"), "members[0].birth_date"),
        (with_member(birth_date="1984-13"), "members[0].birth_date"),
        (with_member(birth_date="02/05/1984"), "members[0].birth_date"),
        (with_member(birth_date="1890"), "members[0].birth_date"),
        (with_member(birth_date=1984), "members[0].birth_date"),
        (with_member(occupation="king"), "members[0].occupation"),
        (with_member(literate=None), "members[0].literate"),
        (with_member(sex="X"), "members[0].sex"),
        (with_member(name="Fatima"), "members[0].name"),
        (with_member(idcs=2345678906), "members[0].idcs"),
    ],
)
def test_each_fault_is_found_in_its_place(document: dict[str, Any], path: str) -> None:
    assert paths(document) == [path]


@pytest.mark.parametrize("key", sorted(set(DOCUMENT) - {"commune", "address"}))
def test_a_missing_key_is_found(key: str) -> None:
    assert paths({one: value for one, value in DOCUMENT.items() if one != key}) == [key]


@pytest.mark.parametrize("key", sorted(set(DOCUMENT["members"][0]) - {"idcs", "relation"}))
def test_a_missing_key_of_a_member_is_found(key: str) -> None:
    member = {one: value for one, value in DOCUMENT["members"][0].items() if one != key}
    assert paths(changed(members=[member])) == [f"members[0].{key}"]


def test_all_faults_are_told_at_once_and_in_words() -> None:
    faults = faults_of({**with_member(sex="?", birth_date="never"), "rooms": 0, "bicycles": 1}, on=TODAY)
    assert [fault.path for fault in faults] == ["rooms", "bicycles", "members[0].sex", "members[0].birth_date"]
    assert [fault.words.key % fault.words.params for fault in faults] == [
        "write a whole number from 1 to 999",
        "take this key away: a declaration does not have it",
        "write one of: F, M",
        "write a date as 1984, 1984-05 or 1984-05-02",
    ]


@pytest.mark.parametrize("document", [None, [], "x", 3, True])
def test_what_is_no_object_is_one_fault(document: object) -> None:
    assert paths(document) == [""]


@pytest.mark.parametrize("born", ["1984", "1984-05", "2026-06-15", "1896"])
def test_partial_dates_and_the_newborn_of_the_day_are_right(born: str) -> None:
    assert paths(with_member(birth_date=born)) == []


def test_who_is_born_after_the_day_of_the_score_is_a_fault() -> None:
    assert faults_of(with_member(birth_date="2024-01-01"), on=date(2023, 12, 31))
    assert not faults_of(with_member(birth_date="2024-01-01"), on=date(2024, 1, 1))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(DOCUMENT)), json_values)
def test_no_value_whatever_breaks_the_search(key: str, value: Any) -> None:
    assert isinstance(faults_of(changed(**{key: value}), on=TODAY), list)
