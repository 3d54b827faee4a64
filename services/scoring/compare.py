"""What changed between two scores: each difference under its cause, line by line.

The parts add up exactly to the whole difference, in nano-units and in the thousandths shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from services.messages import N_, Words
from services.scoring.compare_path import Cause, PersonChanged, steps_between
from services.scoring.compute import ScoreResult
from services.scoring.display import apportion, to_thousandths
from services.scoring.explain import Effect, ExplainedLine, Explanation, explain
from services.scoring.formula import Model
from services.scoring.topics import TOPICS, Theme

CAUSES = {
    Cause.BIRTHDAY: (N_("Time passed: birthdays"), "clock"),
    Cause.JOINED: (N_("Somebody joined your household"), "people"),
    Cause.LEFT: (N_("Somebody left your household"), "people"),
    Cause.JOINED_AND_LEFT: (N_("People joined and left your household"), "people"),
    Cause.DECLARED: (N_("You declared something new"), "pen"),
    Cause.FORMULA: (N_("The way of calculating changed"), "meter"),
}
ORDER = {topic.key: place for place, topic in enumerate(TOPICS)}


class MovedLine(NamedTuple):
    """One line before and after; ``words`` are None where the formula had no such line.

    ``nano_before`` and ``nano_after`` are what it added to the score, ``thousandths`` how far
    it moved it, as shown.
    """

    key: str
    theme: Theme
    pictogram: str
    before: Words | None
    after: Words | None
    nano_before: int
    nano_after: int
    thousandths: int
    published: bool

    @property
    def nano(self) -> int:
        """How far it moved the score."""
        return self.nano_after - self.nano_before

    @property
    def effect(self) -> Effect:
        """What it did to the score."""
        if self.nano == 0:
            return Effect.NONE if self.published else Effect.UNKNOWN
        return Effect.LOWERS if self.nano < 0 else Effect.RAISES


@dataclass(frozen=True)
class Part:
    """What one cause did, line by line, and whom it is about."""

    cause: Cause
    people: tuple[PersonChanged, ...]
    lines: tuple[MovedLine, ...]

    @property
    def title(self) -> Words:
        """The cause, in words."""
        return Words(CAUSES[self.cause][0])

    @property
    def pictogram(self) -> str:
        """The drawing beside it."""
        return CAUSES[self.cause][1]

    @property
    def nano(self) -> int:
        """How far it moved the score."""
        return sum(line.nano for line in self.lines)

    @property
    def thousandths(self) -> int:
        """The same, as shown."""
        return sum(line.thousandths for line in self.lines)


@dataclass(frozen=True)
class Comparison:
    """Two scores, and the parts of what lies between them, in the order of the causes."""

    before: ScoreResult
    after: ScoreResult
    parts: tuple[Part, ...]

    @property
    def nano(self) -> int:
        """The whole difference: below zero the score went down."""
        return self.after.total_nano - self.before.total_nano

    @property
    def thousandths(self) -> int:
        """The difference of the two scores as they are shown."""
        return to_thousandths(self.after.total_nano) - to_thousandths(self.before.total_nano)


def compare_results(before: ScoreResult, after: ScoreResult, *, model: Model) -> Comparison:
    """Attribute the difference of any two scores; ``model`` is the formula of ``before``.

    Raises ValueError for another formula.
    """
    if model.id != before.model:
        raise ValueError(f"{before.model} made the earlier score, not {model.id}")
    parts, told = [], explain(before)
    for cause, people, result in steps_between(before, after, model=model):
        told_then = explain(result)
        lines = tuple(_moved(told, told_then, silent=cause is Cause.DECLARED))
        if lines or people:
            parts.append(Part(cause, people, lines))
        told = told_then
    shift = to_thousandths(after.total_nano) - to_thousandths(before.total_nano)
    return Comparison(before, after, tuple(_shown(parts, shift)))


def reasons_between(before: Explanation, after: Explanation) -> tuple[MovedLine, ...]:
    """The lines that moved the score from one explanation to another, furthest first, whatever the causes."""
    lines = list(_moved(before, after))
    shown = apportion([line.nano for line in lines], total=after.thousandths - before.thousandths)
    told = [line._replace(thousandths=thousandths) for line, thousandths in zip(lines, shown, strict=True)]
    return tuple(sorted(told, key=lambda line: -abs(line.nano)))


def _moved(before: Explanation, after: Explanation, *, silent: bool = False) -> Iterable[MovedLine]:
    """The lines that moved the score, in the order of reading; if ``silent``, those too that only say otherwise."""
    then, now = ({line.key: line for line in told.lines} for told in (before, after))
    for key in sorted(then.keys() | now.keys(), key=ORDER.__getitem__):
        line = _line(key, then.get(key), now.get(key))
        if line.nano or (silent and line.before != line.after and line.before and line.after):
            yield line


def _line(key: str, before: ExplainedLine | None, after: ExplainedLine | None) -> MovedLine:
    known = after or before
    assert known is not None
    return MovedLine(
        key,
        known.theme,
        known.pictogram,
        before.words if before else None,
        after.words if after else None,
        before.nano if before else 0,
        after.nano if after else 0,
        0,
        known.effect is not Effect.UNKNOWN,
    )


def _shown(parts: list[Part], shift: int) -> Iterable[Part]:
    """The parts with what is shown of each line: it adds up to the difference of the scores shown."""
    shown = iter(apportion([line.nano for part in parts for line in part.lines], total=shift))
    for part in parts:
        yield replace(part, lines=tuple([line._replace(thousandths=next(shown)) for line in part.lines]))
