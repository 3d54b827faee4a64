"""What a family would receive, by hand: the table of amounts row by row, and what holds of any family."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.programmes.entitlement import Basis, entitlement_on
from tests.services.programmes.families import OUT, child, family, out

DAY = date(2026, 6, 15)
SCHOOLED = [child(f"{year}-01-10") for year in (2010, 2011, 2012, 2013, 2014, 2015, 2016, 2017)]
BABY = out("2023-04-01")
GONE, PRIVATE = out("2009-01-10"), child("2012-01-10", schooling="private")
ORPHAN, DISABLED = child("2020-01-10", father_deceased=True), child("2020-01-10", severe_disability=True)
DISABLED_ORPHAN = ORPHAN | DISABLED | {"father_deceased": True}

# Day, children, what each brings from the eldest to the youngest, the month's total, and why.
GOLDEN: list[tuple[str, date, list[dict[str, Any]], list[int | None], int | None, Basis]] = [
    ("nobody under 21", DAY, [], [], 500, Basis.LUMP_SUM),
    ("one baby, raised by 200", DAY, [BABY], [300], 500, Basis.FLOOR),
    ("two", DAY, [SCHOOLED[5], BABY], [300, 300], 600, Basis.CHILDREN),
    ("one out of school", DAY, [GONE], [200], 500, Basis.FLOOR),
    ("three, one out", DAY, [GONE, SCHOOLED[5], BABY], [200, 300, 300], 800, Basis.CHILDREN),
    ("three at school", DAY, SCHOOLED[:3], [300] * 3, 900, Basis.CHILDREN),
    ("a private school is a school", DAY, [*SCHOOLED[:2], PRIVATE], [300] * 3, 900, Basis.CHILDREN),
    ("four", DAY, SCHOOLED[:4], [300] * 3 + [36], 936, Basis.CHILDREN),
    ("five, the last out", DAY, [*SCHOOLED[:4], out("2019-01-10")], [300] * 3 + [36, 24], 960, Basis.CHILDREN),
    ("the baby as fourth", DAY, [*SCHOOLED[:3], BABY], [300] * 3 + [36], 936, Basis.CHILDREN),
    ("six", DAY, SCHOOLED[:6], [300] * 3 + [36] * 3, 1008, Basis.CHILDREN),
    ("eight: the two youngest bring nothing", DAY, SCHOOLED, [300] * 3 + [36] * 3 + [0, 0], 1008, Basis.CHILDREN),
    ("declared youngest first", DAY, [BABY, GONE], [200, 300], 500, Basis.CHILDREN),
    ("two whose father died", DAY, [ORPHAN, ORPHAN | OUT], [400, 400], 800, Basis.CHILDREN),
    ("the father of the fourth died", DAY, [*SCHOOLED[:3], ORPHAN], [300] * 3 + [36], 936, Basis.CHILDREN),
    ("a severe disability, raised by 100", DAY, [DISABLED], [400], 500, Basis.FLOOR),
    ("a severe disability of the fourth", DAY, [*SCHOOLED[:3], DISABLED], [300] * 3 + [136], 1036, Basis.CHILDREN),
    ("a disabled seventh", DAY, [*SCHOOLED[:6], DISABLED], [300] * 3 + [36] * 3 + [0], 1008, Basis.CHILDREN),
    ("a severe disability, father dead", DAY, [DISABLED_ORPHAN], [500], 500, Basis.CHILDREN),
    ("21 today", DAY, [out("2005-06-15")], [], 500, Basis.LUMP_SUM),
    ("21 tomorrow", DAY, [out("2005-06-16")], [200], 500, Basis.FLOOR),
    ("21 in a year of which no more is known", DAY, [out("2005")], [], 500, Basis.LUMP_SUM),
    ("20 in a year of which no more is known", DAY, [out("2006")], [200], 500, Basis.FLOOR),
    ("six this month, the day not known", DAY, [out("2020-06")], [200], 500, Basis.FLOOR),
    ("six next month, the day not known", DAY, [out("2020-07")], [300], 500, Basis.FLOOR),
    ("born on 29 February, six on 1 March", date(2026, 3, 1), [out("2020-02-29")], [200], 500, Basis.FLOOR),
    ("born on 29 February, five the day before", date(2026, 2, 28), [out("2020-02-29")], [300], 500, Basis.FLOOR),
    ("born tomorrow", DAY, [out("2026-06-16")], [], 500, Basis.LUMP_SUM),
    ("born today", DAY, [out("2026-06-15")], [300], 500, Basis.FLOOR),
    ("2025", date(2025, 12, 31), SCHOOLED[:4], [250] * 3 + [36], 786, Basis.CHILDREN),
    ("2025, out of school and father dead", date(2025, 1, 1), [GONE, ORPHAN], [175, 375], 550, Basis.CHILDREN),
    ("2024", date(2024, 12, 31), SCHOOLED[:4], [200] * 3 + [36], 636, Basis.CHILDREN),
    ("2024, out of school and father dead", date(2024, 1, 1), [GONE, ORPHAN], [150, 350], 500, Basis.CHILDREN),
    ("the first month", date(2023, 12, 1), SCHOOLED[:3], [200] * 3, 600, Basis.CHILDREN),
    ("before the first month", date(2023, 11, 30), SCHOOLED[:2], [None, None], None, Basis.UNPUBLISHED),
    ("before the first month, no child", date(2023, 11, 30), [], [], None, Basis.UNPUBLISHED),
]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "children", "each", "total", "basis"), [row[1:] for row in GOLDEN], ids=[row[0] for row in GOLDEN]
)
def test_a_family_receives_what_was_counted_by_hand(
    day: date, children: list[dict[str, Any]], each: list[int | None], total: int | None, basis: Basis
) -> None:
    found = entitlement_on(family(*children), on=day)
    assert [one.total for one in found.children] == each
    assert (found.total, found.basis) == (total, basis)
    assert total is None or sum(one or 0 for one in each) + found.raised_by == (total if children and each else 0)


@pytest.mark.parametrize(("relation", "counts"), [("sibling", True), ("grandchild", True), ("spouse", False)])
def test_any_young_member_in_the_care_of_the_head_counts(relation: str, counts: bool) -> None:
    found = entitlement_on(family(child("2008-01-10", relation=relation)), on=DAY)
    assert bool(found.children) == counts


def test_what_is_missing_is_named() -> None:
    children = [child("2015-01-10", severe_disability=True)]
    found = entitlement_on(family(*children), on=date(2023, 11, 30))
    assert found.unpublished == ("floor", "first_in_education", "disability_supplement")


def test_who_was_too_young_to_be_asked_counts_as_going_to_school() -> None:
    document = family(out("2020-06-20"))
    asked = entitlement_on(document, on=date(2026, 7, 1)).children[0]
    assumed = entitlement_on(document, on=date(2026, 7, 1), declared_on=DAY).children[0]
    assert (asked.dirhams, assumed.dirhams) == (200, 300)
    assert assumed.child.is_assumed


def test_twins_rank_in_the_order_of_the_declaration() -> None:
    first, second = entitlement_on(family(child("2015-01-10"), out("2015-01-10")), on=DAY).children
    assert (first.dirhams, second.dirhams) == (300, 200)


children = st.builds(
    child,
    st.dates(date(1995, 1, 1), DAY).map(date.isoformat),
    schooling=st.sampled_from(["none", "public", "private"]),
    father_deceased=st.booleans(),
    severe_disability=st.booleans(),
)
families = st.lists(children, max_size=9, unique_by=lambda one: one["birth_date"])
days = st.dates(date(2023, 12, 1), date(2031, 12, 31))


def total(members: list[dict[str, Any]], day: date) -> int:
    found = entitlement_on(family(*members), on=day).total
    assert found is not None
    return found


@given(families, days)
def test_nobody_receives_less_than_the_floor(members: list[dict[str, Any]], day: date) -> None:
    assert 500 <= total(members, day) <= 3 * 500 + 3 * 136


@given(families, days, st.randoms())
def test_the_order_of_declaring_changes_nothing(members: list[dict[str, Any]], day: date, random: Any) -> None:
    shuffled = random.sample(members, len(members))
    assert total(members, day) == total(shuffled, day)


@given(families, days)
def test_a_younger_child_never_lowers_it(members: list[dict[str, Any]], day: date) -> None:
    assert total([*members, out(day.isoformat())], day) >= total(members, day)


@given(families, days)
def test_going_to_school_never_lowers_it(members: list[dict[str, Any]], day: date) -> None:
    assert total([one | {"schooling": "public"} for one in members], day) >= total(members, day)


@given(families, st.dates(date(2023, 12, 1), date(2025, 12, 31)))
def test_the_scale_never_falls(members: list[dict[str, Any]], day: date) -> None:
    ages_kept = [one | {"birth_date": "2015-06-15"} for one in members]
    assert total(ages_kept, day) <= total(ages_kept, date(2026, 1, 1))
