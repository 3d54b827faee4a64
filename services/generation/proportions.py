"""The proportions of the synthetic country, and how one draws by them."""

import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
Span = tuple[float, float]
MILIEUS = ("urban", "rural")


@dataclass(frozen=True)
class Odds(Generic[Value]):
    """Values, and the running sums of their weights."""

    values: Sequence[Value]
    sums: Sequence[float]

    def draw(self, random: Random) -> Value:
        """One of the values."""
        return self.values[bisect_right(self.sums, random.random() * self.sums[-1])]


@dataclass(frozen=True)
class Choice:
    """What the poorest choose and what the best off do."""

    poorest: Odds[str]
    best: Odds[str]

    def draw(self, random: Random, means: float) -> str:
        """The choice of one whose ``means`` lie between 0 and 1."""
        return (self.best if random.random() < means else self.poorest).draw(random)


@dataclass(frozen=True)
class Kind:
    """A kind of family. ``head`` draws a band of ages; the chances are those of the file."""

    head: Odds[tuple[int, int]]
    spouse: float
    female: float
    children: Odds[int]
    parents: Odds[int]
    siblings: Odds[int]


@dataclass(frozen=True)
class Learning:
    """Diplomas and reading of people up to an age; the span is the chance of being at school."""

    until: int
    diploma: Choice
    reads: float
    at_school: Span


@dataclass(frozen=True)
class Milieu:
    """Town or countryside: where its families live, and what they have."""

    regions: Odds[str]
    truths: Mapping[str, Span]
    counts: Mapping[str, Span]
    amounts: Mapping[str, tuple[Span, Span]]
    choices: Mapping[str, Choice]
    rooms: Span


@dataclass(frozen=True)
class Proportions:
    """All of ``proportions.toml``."""

    declared_on: date
    rural: float
    poverty: float
    forming: float
    outside: float
    kinds: Odds[Kind]
    people: Mapping[str, Any]
    milieus: Mapping[str, Milieu]
    learning: Sequence[Learning]
    activity: Mapping[str, Sequence[tuple[int, Odds[str]]]]
    most_rooms: int
    texts: Mapping[str, Sequence[str]]

    @property
    def declared_at(self) -> datetime:
        """The moment of every declaration."""
        return datetime.combine(self.declared_on, time(10), UTC)


def between(span: Span, means: float) -> float:
    """Where ``means``, from 0 to 1, lead between the poorest and the best off."""
    poorest, best = span
    return poorest + (best - poorest) * means


@cache
def the_proportions() -> Proportions:
    """What ``proportions.toml`` says."""
    data = tomllib.loads(files("services.generation").joinpath("proportions.toml").read_text(encoding="utf-8"))
    kinds = data["family"]
    return Proportions(
        declared_on=data["declared_on"],
        rural=data["rural"],
        poverty=data["poverty"],
        forming=data["forming"],
        outside=data["outside"],
        kinds=_odds([(_kind(kind), kind["weight"]) for kind in kinds]),
        people=data["people"],
        milieus={milieu: _milieu(data, milieu) for milieu in MILIEUS},
        learning=[_learning(row) for row in data["learning"]],
        activity={
            sex: [(row["ages"][1], _named(row["odds"])) for row in data["activity"] if row["sex"] == sex]
            for sex in ("F", "M")
        },
        most_rooms=data["rooms"]["most"],
        texts=data["texts"],
    )


def _odds(weights: Sequence[tuple[Value, float]]) -> Odds[Value]:
    return Odds([value for value, _ in weights], list(accumulate(weight for _, weight in weights)))


def _named(table: Mapping[str, float]) -> Odds[str]:
    return _odds(list(table.items()))


def _numbered(table: Mapping[str, float]) -> Odds[int]:
    return _odds([(int(number), weight) for number, weight in table.items()])


def _choice(table: Mapping[str, Mapping[str, float]]) -> Choice:
    return Choice(_named(table["poorest"]), _named(table["best"]))


def _span(pair: Sequence[float]) -> Span:
    poorest, best = pair
    return poorest, best


def _kind(row: Mapping[str, Any]) -> Kind:
    return Kind(
        head=_odds([((youngest, oldest), weight) for youngest, oldest, weight in row["head"]]),
        spouse=row["spouse"],
        female=row["female"],
        children=_numbered(row["children"]),
        parents=_numbered(row["parents"]),
        siblings=_numbered(row["siblings"]),
    )


def _learning(row: Mapping[str, Any]) -> Learning:
    return Learning(row["ages"][1], _choice(row["diploma"]), row["reads"], _span(row["at_school"]))


def _milieu(data: Mapping[str, Any], milieu: str) -> Milieu:
    amounts = data["amounts"][milieu]
    return Milieu(
        regions=_named(data["regions"][milieu]),
        truths={key: _span(span) for key, span in data["truths"][milieu].items()},
        counts={key: _span(span) for key, span in data["counts"][milieu].items()},
        amounts={key: (_span(row["household"]), _span(row["person"])) for key, row in amounts.items()},
        choices={key: _choice(table) for key, table in data["choices"][milieu].items()},
        rooms=_span(data["rooms"][milieu]),
    )
