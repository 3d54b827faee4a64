"""A declaration as the formula sees it on one day: people with their ages, and groups of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from services.population.birth_dates import parse_birth_date

ADULT = 15
OLDEST = 999


@dataclass(frozen=True)
class Household:
    """A declaration on one day. ``head`` is the head's place in ``members``."""

    document: Mapping[str, Any]
    members: tuple[Mapping[str, Any], ...]
    ages: tuple[int, ...]
    head: int
    _found: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> int:
        """How many people: the ``n`` of the formula."""
        return len(self.members)

    @property
    def is_small(self) -> bool:
        """Whether it is one person alone, or a head and a spouse alone."""
        if self.size == 2:
            return {member["relation"] for member in self.members} == {"head", "spouse"}
        return self.size == 1

    def places(self, group: str) -> tuple[int, ...]:
        """Where among ``members`` those of the group of that key stand; looked for once."""
        found = self._found.get(group)
        if found is None:
            found = self._found[group] = GROUPS[group].places(self)
        return found


def household_on(document: Mapping[str, Any], day: date) -> Household:
    """Read a ``document`` without faults as it stands on ``day``."""
    members = tuple(document["members"])
    ages = tuple([_age(member["birth_date"], day) for member in members])
    head = next(place for place, member in enumerate(members) if member["relation"] == "head")
    return Household(document, members, ages, head)


@lru_cache(maxsize=50_000)  # more than the birth dates of the living
def _age(birth_date: str, day: date) -> int:
    return parse_birth_date(birth_date).age_on(day)


@dataclass(frozen=True)
class Group:
    """Members of certain ages, both ends included, who gave one of ``answers`` to ``question``."""

    ages: tuple[int, int]
    question: str | None = None
    answers: frozenset[str | bool] = frozenset()

    @property
    def of_some_ages(self) -> bool:
        """Whether age decides who is in it."""
        return self.ages != (0, OLDEST)

    def places(self, household: Household) -> tuple[int, ...]:
        """Where in ``household.members`` they stand."""
        youngest, oldest = self.ages
        of_age = [place for place, age in enumerate(household.ages) if youngest <= age <= oldest]
        if self.question is None:
            return tuple(of_age)
        return tuple([place for place in of_age if household.members[place][self.question] in self.answers])


def _adults(question: str, *answers: str | bool) -> Group:
    return Group((ADULT, OLDEST), question, frozenset(answers))


GROUPS: Mapping[str, Group] = {
    "health_cover": Group((0, OLDEST), "health_cover", frozenset({"other"})),
    "aged_19_29": Group((19, 29)),
    "aged_30_59": Group((30, 59)),
    "aged_60_plus": Group((60, OLDEST)),
    "children_private_school": Group((6, 14), "schooling", frozenset({"private"})),
    "children_public_school": Group((6, 14), "schooling", frozenset({"public"})),
    "share_no_diploma": _adults("education", "none"),
    "share_technical": _adults("education", "technical"),
    "share_higher_education": _adults("education", "higher"),
    "share_literate": _adults("literate", True),
    "share_earning": _adults("activity", "employed"),
    "share_machine_operators": _adults("occupation", "machine_operator"),
    "share_senior_managers": Group((0, OLDEST), "occupation", frozenset({"senior_manager"})),
    "share_traders": _adults("occupation", "trader"),
}
