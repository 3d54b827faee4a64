"""What changes in the months to come, and why; what is given once."""

from datetime import date

import pytest

from services.programmes.entitlement import Basis
from services.programmes.entitlement_ahead import (
    Cause,
    Once,
    Reason,
    coming_changes,
    first_of_month,
    given_once,
    months_ahead,
)
from tests.services.programmes.families import child, family, out

DAY = date(2026, 6, 15)


def changes(*children: dict, on: date = DAY, months: int = 24) -> list[tuple]:
    found = coming_changes(months_ahead(family(*children), on=on, declared_on=on, months=months))
    return [(change.on, change.before, change.after, change.reasons) for change in found]


def test_this_month_and_those_that_follow_are_counted_on_their_first_day() -> None:
    months = months_ahead(family(), on=date(2026, 12, 31), months=2)
    assert [month.on for month in months] == [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]
    assert first_of_month(date(2026, 1, 31), 13) == date(2027, 2, 1)


def test_a_child_who_turns_21_leaves_and_the_others_move_up() -> None:
    eldest, *others = out("2005-07-10"), *(child(f"201{year}-01-10") for year in (0, 1, 2))
    assert changes(eldest, *others) == [(date(2026, 8, 1), 836, 900, (Reason(Cause.GROWN_UP, 1),))]


def test_the_last_child_who_turns_21_leaves_the_lump_sum() -> None:
    (change,) = coming_changes(months_ahead(family(out("2005-07-01")), on=DAY))
    assert (change.on, change.after, change.basis) == (date(2026, 7, 1), 500, Basis.LUMP_SUM)


def test_a_child_who_turns_six_is_told_of_school() -> None:
    young = [child("2012-01-10"), child("2013-01-10"), out("2020-07-10")]
    assert changes(*young) == [(date(2026, 8, 1), 900, 900, (Reason(Cause.SCHOOL_AGE, 3),))]


def test_a_child_of_29_february_turns_six_on_1_march() -> None:
    assert changes(out("2020-02-29"), on=date(2026, 1, 20), months=2) == [
        (date(2026, 3, 1), 500, 500, (Reason(Cause.SCHOOL_AGE, 1),))
    ]


def test_a_seventh_child_counts_once_the_eldest_is_grown() -> None:
    eldest, *others = out("2005-07-10"), *(child(f"201{year}-01-10") for year in range(6))
    (change,) = changes(eldest, *others)
    assert change[3] == (Reason(Cause.GROWN_UP, 1), Reason(Cause.COUNTS_NOW, 7))
    assert change[1:3] == (200 + 600 + 3 * 36, 1008)


def test_a_child_born_within_the_month_counts_from_the_next() -> None:
    assert changes(child("2026-06-10")) == [(date(2026, 7, 1), 500, 500, (Reason(Cause.BORN, 1),))]


def test_new_amounts_are_told_by_their_day() -> None:
    two = [child("2012-01-10"), child("2013-01-10"), child("2014-01-10")]
    assert changes(*two, on=date(2024, 6, 15)) == [
        (date(2025, 1, 1), 600, 750, (Reason(Cause.AMOUNTS),)),
        (date(2026, 1, 1), 750, 900, (Reason(Cause.AMOUNTS),)),
    ]


def test_amounts_not_yet_published_are_no_crash() -> None:
    (change, *_) = changes(child("2012-01-10"), on=date(2023, 11, 15), months=2)
    assert change == (date(2023, 12, 1), None, 500, (Reason(Cause.AMOUNTS),))


def test_nothing_changes_where_nobody_is_young() -> None:
    assert changes() == []


@pytest.mark.parametrize(
    ("born", "on", "found"),
    [
        ("2026-06-15", DAY, Once("birth_first", DAY, date(2026, 12, 15), (1,), 2000)),
        ("2026-05-31", date(2026, 11, 30), Once("birth_first", date(2026, 5, 31), date(2026, 11, 30), (1,), 2000)),
        ("2026-05-31", date(2026, 12, 1), None),
        ("2026-06-16", DAY, None),
        ("2026", DAY, Once("birth_first", date(2026, 1, 1), date(2026, 7, 1), (1,), 2000)),
        ("2023-11-10", date(2023, 12, 10), Once("birth_first", date(2023, 11, 10), date(2024, 5, 10), (1,), None)),
    ],
)
def test_a_birth_is_claimed_within_six_months(born: str, on: date, found: Once | None) -> None:
    assert given_once(family(out(born)), on=on, months=0) == (() if found is None else (found,))


def test_the_second_birth_brings_less_and_the_third_nothing() -> None:
    second = given_once(family(child("2020-01-10"), out("2026-06-01")), on=DAY, months=0)
    assert [(once.item, once.dirhams, once.places) for once in second] == [("birth_second", 1000, (2,))]
    assert given_once(family(child("2019-01-10"), child("2020-01-10"), out("2026-06-01")), on=DAY, months=0) == ()


def test_september_brings_the_return_to_school() -> None:
    lycee = child("2010-01-10", school_level="upper_secondary")
    elsewhere = [child("2011-01-10", schooling="private"), child("2012-01-10", school_level="none")]
    found = given_once(family(lycee, *elsewhere, child("2016-01-10"), child("2017-01-10")), on=DAY, months=12)
    assert found == (
        Once("school_return", date(2026, 9, 1), None, (4, 5), 400),
        Once("school_return_upper", date(2026, 9, 1), None, (1,), 300),
    )


def test_who_is_grown_by_september_returns_to_no_school() -> None:
    assert given_once(family(child("2005-08-31", school_level="upper_secondary")), on=DAY, months=12) == ()
