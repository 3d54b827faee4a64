"""One batch from its bytes to its scores, with the seconds that each part took."""

from dataclasses import dataclass, fields
from datetime import date

from services.scoring.bulk.columns import Numbers, Truths, read_columns
from services.scoring.bulk.engine import score_columns
from services.scoring.bulk.storage import Batch
from services.scoring.formula import Model


@dataclass
class Seconds:
    """Where the time of a run went, in seconds.

    ``packing``: looking for inputs not kept yet, and keeping them; ``committing``: what the database takes to
    make a batch last; ``finishing``: catching up and the act that makes the run current.
    """

    reading: float = 0.0
    arithmetic: float = 0.0
    writing: float = 0.0
    committing: float = 0.0
    packing: float = 0.0
    finishing: float = 0.0

    def add(self, other: "Seconds") -> None:
        """Add what another part took."""
        for part in fields(self):
            setattr(self, part.name, getattr(self, part.name) + getattr(other, part.name))


@dataclass(frozen=True)
class Progress:
    """How far a run is: ``passed`` more since the step before; ``households`` in all, said in the first step."""

    households: int
    passed: int


@dataclass(frozen=True, eq=False)
class ScoredBatch:
    """``totals`` (nano-units) of those of the batch that could be ``scored``."""

    scored: Truths
    totals: Numbers

    @property
    def left_out(self) -> int:
        """How many could not be: unreadable, without members, or beyond 64 bits."""
        return len(self.scored) - len(self.totals)


def score_batch(batch: Batch, *, model: Model, on: date) -> ScoredBatch:
    """Score the households of a batch as of the day ``on``."""
    columns, readable = read_columns(batch.packed, batch.lengths)
    totals, fit = score_columns(columns, model=model, on=on)
    scored = readable.copy()
    scored[readable] = fit
    return ScoredBatch(scored, totals[fit])
