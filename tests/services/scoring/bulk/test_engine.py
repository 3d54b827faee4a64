"""A country in columns has, household by household, the score that each has alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.bulk.columns import HOUSEHOLD, MEMBER, Columns, read_columns
from services.scoring.bulk.engine import contributions, score_columns
from services.scoring.bulk.measures import MEASURES, People, Ratio
from services.scoring.bulk.packing import HOUSEHOLD_RECORD, MEMBER_RECORD, pack_document
from services.scoring.compute import compute_score, contribution_nano
from services.scoring.formula import Formula, Model, Term
from services.scoring.household import household_on
from services.scoring.installed import shipped_models
from services.scoring.variables import VARIABLES
from tests.services.scoring.declarations import DAY, a_child, a_declaration, a_head, declarations
from tests.services.scoring.test_golden_households import GOLDEN

MODEL = shipped_models()["rsu-2023-unofficial"]
DAYS = st.sampled_from(
    [DAY, date(2026, 2, 28), date(2028, 2, 28), date(2028, 2, 29), date(2026, 3, 1), date(2028, 3, 1), date(1990, 1, 1)]
) | st.dates(date(1950, 1, 1), date(2060, 12, 31))
MANY = st.lists(declarations(), min_size=1, max_size=6)


def columns_of(documents: Sequence[dict[str, Any]]) -> Columns:
    packed = [pack_document(document) for document in documents]
    columns, readable = read_columns(b"".join(packed), np.array([len(one) for one in packed]))
    assert readable.all()
    return columns


def models() -> st.SearchStrategy[Model]:
    """Any formula: coefficients of any sign and size, unknown ones, variables of either milieu in both."""
    numbers = st.integers(-(10**12) + 1, 10**12 - 1) | st.integers(-(10**9), 10**9)
    terms = st.dictionaries(st.sampled_from(sorted(VARIABLES)), st.none() | numbers, min_size=1)
    regions = st.lists(numbers, min_size=12, max_size=12)
    formulas = st.tuples(numbers, regions, terms).map(lambda drawn: _formula(*drawn))
    return st.tuples(formulas, formulas).map(
        lambda two: replace(MODEL, id="any", formulas=MappingProxyType({"urban": two[0], "rural": two[1]}))
    )


def _formula(constant: int, regions: list[int], terms: dict[str, int | None]) -> Formula:
    return Formula(
        constant,
        {f"MA-{number:02}": nano for number, nano in enumerate(regions, start=1)},
        tuple(Term(key, None if nano is None else Decimal(nano).scaleb(-9), nano or 0) for key, nano in terms.items()),
    )


@settings(max_examples=60)
@given(MANY, DAYS)
def test_a_batch_has_the_score_of_each(documents: list[dict[str, Any]], on: date) -> None:
    totals, fit = score_columns(columns_of(documents), model=MODEL, on=on)
    assert totals.tolist() == [compute_score(document, model=MODEL, on=on).total_nano for document in documents]
    assert fit.all()


@settings(max_examples=40)
@given(MANY, models(), DAYS)
def test_so_it_is_with_any_formula(documents: list[dict[str, Any]], model: Model, on: date) -> None:
    totals, fit = score_columns(columns_of(documents), model=model, on=on)
    expected = [compute_score(document, model=model, on=on).total_nano for document in documents]
    assert fit.tolist() == [abs(nano) < 2**63 for nano in expected]
    assert totals[fit].tolist() == [nano for nano in expected if abs(nano) < 2**63]


@settings(max_examples=40)
@given(MANY, DAYS)
def test_each_variable_is_that_of_each_household(documents: list[dict[str, Any]], on: date) -> None:
    people = People(columns_of(documents), on)
    for key, variable in VARIABLES.items():
        numerator, denominator = MEASURES[key](people)
        below = np.ones(len(documents), dtype=np.int64) if denominator is None else denominator
        measured = [Fraction(*pair) for pair in zip(numerator.tolist(), below.tolist(), strict=True)]
        assert measured == [variable.measure(household_on(document, on)) for document in documents], key


def test_every_variable_has_its_columns() -> None:
    assert MEASURES.keys() == VARIABLES.keys()


def test_the_golden_households_together_have_their_scores_by_hand() -> None:
    totals, _ = score_columns(columns_of([document for document, _ in GOLDEN.values()]), model=MODEL, on=DAY)
    assert totals.tolist() == [int(Decimal(table["total"]) * 10**9) for _, table in GOLDEN.values()]


@given(st.integers(-(10**13), 10**13), st.integers(0, 2**40), st.integers(1, 200))
def test_a_contribution_beyond_64_bits_is_exact(nano: int, numerator: int, denominator: int) -> None:
    ratio = Ratio(np.array([numerator, 1]), np.array([denominator, 3]))
    expected = [contribution_nano(nano, Fraction(numerator, denominator)), contribution_nano(nano, Fraction(1, 3))]
    assert contributions(nano, ratio).tolist() == expected
    assert contributions(nano, Ratio(np.array([numerator]))).tolist() == [nano * numerator]


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("1984-02-29", date(2026, 2, 28), 41),
        ("1984-02-29", date(2026, 3, 1), 42),
        ("1984-02-29", date(2028, 2, 28), 43),
        ("1984-02-29", date(2028, 2, 29), 44),
        ("1984-05", date(2026, 4, 30), 41),
        ("1984-05", date(2026, 5, 1), 42),
        ("1984", date(2025, 12, 31), 41),
        ("1984", date(2026, 1, 1), 42),
    ],
)
def test_ages_are_those_of_the_domain(born: str, on: date, age: int) -> None:
    assert People(columns_of([a_declaration(a_head(birth_date=born))]), on).ages.tolist() == [age]


def test_the_columns_have_the_layout_of_the_bytes() -> None:
    assert (HOUSEHOLD.itemsize, MEMBER.itemsize) == (HOUSEHOLD_RECORD.size, MEMBER_RECORD.size)


def _changed(place: int, value: int) -> bytes:
    packed = bytearray(pack_document(a_declaration(a_head(), a_child("2015"))))
    packed[place] = value
    return bytes(packed)


BROKEN = {
    "nothing": b"",
    "one byte": b"\x01",
    "no member": pack_document(a_declaration())[:-12],
    "cut short": pack_document(a_declaration())[:-1],
    "one more than it says": pack_document(a_declaration()) + b"\x00" * 12,
    "another version": _changed(0, 2),
    "an unknown region": _changed(2, 12),
    "says it has no member": _changed(HOUSEHOLD.fields["members"][1], 0),
    "the head is a child": _changed(HOUSEHOLD.fields["head"][1], 1),
    "the head is beyond the members": _changed(HOUSEHOLD.fields["head"][1], 2),
    "a thirteenth month": _changed(50, 13),
    "an unknown relation": _changed(64, 99),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_record_that_cannot_be_read_is_left_out_and_the_others_are_scored(fault: str) -> None:
    documents = [a_declaration(), a_declaration(a_head(), a_child("2015"), milieu="rural")]
    packed = [pack_document(documents[0]), BROKEN[fault], pack_document(documents[1])]
    columns, readable = read_columns(b"".join(packed), np.array([len(one) for one in packed]))
    assert readable.tolist() == [True, False, True]
    totals, _ = score_columns(columns, model=MODEL, on=DAY)
    assert totals.tolist() == [compute_score(document, model=MODEL, on=DAY).total_nano for document in documents]


def test_a_batch_of_nothing_readable_has_no_scores() -> None:
    columns, readable = read_columns(b"\x01", np.array([1]))
    assert (len(columns), readable.tolist()) == (0, [False])
    assert score_columns(columns, model=MODEL, on=DAY)[0].tolist() == []
