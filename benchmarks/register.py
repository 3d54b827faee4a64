"""The population register's own rates: people loaded, and identities verified, a second."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from services.database import Database
from services.population.birth_dates import BirthDate
from services.population.identifiers import issue_idcs
from services.population.loading import load_people
from services.population.register import Answer, verify_identity

PEOPLE, VERIFIED = 20_000, 3_000
COLUMNS = ("idcs", "name_arabic", "name_latin", "sex", "birth_date", "nationality", "alive", "mobile", "guardians")


@dataclass(frozen=True)
class Rate:
    """How many a second, and how many a second of this process's CPU time."""

    name: str
    per_second: float
    per_cpu_second: float


def measure_register(database: Database, folder: Path) -> list[Rate]:
    """Load a file of invented people, then ask for some of them, each in a session of its own."""
    numbers = _invent(folder / "people.csv")
    begun = perf_counter(), process_time()
    report = load_people(database, folder / "people.csv", now=datetime.now(UTC))
    # A number may be somebody's of the country already: it is his from now on.
    assert report.loaded + report.changed == PEOPLE, report.faults[:3]
    loaded = _rate("people loaded from a file", PEOPLE, begun)
    begun, born = (perf_counter(), process_time()), BirthDate(1990, 3, 1)
    for idcs in Random(2).sample(numbers, VERIFIED):
        with database.reading() as session:
            found = verify_identity(session, idcs=idcs, birth_date=born, sex="F", now=datetime.now(UTC))
        assert found.answer is Answer.YES
    return [loaded, _rate("identities verified", VERIFIED, begun)]


def _invent(path: Path) -> list[str]:
    random, numbers = Random(20260615), set()
    while len(numbers) < PEOPLE:
        numbers.add(issue_idcs(random))
    chosen = sorted(numbers)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([idcs, "فاطمة", "Fatima", "F", "1990-03-01", "MA", "true", "", ""] for idcs in chosen)
    return chosen


def _rate(name: str, number: int, begun: tuple[float, float]) -> Rate:
    return Rate(name, number / (perf_counter() - begun[0]), number / (process_time() - begun[1]))
