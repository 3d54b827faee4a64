"""Model files: what one must say, and every fault of one that does not, each with its line.

``docs/model-format.md`` tells whoever writes such a file.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from services.households.places import REGIONS
from services.scoring.formula import MILIEUS, NANO, UNKNOWN, Formula, Model, Term
from services.scoring.toml_lines import MALFORMED, LineFault, Path, TomlLines, read_lines
from services.scoring.variables import VARIABLES

REGION_CODES = tuple(place.code for place in REGIONS)
ID_SHAPE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_SOURCE = 500
A_NUMBER = "a number under 1000 with at most nine decimals"
NO_PART = "not a part of a model"
A_TABLE = "is a table: write it in square brackets, with its values below"
PARTS = ("constant", "regions", "coefficients")
TABLES = {*((milieu,) for milieu in MILIEUS), ("thresholds",)} | {
    (milieu, part) for milieu in MILIEUS for part in PARTS[1:]
}
# Each heading, whether one value of it is sound, and what it should be.
HEADINGS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "id": (
        lambda value: isinstance(value, str) and ID_SHAPE.fullmatch(value) is not None,
        "up to 40 small letters, digits and dashes",
    ),
    "official": (lambda value: isinstance(value, bool), "true or false"),
    "valid_from": (lambda value: type(value) is date, "a day, such as 2023-01-01"),
    "valid_until": (lambda value: type(value) is date, "the last day, such as 2026-12-31, or nothing"),
    "source": (
        lambda value: isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_SOURCE,
        f"where the coefficients come from, in up to {LONGEST_SOURCE} characters",
    ),
}
OPTIONAL = {"valid_until"}


class ModelFaults(Exception):
    """A text that is no model; ``faults`` holds one for each reason, in the order of the lines."""

    def __init__(self, faults: Iterable[LineFault]) -> None:
        self.faults = sorted(LineFault(line, _printable(reason)) for line, reason in faults)
        super().__init__("; ".join(f"{line}: {reason}" for line, reason in self.faults))


def read_model(text: str, *, programmes: Collection[str] | None = None, others: Iterable[Model] = ()) -> Model:
    """Read a model from the ``text`` of its file. Raises ModelFaults naming every fault.

    ``programmes`` are those that may have a threshold (None: any); ``others`` the models that it
    must leave their days.
    """
    found = read_lines(text)
    faults = [*found.faults, *_strangers(found), *_missing(found), *_bad_values(found, programmes)]
    faults += _bad_days(found, others)
    if faults:
        raise ModelFaults(faults)
    said = {path[0]: entry.value for path, entry in found.entries.items() if len(path) == 1}
    return Model(
        id=said["id"],
        official=said["official"],
        valid_from=said["valid_from"],
        source=said["source"],
        formulas=MappingProxyType({milieu: _formula(found, milieu) for milieu in MILIEUS}),
        valid_until=said.get("valid_until"),
        thresholds=MappingProxyType(dict(_nanos(found, ("thresholds",)))),
    )


def line_of(text: str, *path: str) -> int:
    """The line of a model's text where ``path`` stands."""
    return read_lines(text).line_of(path)


