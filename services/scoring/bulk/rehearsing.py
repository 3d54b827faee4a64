"""What a run would compute, without writing anything: a rehearsal, and two models beside each other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from time import perf_counter

import numpy as np
from sqlalchemy.orm import Session

from services.database import Database
from services.scoring.bulk.columns import Columns, Numbers, Truths, read_columns
from services.scoring.bulk.engine import score_columns
from services.scoring.bulk.packing import HOUSEHOLD_CODES
from services.scoring.bulk.scoring import Progress, Seconds, score_batch
from services.scoring.bulk.storage import Batch, pack_batch, read_batch
from services.scoring.formula import Model
from services.scoring.inputs import count_inputs, find_unpacked

BATCH = 100_000
PACKED_AT_ONCE = 2_000

Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Rehearsed:
    """How many households a run would score, and how many it would leave out."""

    scored: int
    left_out: int
    seconds: Seconds


@dataclass(frozen=True)
class Movement:
    """How many of some ``households`` would go ``up`` or ``down``; ``median_nano`` is the middle move of all."""

    households: int
    up: int
    down: int
    median_nano: int

    @property
    def unmoved(self) -> int:
        """How many would keep their score to the last unit."""
        return self.households - self.up - self.down


@dataclass(frozen=True)
class Admission:
    """How many are at or under a programme's limit ``before`` and ``after``, how many ``gain`` and ``lose`` it."""

    before: int
    after: int
    gain: int
    lose: int


@dataclass(frozen=True)
class ModelDiff:
    """What changes for the country from one model to another; nothing is written.

    ``regions`` and ``milieus`` by code, those with households only; ``programmes`` by key. A model
    without a limit for a programme admits nobody to it.
    """

    before: str
    after: str
    on: date
    left_out: int
    whole: Movement
    regions: Mapping[str, Movement]
    milieus: Mapping[str, Movement]
    programmes: Mapping[str, Admission]


def rehearse(database: Database, *, model: Model, on: date, progress: Report) -> Rehearsed:
    """Score every household as a run would, and keep nothing."""
    scored = left_out = 0
    seconds = Seconds()
    with database.reading() as session:
        progress(Progress(count_inputs(session), 0))
        for batch, refused, reading in _batches(session):
            started = perf_counter()
            found = score_batch(batch, model=model, on=on)
            seconds.add(Seconds(reading=reading, arithmetic=perf_counter() - started))
            scored += len(found.totals)
            left_out += found.left_out + refused
            progress(Progress(0, len(batch)))
    return Rehearsed(scored, left_out, seconds)


def compare_models(
    database: Database,
    before: Model,
    after: Model,
    *,
    on: date,
    limits: tuple[Mapping[str, int], Mapping[str, int]],
    progress: Report,
) -> ModelDiff:
    """Score every household by both models as of the day ``on``, and say who would move.

    ``limits``: for each of the two models the programmes' limits in nano-units.
    """
    left_out, parts = 0, [_compare(Columns.none(), before, after, on)[0]]
    with database.reading() as session:
        progress(Progress(count_inputs(session), 0))
        for batch, refused, _ in _batches(session):
            columns, readable = read_columns(batch.packed, batch.lengths)
            compared, beyond = _compare(columns, before, after, on)
            parts.append(compared)
            left_out += refused + int((~readable).sum()) + beyond
            progress(Progress(0, len(batch)))
    first, second, region, milieu = (np.concatenate(column) for column in zip(*parts, strict=True))
    moves = second - first
    return ModelDiff(
        before=before.id,
        after=after.id,
        on=on,
        left_out=left_out,
        whole=_movement(moves),
        regions=_by_code("region", region, moves),
        milieus=_by_code("milieu", milieu, moves),
        programmes=_admissions(first, second, *limits),
    )


def _batches(session: Session) -> Iterator[tuple[Batch, int, float]]:
    """Every household: those kept in columns, then those that are not yet; with the seconds of reading."""
    after = None
    started = perf_counter()
    while batch := read_batch(session, after=after, most=BATCH):
        yield batch, 0, perf_counter() - started
        after, started = batch.last, perf_counter()
    after = None
    while (found := find_unpacked(session, after=after, most=PACKED_AT_ONCE)).last is not None:
        batch, refused = pack_batch(found.rows)
        yield batch, refused, perf_counter() - started
        after, started = found.last, perf_counter()


def _compare(columns: Columns, before: Model, after: Model, on: date) -> tuple[tuple[Numbers, ...], int]:
    first, first_fits = score_columns(columns, model=before, on=on)
    second, second_fits = score_columns(columns, model=after, on=on)
    fit = first_fits & second_fits
    region, milieu = columns.number("region"), columns.number("milieu")
    return (first[fit], second[fit], region[fit], milieu[fit]), int((~fit).sum())


def _movement(moves: Numbers) -> Movement:
    middle = int(np.partition(moves, (len(moves) - 1) // 2)[(len(moves) - 1) // 2]) if len(moves) else 0
    return Movement(len(moves), int((moves > 0).sum()), int((moves < 0).sum()), middle)


def _by_code(key: str, codes: Numbers, moves: Numbers) -> Mapping[str, Movement]:
    present = np.unique(codes).tolist()
    return {HOUSEHOLD_CODES[key][code]: _movement(moves[codes == code]) for code in present}


def _admissions(
    first: Numbers, second: Numbers, before: Mapping[str, int], after: Mapping[str, int]
) -> Mapping[str, Admission]:
    return {
        key: _admission(_admitted(first, before.get(key)), _admitted(second, after.get(key)))
        for key in dict.fromkeys((*before, *after))
    }


def _admitted(totals: Numbers, at_most: int | None) -> Truths:
    return np.zeros(len(totals), dtype=np.bool_) if at_most is None else totals <= at_most


def _admission(before: Truths, after: Truths) -> Admission:
    return Admission(int(before.sum()), int(after.sum()), int((after & ~before).sum()), int((before & ~after).sum()))
