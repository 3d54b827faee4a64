"""What changes in the months to come: birthdays, amounts by date, and what is given once.

A month's amount is counted as of its first day, so that it does not depend on the day one looks.
All of it holds if nothing else changes in the family; nobody is promised a score.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from services.population.birth_dates import BirthDate, parse_birth_date
from services.programmes.catalogue import amount_on
from services.programmes.entitlement import (
    AT_SCHOOL,
    MOST_CHILDREN,
    PROGRAMME,
    SCHOOL_AGE,
    Basis,
    ChildAmount,
    Entitlement,
    children_on,
    entitlement_on,
)

MONTHS_AHEAD = 24
MONTHS_TO_CLAIM_A_BIRTH = 6
SCHOOL_MONTH = 9
BIRTH_ITEMS = ("birth_first", "birth_second")
SCHOOL_ITEMS = {
    "primary": "school_return",
    "lower_secondary": "school_return",
    "upper_secondary": "school_return_upper",
}


class Cause(StrEnum):
    """Why the amount of one month is not that of the month before."""

    BORN = "born"
    SCHOOL_AGE = "school_age"
    GROWN_UP = "grown_up"
    COUNTS_NOW = "counts_now"
    AMOUNTS = "amounts"


@dataclass(frozen=True)
class Reason:
    """A cause, and whom it concerns: a place among the declaration's members, or nobody in particular."""

    cause: Cause
    place: int | None = None


@dataclass(frozen=True)
class Change:
    """From the month that begins on ``on``, another amount or another reason for it."""

    on: date
    before: int | None
    after: int | None
    basis: Basis
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Once:
    """An amount given once on ``on``; ``claim_until`` is the last day to ask for it, if there is one.

    ``dirhams`` is None where nothing is published for that day.
    """

    item: str
    on: date
    claim_until: date | None
    places: tuple[int, ...]
    dirhams: int | None


def first_of_month(day: date, months: int = 0) -> date:
    """The first day of the month of ``day``, or so many months later."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def months_ahead(
    document: Mapping[str, Any], *, on: date, declared_on: date | None = None, months: int = MONTHS_AHEAD
) -> tuple[Entitlement, ...]:
    """This month's amount and those of the ``months`` that follow."""
    return tuple(
        entitlement_on(document, on=first_of_month(on, later), declared_on=declared_on) for later in range(months + 1)
    )


def coming_changes(months: tuple[Entitlement, ...]) -> tuple[Change, ...]:
    """Each month whose amount is not that of the month before, or in which something happens to a child."""
    changes = []
    for before, after in pairwise(months):
        reasons = tuple(_reasons(before, after))
        if reasons or before.total != after.total:
            changes.append(Change(after.on, before.total, after.total, after.basis, reasons))
    return tuple(changes)


def given_once(document: Mapping[str, Any], *, on: date, months: int = MONTHS_AHEAD) -> tuple[Once, ...]:
    """Births that can still be claimed and coming returns to school, in the order of their days."""
    found = [*_births(document, on), *_returns_to_school(document, on, months)]
    return tuple(sorted(found, key=lambda once: once.on))


def _reasons(before: Entitlement, after: Entitlement) -> Iterator[Reason]:
    earlier = {one.child.place: one for one in before.children}
    later = {one.child.place: one for one in after.children}
    for place, was in earlier.items():
        cause = _what_happened(was, later.get(place))
        if cause:
            yield Reason(cause, place)
    yield from (Reason(Cause.BORN, place) for place in later if place not in earlier)
    if _amounts_differ(before, after):
        yield Reason(Cause.AMOUNTS)


def _what_happened(was: ChildAmount, now: ChildAmount | None) -> Cause | None:
    if now is None:
        return Cause.GROWN_UP
    if was.child.age < SCHOOL_AGE <= now.child.age:
        return Cause.SCHOOL_AGE
    return Cause.COUNTS_NOW if was.item is None and now.item is not None else None


def _amounts_differ(before: Entitlement, after: Entitlement) -> bool:
    items = {one.item for one in (*before.children, *after.children) if one.item}
    items |= {"floor", "disability_supplement"} if items else {"lump_sum"}
    return any(_value(item, before.on) != _value(item, after.on) for item in items)


def _births(document: Mapping[str, Any], on: date) -> Iterator[Once]:
    members = enumerate(document["members"])
    births = sorted(
        (_as_day(parse_birth_date(one["birth_date"])), place) for place, one in members if one["relation"] == "child"
    )
    for item, (born, place) in zip(BIRTH_ITEMS, births, strict=False):
        until = _months_after(born, MONTHS_TO_CLAIM_A_BIRTH)
        if born <= on <= until:
            yield Once(item, born, until, (place,), _value(item, born))


def _returns_to_school(document: Mapping[str, Any], on: date, months: int) -> Iterator[Once]:
    for later in range(months + 1):
        day = first_of_month(on, later)
        if day.month != SCHOOL_MONTH:
            continue
        for item in dict.fromkeys(SCHOOL_ITEMS.values()):
            places = tuple(_pupils(document, item, day))
            each = _value(item, day)
            if places:
                yield Once(item, day, None, places, None if each is None else each * len(places))


def _pupils(document: Mapping[str, Any], item: str, day: date) -> Iterator[int]:
    for child in children_on(document, on=day)[:MOST_CHILDREN]:
        member = document["members"][child.place]
        is_public = child.age >= SCHOOL_AGE and member["schooling"] == AT_SCHOOL[0]
        if is_public and SCHOOL_ITEMS.get(member["school_level"]) == item:
            yield child.place


def _value(item: str, day: date) -> int | None:
    row = amount_on(PROGRAMME, item, day)
    return None if row is None else row.value


def _as_day(birth_date: BirthDate) -> date:
    return date(birth_date.year, birth_date.month or 1, birth_date.day or 1)


def _months_after(day: date, months: int) -> date:
    """The same date so many months later, or the last of a month that has no such date."""
    last = first_of_month(day, months + 1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))
