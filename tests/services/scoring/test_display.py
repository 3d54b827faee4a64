"""What is shown adds up, and never hides on which side of a limit a score is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.display import (
    apportion,
    decimals_to_show,
    distinguish,
    in_full,
    rounded,
    side_by_side,
    to_thousandths,
)

NANOS = st.integers(-(10**11), 10**11)


def test_a_score_is_shown_with_three_decimals_rounded_half_up() -> None:
    assert str(rounded(9_296_428_400)) == "9.296"
    assert str(rounded(9_296_500_000)) == "9.297"
    assert str(rounded(9_000_000_000)) == "9.000"
    assert str(rounded(-752_500_000)) == "-0.752"


@pytest.mark.parametrize(
    ("score", "limit", "shown"),
    [
        (9_296_000_000, 9_743_001_000, ("9.296", "9.743")),
        (9_743_000_500, 9_743_001_000, ("9.7430005", "9.7430010")),
        (9_743_001_000, 9_743_001_000, ("9.743001", "9.743001")),
        (9_743_001_001, 9_743_001_000, ("9.743001001", "9.743001000")),
        (9_326_000_000, 9_326_428_400, ("9.3260000", "9.3264284")),
        (9_000_000_000, 9_000_000_000, ("9.000", "9.000")),
    ],
)
def test_a_score_that_three_decimals_cannot_tell_from_a_limit_is_shown_in_full(
    score: int, limit: int, shown: tuple[str, str]
) -> None:
    assert tuple(str(number) for number in distinguish(score, limit)) == shown


@given(NANOS, st.integers(-2_000_000, 2_000_000))
def test_what_is_shown_is_in_the_order_of_what_is(score: int, gap: int) -> None:
    shown, limit_shown = distinguish(score, score + gap)
    assert (shown <= limit_shown) == (gap >= 0)
    assert (shown == limit_shown) == (gap == 0)
    assert -int(shown.as_tuple().exponent) == decimals_to_show(score, score + gap)


@given(NANOS)
def test_nine_decimals_lose_nothing(nano: int) -> None:
    assert in_full(nano) * 10**9 == Decimal(nano)


@given(st.lists(NANOS))
def test_the_thousandths_of_the_lines_add_up_to_those_of_the_score(parts: list[int]) -> None:
    thousandths = apportion(parts)
    assert sum(thousandths) == to_thousandths(sum(parts))
    for part, shown in zip(parts, thousandths, strict=True):
        assert abs(shown * 10**6 - part) < 10**6
        assert part % 10**6 or shown * 10**6 == part


def test_the_largest_remainder_takes_the_thousandth() -> None:
    assert apportion([400_000, 300_000, 300_000]) == (1, 0, 0)
    assert apportion([-800_000, 300_000, 500_000]) == (-1, 0, 1)
    assert apportion([-400_000, 300_000, 100_000]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        (9_743_001_000, 9_743_001_001, ("9.743001000", "9.743001001")),
        (9_743_001_000, 9_743_002_000, ("9.743001", "9.743002")),
        (9_743_001_000, 9_743_001_000, ("9.743", "9.743")),
        (9_743_001_000, 9_744_001_000, ("9.743", "9.744")),
    ],
)
def test_two_scores_that_differ_never_look_the_same(one: int, other: int, shown: tuple[str, str]) -> None:
    assert tuple(f"{value:f}" for value in side_by_side(one, other)) == shown
