"""Bringing a file of people into the register: the good lines kept, the bad ones reported.

The file is read twice, first those for whom nobody answers, then those with guardians, who are
thus on the register already, wherever they stand in the file. Each batch is a transaction of its
own; loading the same file again changes nothing.
"""

import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from services.database import Database
from services.population.bulk import RegisterBatch, facts_in
from services.population.people_file import Fault, Record, Row, parse_record, read_rows

BATCH = 2000
MOST_LISTED = 10_000
MOST_WAITING = 50_000
MOROCCO = ZoneInfo("Africa/Casablanca")
OTHER_DATA = "idcs: another line of this file gives this person other data"
NO_GUARDIAN = "guardians: one of them is neither in the register nor in this file"


@dataclass
class LoadReport:
    """Persons added, changed, and already so; the faults by line, the first 10,000 of them."""

    loaded: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    unlisted_faults: int = 0

    def note(self, fault: Fault) -> None:
        """List a fault, or count it once the list is full."""
        if len(self.faults) < MOST_LISTED:
            self.faults.append(fault)
        else:
            self.unlisted_faults += 1


def load_people(database: Database, path: Path, *, now: datetime) -> LoadReport:
    """Load the CSV of :mod:`services.population.people_file` into the register.

    A person already there with other data is changed to what the file says. Memory does not grow
    with the file (a bit for each possible IDCS, 100 MB at most). Raises OSError.
    """
    today = now.astimezone(MOROCCO).date()
    report = LoadReport()
    with _Seen() as seen:
        for of_wards in (False, True):
            waiting: list[Record] = []
            for batch in _batches(_records(path, of_wards, today, report)):
                waiting += _store(database, batch, seen, report)
                _give_up(waiting, MOST_WAITING, report)
        # A ward may answer for another one, a young mother for her child: again while it helps.
        while waiting and len(left := _store_all(database, waiting, seen, report)) < len(waiting):
            waiting = left
        _give_up(waiting, 0, report)
    report.faults.sort(key=lambda fault: fault.line)
    return report


def _records(path: Path, of_wards: bool, today: date, report: LoadReport) -> Iterator[Record]:
    for row in read_rows(path):
        if isinstance(row, Row):
            if row.has_guardians is not of_wards:
                continue
            record = parse_record(row, today=today)
            if isinstance(record, Record):
                yield record
            else:
                report.note(record)
        elif not of_wards:
            report.note(row)


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    records = iter(records)
    while batch := list(islice(records, BATCH)):
        yield batch


def _give_up(waiting: list[Record], most: int, report: LoadReport) -> None:
    for record in waiting[most:]:
        report.note(Fault(record.line, NO_GUARDIAN))
    del waiting[most:]


def _store_all(database: Database, records: list[Record], seen: "_Seen", report: LoadReport) -> list[Record]:
    return [left for batch in _batches(records) for left in _store(database, batch, seen, report)]


def _store(database: Database, batch: list[Record], seen: "_Seen", report: LoadReport) -> list[Record]:
    """Store one batch in one transaction; returns those whose guardians are not there (yet)."""
    waiting = []
    with database.writing() as session:
        register = RegisterBatch(session, batch)
        for record in batch:
            guardians = register.find(record.guardians)
            if guardians is None:
                waiting.append(record)
                continue
            facts, held = facts_in(record, guardians), register.facts_of(record.idcs)
            if held == facts:
                report.unchanged += 1
            elif record.idcs in seen:
                report.note(Fault(record.line, OTHER_DATA))
                continue
            else:
                register.put(record.idcs, facts)
                report.loaded += held is None
                report.changed += held is not None
            seen.add(record.idcs)
        register.write()
    return waiting


class _Seen:
    """Which IDCS a file has named: a bit for each that can exist, in memory touched as needed."""

    FIRST, END = 200_000_000, 1_000_000_000

    def __enter__(self) -> "_Seen":
        self._bits = mmap.mmap(-1, (self.END - self.FIRST) // 8)
        return self

    def __exit__(self, *_: object) -> None:
        self._bits.close()

    def __contains__(self, idcs: str) -> bool:
        byte, bit = self._place(idcs)
        return bool(self._bits[byte] >> bit & 1)

    def add(self, idcs: str) -> None:
        byte, bit = self._place(idcs)
        self._bits[byte] |= 1 << bit

    def _place(self, idcs: str) -> tuple[int, int]:
        # The tenth digit follows from the first nine.
        return divmod(int(idcs[:9]) - self.FIRST, 8)
