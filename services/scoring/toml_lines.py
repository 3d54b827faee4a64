"""A TOML file read line by line, so that everything in it, and every fault, has its line.

The parser of the language stops at the first fault and forgets where things stood. Here each
statement is parsed by itself; a string in three quotes may go on over several lines.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

Path = tuple[str, ...]
MALFORMED: Final = object()
QUOTES = ('"""', "'''")
GUESSED_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
GUESSED_TABLE = re.compile(r"\s*\[\s*([A-Za-z0-9_.-]+)")
PLACE_IN_PARSER = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


class LineFault(NamedTuple):
    """What is wrong in a line; the first is 1."""

    line: int
    reason: str


class Entry(NamedTuple):
    """A value and its line; MALFORMED where the line cannot be parsed, numbers with a point as Decimal."""

    value: Any
    line: int


@dataclass
class TomlLines:
    """What the lines of a file say: ``entries`` by path, ``tables`` with the line each begins in, and faults."""

    entries: dict[Path, Entry] = field(default_factory=dict)
    tables: dict[Path, int] = field(default_factory=dict)
    faults: list[LineFault] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """Where ``path`` stands; for what is missing, where its table begins; else the first line."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.entries:
                return self.entries[path[:length]].line
            if path[:length] in self.tables:
                return self.tables[path[:length]]
        return 1


def read_lines(text: str) -> TomlLines:
    """Read TOML; nothing is raised, every fault of the language is in ``faults``."""
    found = TomlLines()
    table: Path | None = ()
    headers: dict[Path, int] = {}
    for line, statement in _statements(text):
        if statement.lstrip().startswith("["):
            table = _read_header(found, headers, line, statement)
        else:
            _read_statement(found, table, line, statement)
    if not found.faults:
        _ask_the_parser(found, text)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    lines = text.replace("\r\n", "\n").split("\n")
    place = 0
    while place < len(lines):
        first, end = place, _end_of_statement(lines, place)
        place = end
        statement = "\n".join(lines[first:end])
        if statement.strip() and not statement.lstrip().startswith("#"):
            yield first + 1, statement


def _end_of_statement(lines: list[str], first: int) -> int:
    if not lines[first].lstrip().startswith("#"):
        for quotes in QUOTES:
            if lines[first].count(quotes) % 2:
                closing = (place for place in range(first + 1, len(lines)) if quotes in lines[place])
                return next(closing, first) + 1
    return first + 1


def _read_header(found: TomlLines, headers: dict[Path, int], line: int, statement: str) -> Path | None:
    """The table that begins here; None where not even its name can be told."""
    raw = _parse(found, line, statement)
    if raw is None:
        guessed = GUESSED_TABLE.match(statement)
        path = tuple(guessed[1].strip(".").split(".")) if guessed else None
    else:
        path = ()
        while raw and isinstance(raw, dict):
            key = next(iter(raw))
            path, raw = (*path, key), raw[key]
        if isinstance(raw, list):
            found.faults.append(LineFault(line, f"{_said(path)}: a list of tables has no place here"))
    if path in headers:
        found.faults.append(LineFault(line, f"{_said(path)}: stands twice, first in line {headers[path]}"))
    elif path is not None:
        _note_tables(found, path, line)
        headers[path] = found.tables[path] = line
    return path


def _read_statement(found: TomlLines, table: Path | None, line: int, statement: str) -> None:
    raw = _parse(found, line, statement)
    if raw is None:
        guessed = GUESSED_KEY.match(statement)
        raw = {guessed[1]: MALFORMED} if guessed else {}
    if table is not None:
        for path, value in _leaves(raw, table):
            if path[:-1] != table:
                _note_tables(found, path[:-1], line)
            earlier = found.entries[path].line if path in found.entries else found.tables.get(path)
            if earlier is None:
                found.entries[path] = Entry(value, line)
            else:
                found.faults.append(LineFault(line, f"{_said(path)}: stands twice, first in line {earlier}"))


def _note_tables(found: TomlLines, path: Path, line: int) -> None:
    for length in range(1, len(path) + 1):
        whole = path[:length]
        if whole in found.entries:
            earlier = found.entries[whole].line
            found.faults.append(LineFault(line, f"{_said(whole)}: stands twice, first in line {earlier}"))
        else:
            found.tables.setdefault(whole, line)


def _leaves(raw: dict[str, Any], table: Path) -> Iterator[tuple[Path, Any]]:
    for key, value in raw.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*table, key))
        else:
            yield (*table, key), value


def _parse(found: TomlLines, line: int, statement: str) -> Any:
    try:
        return tomllib.loads(statement, parse_float=_decimal)
    except RecursionError:
        found.faults.append(LineFault(line, "not TOML: nested too deeply"))
    except ValueError as error:
        found.faults.append(_not_toml(error, line))
    return None


def _ask_the_parser(found: TomlLines, text: str) -> None:
    """What only the whole file shows, such as a table that is added to after it was closed."""
    try:
        tomllib.loads(text, parse_float=_decimal)
    except ValueError as error:
        found.faults.append(_not_toml(error, None))


def _not_toml(error: ValueError, line: int | None) -> LineFault:
    """What the parser says, with ``line``, or the one it names itself."""
    told = str(error)
    place = PLACE_IN_PARSER.search(told)
    own, column = (place["line"], place["column"]) if place else (None, None)
    beside = f" (column {column})" if column else ""
    return LineFault(line or int(own or 1), f"not TOML: {PLACE_IN_PARSER.sub('', told)}{beside}")


def _decimal(text: str) -> Decimal:
    """The number as it is written; what is too large for any is none."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def _said(path: Path) -> str:
    return ".".join(path)
