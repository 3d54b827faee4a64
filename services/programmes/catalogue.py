"""The catalogue of the programmes: what held on which day, with its source and its grade.

Limits are in nano-units (10⁻⁹) of the score, amounts in whole dirhams. A later row never changes
what an earlier one said: it holds from its own day on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from services.messages import N_, Words
from services.programmes.catalogue_file import Dated, read_catalogue
from services.scoring.formula import Model

FILE = Path(__file__).parent / "catalogue.toml"
NAMES = {
    "asd": N_("Direct social aid"),
    "amo_tadamon": N_("Free health cover, AMO-Tadamon"),
    "tayssir": N_("Tayssir"),
    "daam": N_("Aid for widows, DAAM"),
    "ramed": N_("RAMED"),
}


@dataclass(frozen=True)
class Limit:
    """A programme is open at ``at_most_nano`` and under, from the day ``since`` on.

    ``grade`` is O for an official source, P for the press, C for public third-party code.
    """

    programme: str
    at_most_nano: int
    since: date
    source: str
    grade: str

    @property
    def name(self) -> Words:
        """The programme as people call it."""
        return PROGRAMMES[self.programme].name

    @property
    def official(self) -> bool:
        """Whether the limit was read in an official text."""
        return self.grade == "O"

    def admits(self, total_nano: int) -> bool:
        """Whether a score of ``total_nano`` is at or under the limit."""
        return total_nano <= self.at_most_nano


@dataclass(frozen=True)
class Programme:
    """A programme: from when to when it was there (None: unknown, or on), and what replaced it."""

    key: str
    valid_from: date | None
    valid_until: date | None
    replaced_by: str | None
    source: str
    grade: str

    @property
    def name(self) -> Words:
        """The programme as people call it."""
        return Words(NAMES[self.key])

    def ended_on(self, day: date) -> bool:
        """Whether it was over by ``day``."""
        return self.valid_until is not None and self.valid_until < day

    def holds_on(self, day: date) -> bool:
        """Whether it is there on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and not self.ended_on(day)


def programme_named(key: str) -> Programme:
    """The programme of that key. Raises LookupError, which names those there are."""
    try:
        return PROGRAMMES[key]
    except KeyError:
        raise LookupError(f"no programme {key!r}; there is {', '.join(PROGRAMMES)}") from None


def limits_on(day: date, *, model: Model | None = None) -> tuple[Limit, ...]:
    """The limit in force on ``day`` of each programme that has one, in the order of the programmes.

    Limits belong to the scale of a formula: where ``model`` brings its own, only these stand.
    """
    if model is not None and model.thresholds:
        in_force = {key: _own_limit(model, key) for key in model.thresholds if programme_named(key).holds_on(day)}
    else:
        in_force = {row.of: _limit(row) for row in _rows("threshold") if row.holds_on(day)}
    return tuple(in_force[key] for key in PROGRAMMES if key in in_force)


def conditions_on(programme: str, day: date) -> tuple[Dated, ...]:
    """The conditions of a programme on ``day``, in the order of the file; ``item`` is each one's key."""
    return tuple(row for row in _rows("condition") if row.of == programme and row.holds_on(day))


def amount_on(programme: str, item: str, day: date) -> Dated | None:
    """The amount called ``item`` on ``day``, in whole dirhams in ``value``; None where none is published."""
    return next((row for row in _amounts().get((programme, item), ()) if row.holds_on(day)), None)


def _limit(row: Dated) -> Limit:
    assert row.valid_from is not None
    return Limit(row.of, row.value, row.valid_from, row.source, row.grade)


def _own_limit(model: Model, programme: str) -> Limit:
    grade = "O" if model.official else "C"
    return Limit(programme, model.thresholds[programme], model.valid_from, model.source, grade)


@cache
def _rows(table: str) -> tuple[Dated, ...]:
    return _catalogue()[table]


@cache
def _amounts() -> Mapping[tuple[str, str], tuple[Dated, ...]]:
    rows = _rows("amount")
    return {(one.of, one.item): tuple(row for row in rows if (row.of, row.item) == (one.of, one.item)) for one in rows}


@cache
def _catalogue() -> Mapping[str, tuple[Dated, ...]]:
    return read_catalogue(FILE.read_text(encoding="utf-8"), programmes=tuple(NAMES))


PROGRAMMES: Mapping[str, Programme] = {
    row.of: Programme(row.of, row.valid_from, row.valid_until, row.replaced_by, row.source, row.grade)
    for row in _rows("programme")
}
