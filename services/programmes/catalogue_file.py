"""Reading the catalogue's file: every fault is named, and nothing is taken in with one."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

from services.scoring.model_files import nano_of

HIGHEST_DIRHAMS = 100_000
GRADES = ("O", "P", "C", "own", "X")
CONDITIONS = (
    "household_registered",
    "score_within_limit",
    "head_lives_in_morocco",
    "no_other_family_allowance",
    "no_other_health_cover",
)
AMOUNTS = (
    "first_in_education",
    "first_out_of_school",
    "first_father_deceased",
    "later_in_education",
    "later_out_of_school",
    "disability_supplement",
    "floor",
    "lump_sum",
    "birth_first",
    "birth_second",
    "school_return",
    "school_return_upper",
)


class CatalogueFaults(Exception):
    """A file that is no catalogue; ``faults`` holds one line for each reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Dated:
    """One row: what ``item`` of the programme ``of`` was from one day to another, both included.

    ``value`` is nano-units for a limit, whole dirhams for an amount, 0 for what has none. None for
    ``valid_from`` is a beginning that is not known (programmes alone), for ``valid_until`` no end.
    """

    of: str
    item: str
    value: int
    valid_from: date | None
    valid_until: date | None
    source: str
    grade: str
    replaced_by: str | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the row holds on ``day``."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)

    def overlaps(self, other: "Dated") -> bool:
        """Whether some day is in both rows."""
        first, second = sorted((self, other), key=lambda row: row.valid_from or date.min)
        return first.valid_until is None or (second.valid_from or date.min) <= first.valid_until


@dataclass(frozen=True)
class _Table:
    """How the rows of one table are written: which keys they have, and which may be left out."""

    of: str
    item: str | None
    items: tuple[str, ...]
    value: str | None
    optional: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        own = {key for key in (self.of, self.item, self.value) if key}
        return frozenset(own | {"valid_from", "source", "grade"}) - self.optional


_UNTIL = frozenset({"valid_until"})
TABLES: Mapping[str, _Table] = {
    "programme": _Table("key", None, (), None, _UNTIL | {"valid_from", "replaced_by"}),
    "threshold": _Table("programme", None, (), "at_most", _UNTIL),
    "condition": _Table("programme", "condition", CONDITIONS, None, _UNTIL),
    "amount": _Table("programme", "item", AMOUNTS, "dirhams", _UNTIL),
}


def read_catalogue(text: str, *, programmes: tuple[str, ...]) -> Mapping[str, tuple[Dated, ...]]:
    """The rows of each table. Raises CatalogueFaults naming every fault, by table and row from 1."""
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueFaults([f"not TOML: {error}"]) from None
    faults = [f"{name}: no such table" for name in raw if name not in TABLES]
    read: dict[str, tuple[Dated, ...]] = {}
    for name, table in TABLES.items():
        rows = raw.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            faults.append(f"{name}: write each row under [[{name}]]")
            continue
        places = {f"{name} {number}": row for number, row in enumerate(rows, 1)}
        found = list(_faults(table, places, programmes))
        faults += found
        if not found:
            read[name] = tuple(_row(table, row) for row in places.values())
            faults += _overlaps(name, read[name])
    if faults:
        raise CatalogueFaults(faults)
    return read


def _faults(table: _Table, rows: Mapping[str, Mapping[str, Any]], programmes: tuple[str, ...]) -> Iterator[str]:
    for place, row in rows.items():
        shape = [f"{place}: {key} is missing" for key in sorted(table.keys - row.keys())]
        shape += [f"{place}: {key} is no part of it" for key in row if key not in table.keys | table.optional]
        yield from shape
        if shape:
            continue
        checks = dict(_CHECKS)
        checks |= {key: lambda value: _one_of(value, programmes) for key in (table.of, "replaced_by")}
        if table.item:
            checks[table.item] = lambda value: _one_of(value, table.items)
        for key, value in row.items():
            wrong = checks[key](value)
            if wrong:
                yield f"{place}: {key} {wrong}"
        begins, ends = row.get("valid_from"), row.get("valid_until")
        if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
            yield f"{place}: valid_until is before valid_from"


def _overlaps(name: str, rows: tuple[Dated, ...]) -> list[str]:
    numbered = enumerate(rows, 1)
    return [
        f"{name} {second}: its days overlap those of {name} {first} ({one.of}{' ' + one.item if one.item else ''})"
        for (first, one), (second, other) in combinations(numbered, 2)
        if (one.of, one.item) == (other.of, other.item) and one.overlaps(other)
    ]


def _row(table: _Table, row: Mapping[str, Any]) -> Dated:
    raw = row[table.value] if table.value else 0
    value = nano_of(raw) if table.value == "at_most" else int(raw)
    assert value is not None  # its faults were found before
    return Dated(
        row[table.of],
        row[table.item] if table.item else "",
        value,
        row.get("valid_from"),
        row.get("valid_until"),
        row["source"],
        row["grade"],
        row.get("replaced_by"),
    )


def _is_day(value: Any) -> bool:
    return type(value) is date


def _one_of(value: Any, known: tuple[str, ...]) -> str | None:
    return None if value in known else f"is {value!r}; write one of {', '.join(known)}"


def _day(value: Any) -> str | None:
    return None if _is_day(value) else "is no day; write it as 2026-01-01"


def _limit(value: Any) -> str | None:
    return (
        None
        if nano_of(value) is not None
        else "is no exact decimal: write a number under 1000 with at most nine decimals"
    )


def _dirhams(value: Any) -> str | None:
    whole = type(value) is int and 0 <= value <= HIGHEST_DIRHAMS
    return None if whole else f"is no amount: write whole dirhams from 0 to {HIGHEST_DIRHAMS}"


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else "is empty: say where the row comes from"


_CHECKS: Mapping[str, Callable[[Any], str | None]] = {
    "valid_from": _day,
    "valid_until": _day,
    "at_most": _limit,
    "dirhams": _dirhams,
    "source": _text,
    "grade": lambda value: _one_of(value, GRADES),
}
