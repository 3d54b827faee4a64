"""The arithmetic alone: one household, and columns in exact integers beside NumPy's own dot product in floats."""

from dataclasses import dataclass
from datetime import date
from random import Random
from time import perf_counter
from typing import Any

import numpy as np

from services.database import Database
from services.scoring.bulk.columns import read_columns
from services.scoring.bulk.engine import Measured, add_up, measure
from services.scoring.bulk.storage import Batch, read_batch
from services.scoring.compute import compute_score
from services.scoring.formula import Model

ALONE = 3_000
BATCH = 30_000


def measure_single(documents: list[dict[str, Any]], model: Model, on: date) -> float:
    """Microseconds of one score by the function that explains it: the median of many households."""
    took = []
    for document in Random(1).choices(documents, k=ALONE):
        begun = perf_counter()
        compute_score(document, model=model, on=on)
        took.append(perf_counter() - begun)
    return sorted(took)[len(took) // 2] * 1e6


@dataclass
class Spent:
    """Seconds over all households so far; ``worst`` is how far a float came from an exact score."""

    households: int = 0
    columns: float = 0.0
    exact: float = 0.0
    floats: float = 0.0
    worst: float = 0.0


def measure_arithmetic(database: Database, model: Model, on: date) -> None:
    """Every household of the database: from bytes to columns, exact totals, and the dot product of the same columns."""
    spent, after = Spent(), None
    with database.reading() as session:
        # Once for nothing: what is first used is slow for both.
        _measure_batch(Spent(), read_batch(session, after=None, most=BATCH), model, on)
        while batch := read_batch(session, after=after, most=BATCH):
            after = batch.last
            _measure_batch(spent, batch, model, on)
    print(
        f"Of {spent.households:,} households: bytes to columns {spent.columns:.2f} s, exact totals "
        f"{spent.exact:.2f} s, NumPy's dot product of the same columns in floats {spent.floats:.2f} s: exact takes "
        f"{spent.exact / spent.floats:.1f} times that; floats are up to {spent.worst:.1e} away\n"
    )


def _measure_batch(spent: Spent, batch: Batch, model: Model, on: date) -> None:
    marks = [perf_counter()]
    columns, _ = read_columns(batch.packed, batch.lengths)
    measured = measure(columns, model=model, on=on)
    marks.append(perf_counter())
    totals, _ = add_up(measured)
    marks.append(perf_counter())
    matrices = [_as_floats(one) for one in measured]
    marks.append(perf_counter())
    sums = [values @ coefficients for values, coefficients in matrices]
    marks.append(perf_counter())
    spent.households += len(columns)
    spent.columns += marks[1] - marks[0]
    spent.exact += marks[2] - marks[1]
    spent.floats += marks[4] - marks[3]
    for one, floats in zip(measured, sums, strict=True):
        spent.worst = max(spent.worst, float(np.abs(floats + _fixed(one) - totals[one.which] / 1e9).max()))


def _as_floats(one: Measured) -> tuple[np.ndarray, np.ndarray]:
    values = [ratio.numerator / (1 if ratio.denominator is None else ratio.denominator) for ratio in one.ratios]
    return np.stack(values, axis=1), np.array([term.coefficient_nano / 1e9 for term in one.formula.terms])


def _fixed(one: Measured) -> np.ndarray:
    regions = np.array([nano / 1e9 for nano in one.formula.regions.values()])
    return one.formula.constant_nano / 1e9 + regions[one.region]
