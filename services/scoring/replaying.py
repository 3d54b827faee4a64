"""Stored scores computed again, each from its declaration, its model and its day, to the bit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.database import Database
from services.households.models import Declaration
from services.scoring.compute import compute_score
from services.scoring.formula import Model
from services.scoring.installed import model_named
from services.scoring.models import RunScore, Score, ScoreRun

BATCH = 1000
MOST_FINDINGS = 1000
Key = tuple[UUID, ...]


@dataclass(frozen=True)
class _Kept:
    """A table of scores: how many columns its key has, how a score of it is named, and how it is read."""

    table: type[Score] | type[RunScore]
    key: tuple[InstrumentedAttribute[UUID], ...]
    named: str
    rows: sa.Select[Any]

    def read(self, session: Session, *, after: Key, most: int) -> list[sa.Row[Any]]:
        """The next rows behind a key, in its order."""
        bound = sa.tuple_(*(sa.literal(part, sa.Uuid()) for part in after))
        behind = sa.tuple_(*self.key) > bound if len(after) > 1 else self.key[0] > after[0]
        return list(session.execute(self.rows.where(behind).order_by(*self.key).limit(most)))


_INPUTS = (Declaration.id, Declaration.document, Declaration.erased_at)
KEPT = (
    _Kept(
        Score,
        (Score.id,),
        "score {}",
        sa.select(Score.id, Score.model, Score.on_day, Score.total_nano, *_INPUTS).join_from(
            Score, Declaration, Declaration.id == Score.declaration_id, isouter=True
        ),
    ),
    _Kept(
        RunScore,
        (RunScore.household_id, RunScore.run_id),
        "score of household {} in run {}",
        sa.select(
            RunScore.household_id, RunScore.run_id, ScoreRun.model, ScoreRun.on_day, RunScore.total_nano, *_INPUTS
        )
        .join_from(RunScore, ScoreRun, ScoreRun.id == RunScore.run_id)
        .join(Declaration, Declaration.id == RunScore.declaration_id, isouter=True),
    ),
)


@dataclass
class Replaying:
    """One pass over the stored scores, or over ``sample`` of them. Iterate :meth:`run`; then the fields tell.

    The scores of a sample follow each other in the order of their random ids, from a place that
    ``seed`` chooses. ``findings`` is a sentence for each that does not come out again (``unsaid``
    counts those beyond the first thousand), without anything personal; ``erased`` counts those
    whose declaration was erased in its time, which nobody can compute again.
    """

    database: Database
    sample: int | None = None
    seed: int = 0
    findings: list[str] = field(default_factory=list)
    unsaid: int = 0
    equal: int = 0
    erased: int = 0

    @property
    def differing(self) -> int:
        """How many did not come out again."""
        return len(self.findings) + self.unsaid

    @cached_property
    def shares(self) -> tuple[int, ...]:
        """How many scores of each table are to be computed again."""
        with self.database.reading() as session:
            counts = [session.scalar(sa.select(sa.func.count()).select_from(kept.table)) or 0 for kept in KEPT]
        if self.sample is None or self.sample >= sum(counts):
            return tuple(counts)
        of_families = min(self.sample - self.sample * counts[1] // sum(counts), counts[0])
        return of_families, self.sample - of_families

    def run(self) -> Iterator[int]:
        """Compute them again, a batch at a time; yields how many were looked at."""
        random = Random(self.seed)  # noqa: S311 - not a secret: it is printed, so that a sample can be repeated
        for kept, share in zip(KEPT, self.shares, strict=True):
            first = UUID(int=random.getrandbits(128) if self.sample is not None else 0)
            yield from self._walk(kept, first, share)

    def _walk(self, kept: _Kept, first: UUID, share: int) -> Iterator[int]:
        nothing = UUID(int=0)
        position: Key = (first, *(nothing for _ in kept.key[1:]))
        from_start = first == nothing
        left = share
        while left > 0:
            with self.database.reading() as session:
                rows = kept.read(session, after=position, most=min(BATCH, left))
                self._look_at(session, kept, rows)
            if rows:
                position = tuple(rows[-1][: len(kept.key)])
                left -= len(rows)
                yield len(rows)
            elif from_start:
                return
            else:
                position, from_start = (nothing,) * len(kept.key), True

    def _look_at(self, session: Session, kept: _Kept, rows: list[sa.Row[Any]]) -> None:
        models = _models_of(session, {row.model for row in rows})
        for row in rows:
            if row.erased_at is not None:
                self.erased += 1
            elif wrong := _why_wrong(row, models[row.model]):
                self._say(f"{kept.named.format(*row)}: {wrong}")
            else:
                self.equal += 1

    def _say(self, finding: str) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)
        else:
            self.unsaid += 1


def _models_of(session: Session, model_ids: set[str]) -> Mapping[str, Model | str]:
    """Each model, or why it cannot be had."""
    found: dict[str, Model | str] = {}
    for model_id in model_ids:
        try:
            found[model_id] = model_named(session, model_id)
        except LookupError as error:
            found[model_id] = str(error)
    return found


def _why_wrong(row: sa.Row[Any], model: Model | str) -> str | None:
    if isinstance(model, str):
        return model
    if row.document is None:
        return "its declaration is gone"
    try:
        computed = compute_score(row.document, model=model, on=row.on_day).total_nano
    except Exception as error:  # whatever a changed declaration breaks is what is looked for
        return f"its declaration cannot be scored any more ({type(error).__name__})"
    apart = row.total_nano - computed
    return f"not what its declaration and model give, but {apart:+} units of 10⁻⁹ beside it" if apart else None
