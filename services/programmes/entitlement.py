"""What a household would receive from direct social aid, child by child, in whole dirhams a month.

Counted on one day from the declaration and the amounts in force on that day (domain §7). Where the
sources are silent, what is chosen stands here: a child is any member under 21 who is not the head,
the spouse or their parent; of two born on one day the first declared ranks first; a child whose
father died has the amount of that only among the first three; the supplement counts towards the floor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from services.population.birth_dates import parse_birth_date
from services.programmes.catalogue import amount_on

PROGRAMME = "asd"
SCHOOL_AGE, GROWN_UP = 6, 21
MOST_CHILDREN, FIRST_CHILDREN = 6, 3
NO_CHILDREN = ("head", "spouse", "parent", "parent_in_law")
AT_SCHOOL = ("public", "private")


class Basis(StrEnum):
    """What the amount of a household rests on."""

    CHILDREN = "children"
    FLOOR = "floor"
    LUMP_SUM = "lump_sum"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True)
class Child:
    """A member who counts as a child, at ``place`` among the declaration's members.

    ``rank`` is 1 for the eldest. ``is_assumed``: he was too young to be asked about school, and is
    counted as going there.
    """

    place: int
    rank: int
    age: int
    is_at_school: bool
    is_assumed: bool
    father_deceased: bool
    severe_disability: bool


@dataclass(frozen=True)
class ChildAmount:
    """What one child brings a month; ``dirhams`` is None where no amount is published for the day.

    ``item`` names the amount in the catalogue, ``grade`` how well it is sourced; a child after the
    sixth has none and brings 0.
    """

    child: Child
    item: str | None
    dirhams: int | None
    supplement: int | None
    grade: str | None

    @property
    def total(self) -> int | None:
        """The amount and the supplement."""
        return None if self.dirhams is None or self.supplement is None else self.dirhams + self.supplement


@dataclass(frozen=True)
class Entitlement:
    """What a household would receive a month; ``total`` is None where an amount is not published.

    ``raised_by`` is what the floor adds; ``unpublished`` names the amounts missing for the day.
    """

    on: date
    basis: Basis
    children: tuple[ChildAmount, ...]
    total: int | None
    raised_by: int
    unpublished: tuple[str, ...]


def entitlement_on(document: Mapping[str, Any], *, on: date, declared_on: date | None = None) -> Entitlement:
    """What the household of ``document`` would receive for the month of the day ``on``.

    ``declared_on`` is when the document was true (``on`` if not given): who was under six then was
    not asked about school, and counts as going there from six on.
    """
    amounts = tuple(_amount_of(child, on) for child in children_on(document, on=on, declared_on=declared_on))
    if not amounts:
        lump_sum = _dirhams("lump_sum", on)
        return _entitlement(on, Basis.LUMP_SUM, (), lump_sum, 0, {"lump_sum": lump_sum})
    floor = _dirhams("floor", on)
    needed = {"floor": floor}
    for amount in amounts:
        if amount.item is not None:
            needed[amount.item] = amount.dirhams
        if amount.child.severe_disability and amount.item is not None:
            needed["disability_supplement"] = amount.supplement
    if None in needed.values():
        return _entitlement(on, Basis.UNPUBLISHED, amounts, None, 0, needed)
    together = sum(amount.total or 0 for amount in amounts)
    raised_by = max((floor or 0) - together, 0)
    basis = Basis.FLOOR if raised_by else Basis.CHILDREN
    return _entitlement(on, basis, amounts, together + raised_by, raised_by, needed)


def children_on(document: Mapping[str, Any], *, on: date, declared_on: date | None = None) -> tuple[Child, ...]:
    """The household's children on that day, eldest first; partial birth dates count as domain §4 says."""
    members = document["members"]
    born = (
        (_read(one["birth_date"]), place) for place, one in enumerate(members) if one["relation"] not in NO_CHILDREN
    )
    of_age = [(birth_date, place) for birth_date, place in born if 0 <= birth_date.age_on(on) < GROWN_UP]
    of_age.sort(key=lambda one: (one[0].year, one[0].month or 1, one[0].day or 1, one[1]))
    return tuple(
        _child(members[place], place, rank, birth_date.age_on(on), birth_date.age_on(declared_on or on))
        for rank, (birth_date, place) in enumerate(of_age, 1)
    )


_read = lru_cache(maxsize=10_000)(parse_birth_date)


def _child(member: Mapping[str, Any], place: int, rank: int, age: int, age_declared: int) -> Child:
    was_not_asked = age_declared < SCHOOL_AGE <= age
    return Child(
        place,
        rank,
        age,
        was_not_asked or member["schooling"] in AT_SCHOOL,
        was_not_asked,
        member["father_deceased"],
        member["severe_disability"],
    )


def _amount_of(child: Child, on: date) -> ChildAmount:
    if child.rank > MOST_CHILDREN:
        return ChildAmount(child, None, 0, 0, None)
    item = _item(child)
    row = amount_on(PROGRAMME, item, on)
    supplement = _dirhams("disability_supplement", on) if child.severe_disability else 0
    return ChildAmount(child, item, row.value if row else None, supplement, row.grade if row else None)


def _item(child: Child) -> str:
    order = "first" if child.rank <= FIRST_CHILDREN else "later"
    if child.father_deceased and order == "first":
        return "first_father_deceased"
    return f"{order}_in_education" if child.is_at_school or child.age < SCHOOL_AGE else f"{order}_out_of_school"


def _dirhams(item: str, on: date) -> int | None:
    row = amount_on(PROGRAMME, item, on)
    return None if row is None else row.value


def _entitlement(
    on: date,
    basis: Basis,
    amounts: tuple[ChildAmount, ...],
    total: int | None,
    raised_by: int,
    needed: Mapping[str, int | None],
) -> Entitlement:
    missing = tuple(item for item, value in needed.items() if value is None)
    return Entitlement(on, Basis.UNPUBLISHED if missing else basis, amounts, total, raised_by, missing)
