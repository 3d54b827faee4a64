"""Invented people: numbers of which no two are alike, names that the register takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.population.identifiers import parse_idcs
from services.population.people_file import PARSERS
from services.population.synthetic import PREFIXES, Numbers, invented_names


@given(st.integers(), st.integers(0, PREFIXES - 1), st.integers(0, PREFIXES - 1))
def test_two_serials_of_a_country_never_bear_one_number(seed: int, one: int, other: int) -> None:
    numbers = Numbers(seed)
    first, second = numbers.issue(one), numbers.issue(other)
    assert first is None or parse_idcs(first) == first
    assert first is None or (first == second) == (one == other)


def test_nobody_is_given_a_number_that_is_taken() -> None:
    numbers = Numbers(1)
    usual = numbers.issue_another(5, ())
    another = numbers.issue_another(5, {usual})
    assert parse_idcs(another) != usual


@pytest.mark.parametrize("sex", ["F", "M"])
def test_every_name_is_one_that_the_register_takes(sex: str) -> None:
    names = invented_names()
    for arabic, latin in (*names.given[sex], *names.family):
        assert PARSERS["name_arabic"](arabic) == arabic
        assert PARSERS["name_latin"](latin) == latin
