"""Files of people: the good lines kept, each bad line told, nothing twice."""

import tracemalloc
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from services.database import Database
from services.population import loading
from services.population.birth_dates import BirthDate
from services.population.identifiers import issue_idcs
from services.population.loading import LoadReport, load_people
from services.population.models import Guardianship, Person
from services.population.people_file import COLUMNS
from services.population.register import Answer, facts_about, find_person_id, guardians_of, mobile_of, verify_identity

MOTHER, CHILD, GRANDCHILD, OTHER = (issue_idcs(Random(seed)) for seed in range(4))

Load = Callable[..., LoadReport]


def a_line(idcs: str = MOTHER, **cells: str) -> str:
    usual = {"idcs": idcs, "name_arabic": "خديجة", "name_latin": "Khadija", "sex": "F", "birth_date": "1984-05-02"}
    usual |= {"nationality": "MA", "alive": "true", "mobile": "0600000101"}
    return ",".join((usual | cells).get(column, "") for column in COLUMNS)


@pytest.fixture
def load(database: Database, tmp_path: Path, now: datetime) -> Load:
    def load_lines(*lines: str | bytes, heading: str = ",".join(COLUMNS)) -> LoadReport:
        path = tmp_path / "people.csv"
        whole = [heading, *lines]
        path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in whole))
        return load_people(database, path, now=now)

    return load_lines


def test_a_loaded_person_is_verified(load: Load, database: Database, now: datetime) -> None:
    report = load(a_line(mobile="06 00 00 01 01"), a_line(CHILD, birth_date="1957", mobile="", sex="M"))
    assert report == LoadReport(loaded=2)
    with database.reading() as session:
        told = verify_identity(session, idcs=MOTHER, birth_date=BirthDate(1984, 5, 2), sex="F", now=now)
        assert told.answer is Answer.YES
        assert told.person_id
        assert mobile_of(session, person_id=told.person_id) == "+212600000101"
        other = verify_identity(session, idcs=CHILD, birth_date=BirthDate(1957), sex="M", now=now)
        assert other.person_id
        assert mobile_of(session, person_id=other.person_id) is None


def test_loading_again_changes_nothing(load: Load, database: Database) -> None:
    lines = [a_line(CHILD, birth_date="2015", guardians=f"{MOTHER};{OTHER}"), a_line(), a_line(OTHER, sex="M")]
    assert load(*lines) == LoadReport(loaded=3)
    with database.reading() as session:
        before = session.execute(sa.select(Person.__table__).order_by(Person.id)).all()
    assert load(*lines) == LoadReport(unchanged=3)
    with database.reading() as session:
        assert session.execute(sa.select(Person.__table__).order_by(Person.id)).all() == before


def test_what_the_file_says_now_replaces_what_was_there(load: Load, database: Database) -> None:
    load(a_line(), a_line(OTHER, sex="M"), a_line(CHILD, birth_date="2015", guardians=f"{MOTHER};{OTHER}"))
    report = load(a_line(alive="false", mobile=""), a_line(CHILD, birth_date="2015", guardians=OTHER))
    assert report == LoadReport(changed=2)
    with database.reading() as session:
        mother, child, other = (find_person_id(session, idcs=idcs) for idcs in (MOTHER, CHILD, OTHER))
        assert mother
        assert child
        assert not facts_about(session, person_ids=[mother])[mother].alive
        assert mobile_of(session, person_id=mother) is None
        assert guardians_of(session, person_id=child) == (other,)


