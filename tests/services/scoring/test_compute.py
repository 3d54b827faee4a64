"""What holds of every score, whatever was declared."""

import random
import time
from datetime import UTC, date, datetime
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.compute import ScoreResult, compute_score, contribution_nano, scoring_day
from services.scoring.installed import shipped_models
from tests.services.scoring.declarations import DAY, a_child, a_declaration, a_head, declarations

MODEL = shipped_models()["rsu-2023-unofficial"]
RAISING = {
    "urban": ("butane_monthly", "telecom_monthly", "mobile_phones", "cars", "motorbikes", "computers", "nuclei"),
    "rural": ("butane_monthly", "telecom_monthly", "motorbikes", "cows"),
}


def score(document: dict[str, Any], on: date = DAY) -> ScoreResult:
    return compute_score(document, model=MODEL, on=on)


def value(document: dict[str, Any], key: str, on: date = DAY) -> Fraction:
    return next(line.value for line in score(document, on).lines if line.key == key)


@given(declarations(), st.randoms())
def test_the_order_of_the_members_changes_nothing(document: dict[str, Any], order: random.Random) -> None:
    members = list(document["members"])
    order.shuffle(members)
    assert score(document | {"members": members}) == score(document)


@given(declarations(), st.data(), st.integers(1, 3000))
def test_more_of_what_raises_the_score_never_lowers_it(document: dict[str, Any], data: Any, more: int) -> None:
    question = data.draw(st.sampled_from((*RAISING[document["milieu"]], "water_electricity")))
    before = document[question]
    after = [before[0] + more, *before[1:]] if question == "water_electricity" else before + more
    assert score(document | {question: after}).total_nano >= score(document).total_nano


@given(declarations())
def test_a_score_is_the_exact_sum_rounded_once_a_line(document: dict[str, Any]) -> None:
    result = score(document)
    formula = MODEL.formulas[document["milieu"]]
    exact = Fraction(formula.constant_nano + formula.regions[document["region"]])
    for line in result.lines:
        contribution = Fraction(line.coefficient or 0) * line.value * 10**9
        assert line.contribution_nano == floor(contribution + Fraction(1, 2))
        exact += contribution
    assert abs(result.total_nano - exact) <= Fraction(len(result.lines), 2)
    parts = result.constant_nano + result.region_nano + sum(line.contribution_nano for line in result.lines)
    assert result.total_nano == parts


@given(declarations())
def test_the_denominators_are_those_of_the_domain(document: dict[str, Any]) -> None:
    size = len(document["members"])
    assert all((3 * size) % line.value.denominator == 0 for line in score(document).lines)


@given(st.integers(-(10**12), 10**12), st.fractions(max_denominator=150))
def test_a_contribution_is_rounded_half_up(coefficient_nano: int, value: Fraction) -> None:
    assert contribution_nano(coefficient_nano, value) == floor(coefficient_nano * value + Fraction(1, 2))


@pytest.mark.parametrize(("coefficient_nano", "rounded"), [(1, 1), (-1, 0), (3, 2), (-3, -1)])
def test_a_half_goes_up_below_zero_too(coefficient_nano: int, rounded: int) -> None:
    assert contribution_nano(coefficient_nano, Fraction(1, 2)) == rounded


@pytest.mark.parametrize(
    ("birth_date", "on", "age"),
    [
        ("1984-05-02", date(2026, 5, 1), 41),
        ("1984-05-02", date(2026, 5, 2), 42),
        ("1984-05", date(2026, 4, 30), 41),  # an unknown day is the first
        ("1984-05", date(2026, 5, 1), 42),
        ("1984", date(2025, 12, 31), 41),  # an unknown month is January
        ("1984", date(2026, 1, 1), 42),
        ("1984-02-29", date(2026, 2, 28), 41),
        ("1984-02-29", date(2026, 3, 1), 42),
    ],
)
def test_the_head_is_a_year_older_on_the_day(birth_date: str, on: date, age: int) -> None:
    document = a_declaration(a_head(birth_date=birth_date))
    assert value(document, "head_age", on) == age
    assert value(document, "head_age_squared", on) == age * age


@pytest.mark.parametrize(
    ("key", "born_in", "counted"),
    [
        ("children_public_school", (2021, 2020, 2012, 2011), [0, 1, 1, 0]),  # 5, 6, 14, 15
        ("share_no_diploma", (2012, 2011), [0, Fraction(1, 2)]),  # 14, 15
        ("aged_19_29", (2008, 2007, 1997, 1996), [0, 1, 1, 0]),  # 18, 19, 29, 30
        ("aged_30_59", (1997, 1996, 1967, 1966), [0, 1, 1, 0]),
        ("aged_60_plus", (1967, 1966), [0, 1]),
    ],
)
def test_both_ends_of_an_age_are_counted(key: str, born_in: tuple[int, ...], counted: list[int]) -> None:
    milieu = "rural" if key.startswith("aged") else "urban"
    head = a_head(birth_date="2010")  # 16: in none of the groups
    for year, expected in zip(born_in, counted, strict=True):
        document = a_declaration(head, a_child(str(year), schooling="public"), milieu=milieu)
        assert value(document, key) == expected


@pytest.mark.parametrize(("people", "two", "three"), [(4, 1, 0), (5, 0, 1), (6, 0, 1), (7, 0, 0)])
def test_people_a_room_are_counted_on_one_line_only(people: int, two: int, three: int) -> None:
    members = [a_head(), *(a_child("2015") for _ in range(people - 1))]
    document = a_declaration(*members, milieu="rural", rooms=2)
    assert (value(document, "two_per_room"), value(document, "three_per_room")) == (two, three)


@pytest.mark.parametrize(("relations", "small"), [(["spouse"], 1), (["child"], 0), (["spouse", "child"], 0), ([], 1)])
def test_a_small_household_is_one_person_or_a_couple(relations: list[str], small: int) -> None:
    document = a_declaration(a_head(), *(a_head(relation=relation) for relation in relations))
    assert value(document, "small_household") == small


def test_free_health_cover_is_not_the_cover_that_counts() -> None:
    assert value(a_declaration(a_head(health_cover="amo_tadamon")), "health_cover") == 0
    assert value(a_declaration(a_head(health_cover="other")), "health_cover") == 1


def test_what_a_child_is_said_to_earn_is_not_counted() -> None:
    document = a_declaration(a_head(), a_child("2015", activity="employed", occupation="machine_operator"))
    assert value(document, "share_earning") == Fraction(1, 2)
    assert value(document, "share_machine_operators") == 0


def test_a_senior_manager_counts_at_any_age() -> None:
    document = a_declaration(a_head(), a_child("2015", occupation="senior_manager"))
    assert value(document, "share_senior_managers") == Fraction(1, 2)


def test_the_day_of_the_score_is_the_day_in_morocco() -> None:
    assert scoring_day(datetime(2026, 6, 15, 22, 59, tzinfo=UTC)) == date(2026, 6, 15)
    assert scoring_day(datetime(2026, 6, 15, 23, 1, tzinfo=UTC)) == date(2026, 6, 16)


def test_a_household_of_five_is_scored_well_under_a_millisecond() -> None:
    document = a_declaration(a_head(), *(a_child(f"2015-0{month}-11") for month in range(1, 5)))
    fastest = 1.0
    for _ in range(50):
        start = time.process_time()
        score(document)
        fastest = min(fastest, time.process_time() - start)
    assert fastest < 0.001
