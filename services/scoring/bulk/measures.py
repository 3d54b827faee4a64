"""The variables of the formula over columns: for each key of ``VARIABLES`` a numerator and a denominator.

Groups of members are those of ``GROUPS``: their ages, question and answers are data there.
"""

from collections.abc import Callable, Container, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from services.scoring.bulk.columns import Columns, Numbers, Truths
from services.scoring.bulk.packing import BILLS, HOUSEHOLD_CODES, MEMBER_CODES
from services.scoring.household import GROUPS, Group
from services.scoring.variables import SOLID_DWELLINGS


class Ratio(NamedTuple):
    """A variable of many households, exactly; without a denominator it is whole."""

    numerator: Numbers
    denominator: Numbers | None = None

    @property
    def largest(self) -> int:
        """The largest numerator, whatever its sign."""
        return max(abs(int(self.numerator.max())), abs(int(self.numerator.min())))


class People:
    """The households of some columns on one day, with the ages of their members."""

    def __init__(self, columns: Columns, day: date) -> None:
        self.columns, self.day = columns, day
        self._counts: dict[str, Numbers] = {}

    @cached_property
    def ages(self) -> Numbers:
        """Whole years of each member. An unknown month is January, an unknown day the first (domain §4).

        Who was born on 29 February is a year older on 1 March.
        """
        members = self.columns.members
        birthday = np.maximum(members["month"], 1).astype(np.int64) * 100 + np.maximum(members["day"], 1)
        to_come = birthday > self.day.month * 100 + self.day.day
        ages: Numbers = self.day.year - members["year"].astype(np.int64) - to_come
        return ages

    @cached_property
    def head(self) -> Numbers:
        """Where among the members each household's head stands."""
        return self.columns.first + self.columns.number("head")

    @cached_property
    def per_head(self) -> Numbers:
        """The denominator of what is divided by the number of people."""
        return self.columns.size

    def in_group(self, key: str) -> Numbers:
        """How many members of each household are in the group of that key; counted once."""
        if key not in self._counts:
            self._counts[key] = self.columns.count(self._members_of(GROUPS[key]))
        return self._counts[key]

    def count_related(self, relation: str) -> Numbers:
        """How many members of each household are so related to the head."""
        return self.columns.count(self.columns.members["relation"] == MEMBER_CODES["relation"].index(relation))

    def heads_answer(self, question: str, *answers: str) -> Truths:
        """Whether the head gave one of ``answers``."""
        given: Truths = _lookup(MEMBER_CODES[question], answers)[self.columns.members[question][self.head]]
        return given

    def _members_of(self, group: Group) -> Truths:
        youngest, oldest = group.ages
        members: Truths = (self.ages >= youngest) & (self.ages <= oldest)
        if group.question == "literate":
            members &= np.isin(self.columns.members["literate"], [int(answer) for answer in group.answers])
        elif group.question is not None:
            codes = self.columns.members[group.question]
            members &= _lookup(MEMBER_CODES[group.question], group.answers)[codes]
        return members


Measure = Callable[[People], Ratio]


def _lookup(values: tuple[str, ...], chosen: Container[str | bool]) -> Truths:
    return np.array([value in chosen for value in values], dtype=np.bool_)


def _whole(numbers: Truths | Numbers) -> Ratio:
    return Ratio(numbers.astype(np.int64, copy=False))


def _true(question: str) -> Measure:
    return lambda people: _whole(people.columns.truth(question))


def _more_than(least: int, question: str) -> Measure:
    return lambda people: _whole(people.columns.households[question] > least)


def _one_of(question: str, *answers: str) -> Measure:
    chosen = _lookup(HOUSEHOLD_CODES[question], answers)
    return lambda people: _whole(chosen[people.columns.households[question]])


def _head(question: str, *answers: str) -> Measure:
    return lambda people: _whole(people.heads_answer(question, *answers))


def _amount(question: str) -> Measure:
    return lambda people: _whole(people.columns.number(question))


def _yearly_per_head(question: str) -> Measure:
    return lambda people: Ratio(people.columns.number(question) * 12, people.per_head)


def _utilities_per_head(people: People) -> Ratio:
    first, second, third = (people.columns.number(bill) for bill in BILLS)
    return Ratio((first + second + third) * 12, 3 * people.per_head)


def _people_per_room(above: int | None, at_most: int) -> Measure:
    def measure(people: People) -> Ratio:
        rooms, size = people.columns.number("rooms"), people.columns.size
        crowded = size <= at_most * rooms
        return _whole(crowded if above is None else crowded & (size > above * rooms))

    return measure


def _any(group: str) -> Measure:
    return lambda people: _whole(people.in_group(group) > 0)


def _number(group: str) -> Measure:
    return lambda people: _whole(people.in_group(group))


def _share(group: str) -> Measure:
    return lambda people: Ratio(people.in_group(group), people.per_head)


def _head_age(people: People) -> Ratio:
    return _whole(people.ages[people.head])


def _small(people: People) -> Ratio:
    size = people.columns.size
    couple = (size == 2) & (people.count_related("head") == 1) & (people.count_related("spouse") == 1)
    return _whole((size == 1) | couple)


MEASURES: Mapping[str, Measure] = {
    "small_household": _small,
    "multi_nucleus": _more_than(1, "nuclei"),
    "two_per_room": _people_per_room(None, 2),
    "three_per_room": _people_per_room(2, 3),
    "solid_dwelling": _one_of("dwelling", *SOLID_DWELLINGS),
    "bath": _true("has_bath"),
    "own_meter": _one_of("electricity", "own_meter"),
    "head_basic_education": _head("education", "basic"),
    "head_higher_education": _head("education", "higher"),
    "head_senior_manager": _head("occupation", "senior_manager"),
    "head_middle_manager": _head("occupation", "middle_manager"),
    "head_employer": _head("occupation", "employer"),
    "head_machine_operator": _head("occupation", "machine_operator"),
    "head_craftsman": _head("occupation", "craftsman"),
    "head_farmer": _head("occupation", "farmer"),
    "head_pensioner": _head("activity", "pensioner", "rentier"),
    "computer": _more_than(0, "computers"),
    "satellite_dish": _true("satellite_dish"),
    "landline": _true("landline"),
    "health_cover": _any("health_cover"),
    "loan": _true("loan"),
    "second_home": _true("second_home"),
    "garage": _true("garage"),
    "business_premises": _true("business_premises"),
    "non_agricultural_land": _true("non_agricultural_land"),
    "irrigated_land": _true("irrigated_land"),
    "members": lambda people: _whole(people.columns.size),
    "members_squared": lambda people: _whole(people.columns.size**2),
    "head_age": _head_age,
    "head_age_squared": lambda people: _whole(_head_age(people).numerator ** 2),
    **{key: _number(key) for key in ("aged_19_29", "aged_30_59", "aged_60_plus")},
    **{key: _number(key) for key in ("children_private_school", "children_public_school")},
    **{key: _share(key) for key in GROUPS if key.startswith("share_")},
    "mobile_phones": _amount("mobile_phones"),
    "cars": _amount("cars"),
    "car": _more_than(0, "cars"),
    "motorbikes": _amount("motorbikes"),
    "motorbike": _more_than(0, "motorbikes"),
    "cows": _amount("cows"),
    "butane_per_head": _yearly_per_head("butane_monthly"),
    "utilities_per_head": _utilities_per_head,
    "telecom_per_head": _yearly_per_head("telecom_monthly"),
}
