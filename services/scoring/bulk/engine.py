"""The score of thousands of households at once: to the bit what ``compute_score`` says of each.

Every variable is a numerator and a denominator in int64, every contribution ``floor(coefficient ·
10⁹ · numerator / denominator + 1/2)``. Where a term could leave 64 bits it is computed in Python's
integers instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from services.scoring.bulk.columns import Columns, Numbers, Truths
from services.scoring.bulk.measures import MEASURES, People, Ratio
from services.scoring.bulk.packing import HOUSEHOLD_CODES
from services.scoring.compute import contribution_nano
from services.scoring.formula import Formula, Model

MOST = 2**63 - 1
REGIONS = HOUSEHOLD_CODES["region"]


@dataclass(frozen=True, eq=False)
class Measured:
    """The households of one milieu (``which`` of all) with the variables of its formula, a ratio a term."""

    which: Truths
    formula: Formula
    region: Numbers
    ratios: Sequence[Ratio]


def measure(columns: Columns, *, model: Model, on: date) -> list[Measured]:
    """All that the model reads of these households as of the day ``on``."""
    found = []
    for code, milieu in enumerate(HOUSEHOLD_CODES["milieu"]):
        which = columns.households["milieu"] == code
        if which.any():
            formula = model.formulas[milieu]
            people = People(columns.take(which), on)
            ratios = [MEASURES[term.key](people) for term in formula.terms]
            found.append(Measured(which, formula, people.columns.number("region"), ratios))
    return found


def add_up(measured: Sequence[Measured]) -> tuple[Numbers, Truths]:
    """The totals in nano-units, and which of them fit into 64 bits (the others stand as 0)."""
    households = len(measured[0].which) if measured else 0
    totals = np.zeros(households, dtype=np.int64)
    fit = np.ones(households, dtype=np.bool_)
    for one in measured:
        total = _total(one)
        if total.dtype == object:
            fit[one.which] = fits = np.array([-MOST <= value <= MOST for value in total], dtype=np.bool_)
            total = np.where(fits, total, 0).astype(np.int64)
        totals[one.which] = total
    return totals, fit


def score_columns(columns: Columns, *, model: Model, on: date) -> tuple[Numbers, Truths]:
    """The score of each household in nano-units, and which of them fit into 64 bits."""
    return add_up(measure(columns, model=model, on=on))


def contributions(coefficient_nano: int, ratio: Ratio) -> npt.NDArray[Any]:
    """What one variable contributes to each household, in nano-units: int64, or Python's integers."""
    numerator, denominator = ratio
    largest = 2 * abs(coefficient_nano) * ratio.largest
    if denominator is None:
        return coefficient_nano * (numerator if largest <= MOST else numerator.astype(object))
    if largest + int(denominator.max()) > MOST:
        pairs = zip(numerator.tolist(), denominator.tolist(), strict=True)
        return np.array([contribution_nano(coefficient_nano, Fraction(*pair)) for pair in pairs], dtype=object)
    doubled: Numbers = numerator * (2 * coefficient_nano)
    doubled += denominator
    doubled //= 2 * denominator
    return doubled


def _total(one: Measured) -> npt.NDArray[Any]:
    terms = [(term.coefficient_nano, ratio) for term, ratio in zip(one.formula.terms, one.ratios, strict=True)]
    fixed = [one.formula.constant_nano + one.formula.regions[code] for code in REGIONS]
    # A contribution is at most its coefficient times its numerator, for no denominator is under 1.
    largest = max(abs(value) for value in fixed) + sum(abs(nano) * ratio.largest + 1 for nano, ratio in terms)
    wide: type = np.int64 if largest <= MOST else object
    total: npt.NDArray[Any] = np.array(fixed, dtype=wide)[one.region]
    for nano, ratio in terms:
        if nano:
            total += contributions(nano, ratio)
    return total
