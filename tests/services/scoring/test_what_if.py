"""A supposed household: read forgivingly, made into a declaration without faults, scored by the same engine."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from services.households.document_faults import faults_of
from services.scoring.compute import compute_score
from services.scoring.household import household_on
from services.scoring.installed import shipped_models
from services.scoring.what_if import (
    MOST_PEOPLE,
    Reading,
    add_person,
    as_fields,
    document_of,
    example_fields,
    read_supposition,
    remove_person,
    sections_of,
    supposition_of,
)
from tests.services.scoring.declarations import DAY, a_child, a_declaration, a_head, declarations

MODEL = shipped_models()["rsu-2023-unofficial"]


def read(**typed: str | None) -> Reading:
    """The example, with other things typed; None takes a field away."""
    fields: dict[str, Sequence[str]] = {**example_fields(), **{key: [value or ""] for key, value in typed.items()}}
    return read_supposition({key: value for key, value in fields.items() if typed.get(key, "") is not None})


def document(reading: Reading, on: date = DAY) -> dict[str, Any]:
    assert reading.supposed is not None, reading.faults
    return dict(document_of(reading.supposed, on))


@given(declarations())
def test_any_declaration_comes_back_from_the_form_with_the_very_same_score(declared: dict[str, Any]) -> None:
    fields = as_fields(supposition_of(declared, DAY))
    reading = read_supposition(fields)
    assert (dict(reading.faults), reading.filled_in, dict(reading.fields)) == ({}, frozenset(), fields)
    supposed = document(reading)
    assert faults_of(supposed, on=DAY) == []
    assert compute_score(supposed, model=MODEL, on=DAY) == compute_score(declared, model=MODEL, on=DAY)


@pytest.mark.parametrize("milieu", ["urban", "rural"])
def test_the_form_asks_every_question_that_counts_and_no_other(milieu: str) -> None:
    asked = {question for section in sections_of(milieu) for question in section.questions}
    assert all(milieu in question.counts for question in asked)
    keys = {question.key for question in asked}
    urban_only, rural_only = {"nuclei", "has_bath", "loan"}, {"dwelling", "cows", "irrigated_land"}
    assert (keys >= urban_only, keys >= rural_only) == (milieu == "urban", milieu == "rural")
    assert not keys & {"tenure", "water", "commune", "address", "province", "aids"}


def test_the_example_is_a_declaration_without_faults() -> None:
    assert faults_of(document(read()), on=DAY) == []


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 12, 31), date(2028, 2, 29)])
@pytest.mark.parametrize("age", ["0", "1", "14", "15", "130"])
def test_everybody_has_exactly_the_age_written(on: date, age: str) -> None:
    supposed = document(read(age_1=age), on)
    assert household_on(supposed, on).ages == (int(age),)
    assert faults_of(supposed, on=on) == []


def test_numbers_are_read_however_they_are_typed() -> None:
    supposed = document(read(rooms="٣", telecom_monthly="1 200,50 DH", butane_monthly=" ۵۰ ", age_1="٤٢"))
    assert (supposed["rooms"], supposed["telecom_monthly"], supposed["butane_monthly"]) == (3, 1201, 50)
    assert household_on(supposed, DAY).ages == (42,)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *[("rooms", "0"), ("rooms", ""), ("telecom_monthly", "-1"), ("cars", "1,5"), ("butane_monthly", "1000001")],
        *[("age_1", "131"), ("age_1", "old"), ("age_1", ""), ("milieu", "sea"), ("region", "MA-13")],
        *[("relation_1", "x"), ("has_bath", "perhaps"), ("activity_1", "infant"), ("occupation_1", "")],
    ],
)
def test_what_cannot_stand_is_a_fault_under_its_own_field(field: str, typed: str) -> None:
    reading = read(**{field: typed})
    assert list(reading.faults) == [field]
    assert reading.supposed is None


def test_a_head_is_needed_and_only_one() -> None:
    assert "relation_1" in read(relation_1="child").faults
    assert list(read(relation_2="head", age_2="70").faults) == ["relation_2"]
    assert list(read_supposition(remove_person(example_fields(), 1)).faults) == ["people"]


def test_more_people_than_the_page_takes_are_refused() -> None:
    fields = example_fields()
    for number in range(2, MOST_PEOPLE + 2):
        fields = {**add_person(fields), f"age_{number}": ["8"]}
        faults = read_supposition(fields).faults
        assert list(faults) == (["people"] if number > MOST_PEOPLE else [])


def test_faults_stand_in_the_order_of_the_page() -> None:
    fields = add_person({**example_fields(), "region": [""], "rooms": [""], "age_1": ["x"]})
    assert list(read_supposition(fields).faults) == ["region", "age_1", "age_2", "rooms"]


def test_who_leaves_takes_the_answers_along_and_the_next_moves_up() -> None:
    fields = as_fields(supposition_of(a_declaration(a_head(), a_child("2018"), a_head(relation="spouse")), DAY))
    left = read_supposition(remove_person(fields, 2))
    assert left.supposed is not None
    assert [person["relation"] for person in left.supposed.people] == ["head", "spouse"]
    assert not [name for name in left.fields if name.endswith("_3") and not name.startswith("water")]


def test_what_was_never_asked_is_filled_in_and_said_to_be() -> None:
    reading = read(milieu="rural", dwelling=None, cows=None, literate_1=None)
    assert reading.filled_in == {"dwelling", "cows", "literate_1"}
    assert document(reading)["dwelling"] == "modern_house"


def test_answers_that_do_not_count_elsewhere_wait() -> None:
    moved = read(milieu="rural", nuclei="2")
    assert "nuclei" in moved.kept
    back = read_supposition({**moved.fields, "milieu": ["urban"]})
    assert document(back)["nuclei"] == 2


def test_an_occupation_falls_away_with_the_work() -> None:
    supposed = document(read(activity_1="home", occupation_1="senior_manager"))
    assert supposed["members"][0]["occupation"] == "none"


def test_an_odd_occupation_stands_until_its_person_is_another() -> None:
    odd = a_declaration(a_head(activity="home", occupation="senior_manager"))
    fields = as_fields(supposition_of(odd, DAY))
    assert document(read_supposition(fields))["members"][0]["occupation"] == "senior_manager"
    older = read_supposition({**fields, "age_1": ["50"]})
    assert document(older)["members"][0]["occupation"] == "none"


@pytest.mark.parametrize("fields", [{}, {"age_999": ["5"]}, {"milieu": []}, {"rooms": ["1", "2"], "relation_0": ["x"]}])
def test_whatever_is_posted_is_read_without_a_fault_of_ours(fields: dict[str, list[str]]) -> None:
    reading = read_supposition(fields)
    assert reading.supposed is None
    assert reading.faults