def nano_of(value: Any) -> int | None:
    """A number in units of 10⁻⁹; None unless it is under 1000 and exact in them."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= 1000:
        return None
    _, digits, exponent = number.as_tuple()
    written = "".join(map(str, digits))
    decimals = -int(exponent) - (len(written) - len(written.rstrip("0")))
    if not number:
        return 0
    return int(Fraction(number) * NANO) if decimals <= 9 else None


def _strangers(found: TomlLines) -> Iterator[LineFault]:
    """Tables and values that have no place in a model; of a table that has none, not each value."""
    for table, line in found.tables.items():
        if table not in TABLES and _in_a_table(table):
            yield LineFault(line, f"{_said(table)}: {NO_PART}")
    for path, entry in found.entries.items():
        if _in_a_table(path) and (why := _why_strange(path)):
            yield LineFault(entry.line, f"{_said(path)}: {why}")


def _in_a_table(path: Path) -> bool:
    """Whether what ``path`` stands in is a table of a model, or the file itself."""
    return all(path[:length] in TABLES for length in range(1, len(path)))


def _why_strange(path: Path) -> str | None:
    match path:
        case (key,):
            return None if key in HEADINGS else A_TABLE if path in TABLES else NO_PART
        case ("thresholds", _) | (_, "constant"):
            return None
        case (_, "regions" | "coefficients"):
            return A_TABLE
        case (_, "regions", code):
            return None if code in REGION_CODES else "no such region"
        case (_, "coefficients", key):
            return None if key in VARIABLES else "no such variable"
    return NO_PART


def _missing(found: TomlLines) -> Iterator[LineFault]:
    """What every model has, and this one does not; of a part that is missing, not each line."""
    for path, what in _required():
        whole = [path[:length] for length in range(1, len(path) + 1)]
        lacking = [one for one in whole if one not in found.entries and one not in found.tables]
        if lacking == [path] and not any(one in found.entries for one in whole):
            yield LineFault(found.line_of(path), f"{_said(path)}: is missing{what}")
    for table in sorted(TABLES & found.tables.keys()):
        if table[-1] in ("coefficients", "thresholds") and not _under(found, table):
            yield LineFault(found.tables[table], f"{_said(table)}: names nothing")


def _required() -> Iterator[tuple[Path, str]]:
    for key, (_, what) in HEADINGS.items():
        if key not in OPTIONAL:
            yield (key,), f": {what}"
    for milieu in MILIEUS:
        yield (milieu,), f": the formula, in [{milieu}]"
        yield from (((milieu, part), "") for part in PARTS)
        yield from (((milieu, "regions", code), "") for code in REGION_CODES)


def _bad_values(found: TomlLines, programmes: Collection[str] | None) -> Iterator[LineFault]:
    for path, (value, line) in found.entries.items():
        known = value is not MALFORMED and _in_a_table(path) and not _why_strange(path)
        if known and (why := _why_bad(path, value, programmes)):
            yield LineFault(line, f"{_said(path)}: {why}")


def _why_bad(path: Path, value: Any, programmes: Collection[str] | None) -> str | None:
    if len(path) == 1:
        sound, what = HEADINGS[path[0]]
        return None if sound(value) else what
    if path[0] == "thresholds" and programmes is not None and path[1] not in programmes:
        return f"no such programme; there is {', '.join(programmes)}"
    if path[1] == "coefficients":
        return None if value == UNKNOWN or nano_of(value) is not None else f"{A_NUMBER}, or {UNKNOWN!r}"
    return None if nano_of(value) is not None else A_NUMBER


def _bad_days(found: TomlLines, others: Iterable[Model]) -> Iterator[LineFault]:
    """Validity that ends before it begins, or takes days of another model."""
    first, last = _day(found, "valid_from"), _day(found, "valid_until")
    if first is None:
        return
    if last is not None and last < first:
        yield LineFault(found.line_of(("valid_until",)), f"valid_until: before valid_from, {first}")
        return
    own = found.entries[("id",)].value if ("id",) in found.entries else None
    for other in others:
        if other.id != own:
            why = taken_days(first, last, other)
            if why:
                yield LineFault(found.line_of((why[0],)), f"{why[0]}: {why[1]}")


def taken_days(first: date, last: date | None, other: Model) -> tuple[str, str] | None:
    """Why a model of these days cannot stand beside ``other``: which heading, and the reason."""
    if first == other.valid_from:
        return "valid_from", f"the model {other.id} begins on that day too"
    if other.valid_until is not None and other.valid_from <= first <= other.valid_until:
        return "valid_from", f"the model {other.id} holds from {other.valid_from} until {other.valid_until}"
    if last is not None and first < other.valid_from <= last:
        return "valid_until", f"the model {other.id} begins on {other.valid_from}, before this one ends"
    return None


def _day(found: TomlLines, heading: str) -> date | None:
    entry = found.entries.get((heading,))
    return entry.value if entry and type(entry.value) is date else None


def _formula(found: TomlLines, milieu: str) -> Formula:
    constant = nano_of(found.entries[(milieu, "constant")].value) or 0
    terms = tuple(_term(path[-1], found.entries[path].value) for path in _under(found, (milieu, "coefficients")))
    return Formula(constant, MappingProxyType(dict(_nanos(found, (milieu, "regions")))), terms)


def _term(key: str, value: Any) -> Term:
    return Term(key, None, 0) if value == UNKNOWN else Term(key, Decimal(value), nano_of(value) or 0)


def _nanos(found: TomlLines, table: Path) -> Iterator[tuple[str, int]]:
    return ((path[-1], nano_of(found.entries[path].value) or 0) for path in _under(found, table))


def _under(found: TomlLines, table: Path) -> list[Path]:
    return [path for path in found.entries if path[:-1] == table]


def _said(path: Path) -> str:
    return ".".join(path)


def _printable(reason: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in reason)
