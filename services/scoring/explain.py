"""A score told to its family: themes, lines in its own values, and the whole arithmetic.

The lines add up exactly to the score, in nano-units and in the thousandths that are shown.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from itertools import groupby
from typing import NamedTuple

from services.messages import N_, Words
from services.scoring.compute import ScoreResult
from services.scoring.display import apportion
from services.scoring.provenance import Origin
from services.scoring.topics import REGION, START, THEMES, TOPICS, Theme, Topic
from services.scoring.variables import VARIABLES

NAMES = {key: Words(variable.name) for key, variable in VARIABLES.items()}


class Effect(StrEnum):
    """What a line does to the score."""

    START = "start"
    LOWERS = "lowers"
    RAISES = "raises"
    NONE = "none"
    UNKNOWN = "unknown"


EFFECTS = {
    Effect.START: N_("Every household in a place like yours starts from here"),
    Effect.LOWERS: N_("Lowers your score"),
    Effect.RAISES: N_("Raises your score"),
    Effect.NONE: N_("Does not count for you"),
    Effect.UNKNOWN: N_("Does not count: its weight in the calculation was never published"),
}


class ExplainedLine(NamedTuple):
    """One line in plain words.

    ``nano`` is what it adds to the score, ``thousandths`` the same as it is shown.
    ``questions`` are the declaration keys it comes from (``members`` is the list of members
    itself), ``members`` the places in the declaration's list of those whose answers make it,
    ``variables`` the terms of the arithmetic that it sums, ``origins`` who says what it is made of.
    """

    key: str
    theme: Theme
    pictogram: str
    words: Words
    nano: int
    thousandths: int
    effect: Effect
    questions: tuple[str, ...]
    members: tuple[int, ...]
    variables: tuple[str, ...]
    origins: tuple[Origin, ...]

    @property
    def counts(self) -> bool:
        """Whether it moves the score at all."""
        return self.effect in (Effect.START, Effect.LOWERS, Effect.RAISES)

    @property
    def effect_words(self) -> Words:
        """What it does to the score, as a sentence."""
        return Words(EFFECTS[self.effect])


@dataclass(frozen=True)
class ExplainedTheme:
    """The lines of one theme and what they add together: those that move the score, and the silent ones."""

    theme: Theme
    title: Words
    pictogram: str
    lines: tuple[ExplainedLine, ...]
    moving: tuple[ExplainedLine, ...]
    silent: tuple[ExplainedLine, ...]
    nano: int
    thousandths: int


class ArithmeticTerm(NamedTuple):
    """One term as the formula has it; constant and region have neither coefficient nor value."""

    key: str
    name: Words
    coefficient: Decimal | None
    value: Fraction | None
    nano: int
    known: bool


@dataclass(frozen=True)
class Explanation:
    """A score explained; ``thousandths`` is the score as it is shown."""

    total_nano: int
    thousandths: int
    official: bool
    themes: tuple[ExplainedTheme, ...]

    @property
    def lines(self) -> tuple[ExplainedLine, ...]:
        """Every line, in the order of reading."""
        return tuple(line for theme in self.themes for line in theme.lines)


def explain(result: ScoreResult) -> Explanation:
    """Put a score into words; its lines add up to ``result.total_nano`` exactly."""
    plan = _plan(tuple([line.key for line in result.lines]))
    contributions = [result.constant_nano, result.region_nano, *[line.contribution_nano for line in result.lines]]
    nanos = [sum([contributions[place] for place in places]) for _, places, _ in plan]
    shown = apportion(nanos)
    unknown = {line.key for line in result.lines if not line.known}
    lines = [
        ExplainedLine(
            topic.key,
            topic.theme,
            topic.pictogram,
            topic.say(result.household),
            nano,
            thousandths,
            _effect(topic, nano, unknown.issuperset(variables)),
            topic.questions,
            topic.places(result.household),
            variables,
            topic.origins,
        )
        for (topic, _, variables), nano, thousandths in zip(plan, nanos, shown, strict=True)
    ]
    themes = [_theme(theme, tuple(own)) for theme, own in groupby(lines, lambda line: line.theme)]
    return Explanation(result.total_nano, sum(shown), result.official, tuple(themes))


def arithmetic(result: ScoreResult) -> tuple[ArithmeticTerm, ...]:
    """Every term of a score under a plain name, in the order of the formula; they add up to it."""
    return (
        ArithmeticTerm("constant", START.say(result.household), None, None, result.constant_nano, True),
        ArithmeticTerm("region", REGION.say(result.household), None, None, result.region_nano, True),
        *(
            ArithmeticTerm(key, NAMES[key], coefficient, value, nano, coefficient is not None)
            for key, coefficient, value, nano in result.lines
        ),
    )


def fold_arithmetic(
    told: Explanation, result: ScoreResult
) -> tuple[tuple[ExplainedLine, tuple[ArithmeticTerm, ...]], ...]:
    """Each line with the terms that are folded into it; they add up to it exactly."""
    terms = {term.key: term for term in arithmetic(result)}
    return tuple((line, tuple(terms[key] for key in line.variables)) for line in told.lines)


@cache
def _plan(keys: tuple[str, ...]) -> tuple[tuple[Topic, tuple[int, ...], tuple[str, ...]], ...]:
    """The topics that tell constant, region and the lines of ``keys``, each with its terms' places and keys."""
    place_of = {key: place for place, key in enumerate(("constant", "region", *keys))}
    own = [(topic, tuple(key for key in topic.variables if key in place_of)) for topic in TOPICS]
    return tuple((topic, tuple(place_of[key] for key in variables), variables) for topic, variables in own if variables)


def _effect(topic: Topic, nano: int, unknown: bool) -> Effect:
    if topic is START:
        return Effect.START
    if unknown:
        return Effect.UNKNOWN
    return Effect.LOWERS if nano < 0 else Effect.RAISES if nano else Effect.NONE


def _theme(theme: Theme, lines: tuple[ExplainedLine, ...]) -> ExplainedTheme:
    title, pictogram = THEMES[theme]
    nano, thousandths = sum([line.nano for line in lines]), sum([line.thousandths for line in lines])
    moving, silent = tuple([line for line in lines if line.counts]), tuple([line for line in lines if not line.counts])
    return ExplainedTheme(theme, Words(title), pictogram, lines, moving, silent, nano, thousandths)
