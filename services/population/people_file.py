"""The CSV in which people come to the register, read line by line.

UTF-8, comma-separated, a person a line, a heading line first; columns in any order, others are
ignored. A quoted cell never spans two lines, so that one stray quote spoils one line only.

=============  ==============================================================================
idcs           ten digits with their check digit
name_arabic    in Arabic script
name_latin     in Latin script
sex            ``F`` or ``M``
birth_date     ``1984-05-02``, or ``1984-05`` or ``1984`` where no more is known
nationality    two letters of ISO 3166-1: ``MA``, ``SN``
alive          ``true`` or ``false``
mobile         ``+2126…`` or ``06…`` / ``07…``; empty where none is known
guardians      IDCS of those who answer for this person, separated by ``;``; or empty
=============  ==============================================================================
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import pycountry

from services.population.birth_dates import BirthDate, InvalidBirthDate, check_birth_date, parse_birth_date
from services.population.identifiers import parse_idcs, parse_mobile

COLUMNS = ("idcs", "name_arabic", "name_latin", "sex", "birth_date", "nationality", "alive", "mobile", "guardians")
LONGEST_LINE = 4096
LONGEST_NAME = 120
MOST_GUARDIANS = 4
# Letters with their combining marks, and what stands between the parts of a name.
NAME_SHAPE = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0670\u200c .'’ʼ\-\u2010])+")
ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\u0750-\u077f]")
LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line was left out. ``reason`` never quotes the line: it is about a person."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, in the order of COLUMNS."""

    line: int
    cells: tuple[str, ...]

    @property
    def has_guardians(self) -> bool:
        """True where somebody answers for this person."""
        return bool(self.cells[-1].strip())


@dataclass(frozen=True, slots=True)
class Record:
    """One person as a line describes him; ``mobile`` in E.164."""

    line: int
    idcs: str
    name_arabic: str
    name_latin: str
    sex: str
    birth_date: BirthDate
    nationality: str
    alive: bool
    mobile: str | None
    guardians: frozenset[str]


def read_rows(path: Path) -> Iterator[Row | Fault]:
    """Every line of the file after its heading; one single fault where the heading will not do.

    Memory does not grow with the file, nor with the length of a line. Raises OSError.
    """
    with path.open("rb") as file:
        lines = _read_lines(file)
        _, heading = next(lines, (1, ""))
        names = [name.strip() for name in _split(heading)] if isinstance(heading, str) else []
        missing = [name for name in COLUMNS if names.count(name) != 1]
        if missing:
            yield Fault(1, f"the first line must name each of these columns once, in UTF-8: {', '.join(missing)}")
            return
        places = [names.index(name) for name in COLUMNS]
        for number, text in lines:
            if isinstance(text, Fault):
                yield text
            elif len(cells := _split(text)) != len(names):
                yield Fault(number, f"{len(cells)} cells where the first line names {len(names)} columns")
            else:
                yield Row(number, tuple(cells[place] for place in places))


def parse_record(row: Row, *, today: date) -> Record | Fault:
    """The person a row describes, or the first thing that is wrong with it."""
    values: dict[str, Any] = {}
    column = ""
    try:
        for column, cell in zip(COLUMNS, row.cells, strict=True):
            values[column] = PARSERS[column](cell.strip())
        check_birth_date(values["birth_date"], today=today)
    except InvalidBirthDate as fault:
        return Fault(row.line, f"birth_date: {fault.reason}")
    except ValueError as fault:
        return Fault(row.line, f"{column}: {fault}")
    if values["idcs"] in values["guardians"]:
        return Fault(row.line, "guardians: nobody is his own guardian")
    return Record(row.line, **values)


def _read_lines(file: BinaryIO) -> Iterator[tuple[int, str | Fault]]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield number, Fault(number, f"longer than {LONGEST_LINE} bytes")
        elif b"\0" in line:
            yield number, Fault(number, "holds a NUL character")
        elif text := line.rstrip(b"\r\n"):
            try:
                yield number, text.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                yield number, Fault(number, "not written in UTF-8")


def _split(text: str) -> list[str]:
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error:
        return []


def _name_in(script: re.Pattern[str]) -> Callable[[str], str]:
    def parse_name(text: str) -> str:
        name = unicodedata.normalize("NFC", text)
        if len(name) > LONGEST_NAME or not NAME_SHAPE.fullmatch(name) or not script.search(name):
            raise ValueError("not a name in this script")
        return name

    return parse_name


def _one_of(values: Mapping[str, Any]) -> Callable[[str], Any]:
    def choose(text: str) -> Any:
        if text not in values:
            raise ValueError(f"must be {' or '.join(values)}")
        return values[text]

    return choose


@cache
def _countries() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)


def _parse_nationality(text: str) -> str:
    if text not in _countries():
        raise ValueError("must be a country's two letters of ISO 3166-1")
    return text


def _parse_guardians(text: str) -> frozenset[str]:
    guardians = frozenset(parse_idcs(part) for part in text.split(";") if part.strip())
    if len(guardians) > MOST_GUARDIANS:
        raise ValueError(f"more than {MOST_GUARDIANS} of them")
    return guardians


PARSERS: Mapping[str, Callable[[str], Any]] = {
    "idcs": parse_idcs,
    "name_arabic": _name_in(ARABIC_LETTER),
    "name_latin": _name_in(LATIN_LETTER),
    "sex": _one_of({"F": "F", "M": "M"}),
    "birth_date": parse_birth_date,
    "nationality": _parse_nationality,
    "alive": _one_of({"true": True, "false": False}),
    "mobile": lambda text: parse_mobile(text) if text else None,
    "guardians": _parse_guardians,
}
