"""The way from one score to another, one cause at a time.

Between the two stand scores that nobody ever had, each a single step from the one before:

1. time passes: the earlier declaration and its formula, on the later day;
2. people join and leave: the earlier answers of those who stay, the later ones of who joins;
3. the family declares anew: the later declaration, still by the earlier formula;
4. the formula: the later score itself.

Whoever takes other steps, or these in another order, attributes a little otherwise; taken one
after the other they always lead from the one score to the other, with nothing left over.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from services.scoring.compute import ScoreResult, compute_score
from services.scoring.formula import Model
from services.scoring.household import Household

Entry = Mapping[str, Any]


class Cause(StrEnum):
    """Why a score is another one, in the order in which the causes are told apart."""

    BIRTHDAY = "birthday"
    JOINED = "joined"
    LEFT = "left"
    JOINED_AND_LEFT = "joined_and_left"
    DECLARED = "declared"
    FORMULA = "formula"


@dataclass(frozen=True)
class PersonChanged:
    """Somebody who had a birthday, joined or left.

    ``person`` is the id that stands for him in the declaration. Ages are in whole years: the
    one before is None for who joined, the one after for who left.
    """

    person: str | None
    relation: str
    sex: str
    age_before: int | None
    age_after: int | None


class Step(NamedTuple):
    """One step: its cause, whom it is about, and the score it leads to."""

    cause: Cause
    people: tuple[PersonChanged, ...]
    result: ScoreResult


def steps_between(before: ScoreResult, after: ScoreResult, *, model: Model) -> Iterator[Step]:
    """The steps from ``before``, which ``model`` made, to ``after``."""
    result = before
    if before.on != after.on:
        result = compute_score(before.household.document, model=model, on=after.on)
        yield Step(Cause.BIRTHDAY, _birthdays(before.household, result.household), result)
    people = _comings_and_goings(result.household, after.household)
    if people:
        document = {**before.household.document, "members": _everyone(result.household, after.household)}
        result = compute_score(document, model=model, on=after.on)
        yield Step(_cause_of(people), people, result)
    if result.household.document != after.household.document:
        result = compute_score(after.household.document, model=model, on=after.on)
        yield Step(Cause.DECLARED, (), result)
    if before.model != after.model:
        yield Step(Cause.FORMULA, (), after)


def _birthdays(before: Household, later: Household) -> tuple[PersonChanged, ...]:
    ages = zip(before.members, before.ages, later.ages, strict=True)
    return tuple(_changed(member, age, later_age) for member, age, later_age in ages if age != later_age)


def _comings_and_goings(before: Household, after: Household) -> tuple[PersonChanged, ...]:
    here, there = _named(before.members), _named(after.members)
    joined = (
        _changed(after.members[place], None, after.ages[place]) for who, place in there.items() if who not in here
    )
    left = (
        _changed(before.members[place], before.ages[place], None) for who, place in here.items() if who not in there
    )
    return (*joined, *left)


def _everyone(before: Household, after: Household) -> list[Entry]:
    here, there = _named(before.members), _named(after.members)
    entries = [before.members[here[who]] if who in here else after.members[place] for who, place in there.items()]
    if sum(entry["relation"] == "head" for entry in entries) == 1:
        return entries
    # The head is among those who joined or left: everybody is to the new one what he is later.
    relations = [after.members[place]["relation"] for place in there.values()]
    return [{**entry, "relation": relation} for entry, relation in zip(entries, relations, strict=True)]


def _named(members: Sequence[Entry]) -> dict[tuple[str | None, int], int]:
    """The place of each member, by who he is; of two entries of one person the first is the first."""
    seen: Counter[str | None] = Counter()
    places = {}
    for place, member in enumerate(members):
        who = _person(member)
        places[who, seen[who]] = place
        seen[who] += 1
    return places


def _person(member: Entry) -> str | None:
    return member.get("person") or member.get("idcs")


def _changed(member: Entry, age_before: int | None, age_after: int | None) -> PersonChanged:
    return PersonChanged(_person(member), member["relation"], member["sex"], age_before, age_after)


def _cause_of(people: Sequence[PersonChanged]) -> Cause:
    joined = [person.age_before is None for person in people]
    return Cause.JOINED if all(joined) else Cause.JOINED_AND_LEFT if any(joined) else Cause.LEFT