def test_guardians_may_follow_their_wards_in_the_file(load: Load, database: Database) -> None:
    grandchild = a_line(GRANDCHILD, birth_date="2025", guardians=CHILD)
    child = a_line(CHILD, birth_date="2009", guardians=MOTHER)
    assert load(grandchild, child, a_line()) == LoadReport(loaded=3)
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(Guardianship.ward_id))) == 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (a_line(OTHER[:-1] + str((int(OTHER[-1]) + 1) % 10)), "idcs: One digit"),
        (a_line("2525252525"), "idcs"),
        (a_line(OTHER, birth_date="1984-02-30"), "birth_date"),
        (a_line(OTHER, birth_date="02/05/1984"), "birth_date"),
        (a_line(OTHER, birth_date="2026-06-16"), "birth_date: This date has not come"),
        (a_line(OTHER, birth_date="1850"), "birth_date: Nobody"),
        (a_line(OTHER, sex="X"), "sex: must be F or M"),
        (a_line(OTHER, mobile="0522000000"), "mobile"),
        (a_line(OTHER, alive="maybe"), "alive: must be true or false"),
        (a_line(OTHER, nationality="XX"), "nationality"),
        (a_line(OTHER, name_latin=""), "name_latin"),
        (a_line(OTHER, name_latin="خديجة"), "name_latin"),
        (a_line(OTHER, name_arabic="Khadija"), "name_arabic"),
        (a_line(OTHER, name_latin="Khadija😀"), "name_latin"),
        (a_line(OTHER, name_latin="Kha\u202edija"), "name_latin"),
        (a_line(OTHER, name_latin="K" * 200), "name_latin"),
        (a_line(OTHER, guardians=CHILD), "guardians: one of them is neither"),
        (a_line(OTHER, guardians=OTHER), "guardians: nobody"),
        (a_line(OTHER, guardians="2345"), "guardians: The IDCS"),
        (a_line(OTHER, guardians=";".join(issue_idcs(Random(n)) for n in range(9, 15))), "guardians: more than"),
        (a_line(OTHER, name_latin="Kha\0dija"), "NUL"),
        (a_line(OTHER, name_latin="Aïcha").encode("cp1256"), "UTF-8"),
        (a_line(OTHER) + ",more", "10 cells"),
        (a_line(OTHER, name_latin='"Khadija'), "0 cells"),
        pytest.param(a_line(OTHER, name_latin="K" * 5_000_000), "longer", id="5 MB"),
        (a_line(MOTHER, name_latin="Zineb"), "idcs: another line"),
    ],
)
def test_a_bad_line_is_told_and_the_others_are_kept(load: Load, bad: str | bytes, reason: str) -> None:
    report = load(a_line(), bad, "", a_line(GRANDCHILD))
    assert report.loaded == 2
    assert [fault.line for fault in report.faults] == [3]
    assert reason in report.faults[0].reason
    assert MOTHER not in report.faults[0].reason
    assert load(a_line(), bad, "", a_line(GRANDCHILD)).unchanged == 2


def test_faults_come_in_the_order_of_the_lines(load: Load) -> None:
    report = load(a_line(GRANDCHILD, guardians=CHILD), a_line("1"), a_line(OTHER, guardians="2"), a_line(sex="?"))
    assert [fault.line for fault in report.faults] == [2, 3, 4, 5]


def test_the_same_line_twice_is_harmless(load: Load) -> None:
    assert load(a_line(), a_line()) == LoadReport(loaded=1, unchanged=1)


def test_contradicting_lines_far_apart_are_told_each_time(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 1)
    for counts in ((2, 0), (0, 2)):
        report = load(a_line(), a_line(OTHER), a_line(name_latin="Zineb"))
        assert (report.loaded, report.unchanged) == counts
        assert [fault.line for fault in report.faults] == [4]


@pytest.mark.parametrize(
    ("heading", "named"),
    [
        (",".join(column for column in COLUMNS if column != "sex"), "once, in UTF-8: sex"),
        (";".join(COLUMNS), "idcs"),
        ("", "guardians"),
        (",".join((*COLUMNS, "idcs")), "idcs"),
    ],
)
def test_a_missing_column_is_one_clear_fault(load: Load, heading: str, named: str) -> None:
    report = load(a_line(), a_line(OTHER), heading=heading)
    assert len(report.faults) == 1
    assert named in report.faults[0].reason
    assert report.loaded == 0


def test_another_encoding_is_one_clear_fault(database: Database, tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "people.csv"
    path.write_text(",".join(COLUMNS) + "\n" + a_line(), encoding="utf-16")
    report = load_people(database, path, now=now)
    assert (report.loaded, report.faults[0].line) == (0, 1)


def test_spreadsheets_and_other_orders_of_columns_are_read(database: Database, tmp_path: Path, now: datetime) -> None:
    cells = dict(zip(COLUMNS, a_line(name_latin="Khadija").split(","), strict=True)) | {"story": "widow"}
    path = tmp_path / "people.csv"
    turned = [",".join(reversed(cells)), ",".join(f'"{cell}"' for cell in reversed(cells.values()))]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(turned).encode() + b"\r\n")
    assert load_people(database, path, now=now) == LoadReport(loaded=1)


def test_memory_does_not_grow_with_the_file(
    sqlite_database: Database, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 100)
    monkeypatch.setattr(loading, "MOST_LISTED", 100)
    monkeypatch.setattr(loading, "MOST_WAITING", 100)
    path = tmp_path / "people.csv"
    peaks = []
    for lines in (300, 1_500):
        bad = [a_line("1"), a_line(OTHER, guardians=CHILD), a_line()]
        path.write_text("\n".join([",".join(COLUMNS), *bad * lines]))
        load_people(sqlite_database, path, now=now)
        tracemalloc.start()
        report = load_people(sqlite_database, path, now=now)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert (report.unchanged, len(report.faults), report.unlisted_faults) == (lines, 100, 2 * lines - 100)
    assert peaks[1] < 1.3 * peaks[0]
