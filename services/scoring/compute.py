"""The score of a declaration, in integers, so that every engine gives the same bits.

Lower means poorer. Everything is in nano-units (10⁻⁹); each contribution is rounded half up
once: ``floor(coefficient · value · 10⁹ + 1/2)``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from services.scoring.formula import Model, Term
from services.scoring.household import Household, household_on
from services.scoring.variables import VARIABLES

MOROCCO = ZoneInfo("Africa/Casablanca")


class Line(NamedTuple):
    """What one variable contributes; an unknown coefficient (None) contributes nothing."""

    key: str
    coefficient: Decimal | None
    value: Fraction
    contribution_nano: int

    @property
    def known(self) -> bool:
        """Whether the coefficient is public."""
        return self.coefficient is not None


@dataclass(frozen=True)
class ScoreResult:
    """A score and all it is the sum of: constant, region and lines, in the order of the model."""

    model: str
    official: bool
    milieu: str
    on: date
    total_nano: int
    constant_nano: int
    region: str
    region_nano: int
    lines: tuple[Line, ...]
    household: Household = field(repr=False, compare=False)


def scoring_day(now: datetime) -> date:
    """The day it is in Morocco."""
    return now.astimezone(MOROCCO).date()


def compute_score(document: Mapping[str, Any], *, model: Model, on: date) -> ScoreResult:
    """Score a declaration without faults (stored, or as the sandbox has it) as of the day ``on``."""
    household = household_on(document, on)
    formula = model.formulas[document["milieu"]]
    region_nano = formula.regions[document["region"]]
    lines = tuple([_line(term, household) for term in formula.terms])
    return ScoreResult(
        model=model.id,
        official=model.official,
        milieu=document["milieu"],
        on=on,
        total_nano=formula.constant_nano + region_nano + sum([line.contribution_nano for line in lines]),
        constant_nano=formula.constant_nano,
        region=document["region"],
        region_nano=region_nano,
        lines=lines,
        household=household,
    )


def contribution_nano(coefficient_nano: int, value: Fraction) -> int:
    """``floor(coefficient · value · 10⁹ + 1/2)`` without leaving the integers."""
    return (2 * coefficient_nano * value.numerator + value.denominator) // (2 * value.denominator)


def _line(term: Term, household: Household) -> Line:
    value = VARIABLES[term.key].measure(household)
    return Line(term.key, term.coefficient, value, contribution_nano(term.coefficient_nano, value))
