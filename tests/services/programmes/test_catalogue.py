"""What the catalogue says holds from its day on, to the last decimal; a faulty file is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.programmes.catalogue import (
    FILE,
    NAMES,
    PROGRAMMES,
    amount_on,
    conditions_on,
    limits_on,
    programme_named,
)
from services.programmes.catalogue_file import AMOUNTS, CatalogueFaults, read_catalogue
from services.scoring.installed import shipped_models

ROW = 'source = "The press"\ngrade = "P"\n'
THRESHOLD = f'[[threshold]]\nprogramme = "asd"\nat_most = 9.7\nvalid_from = 2023-12-04\n{ROW}'
AMOUNT = f'[[amount]]\nprogramme = "asd"\nitem = "floor"\ndirhams = 500\nvalid_from = 2023-12-04\n{ROW}'


def faults_of(text: str) -> list[str]:
    with pytest.raises(CatalogueFaults) as refused:
        read_catalogue(text, programmes=tuple(NAMES))
    return refused.value.faults


def test_each_row_has_a_source_and_each_programme_a_name() -> None:
    rows = read_catalogue(FILE.read_text(encoding="utf-8"), programmes=tuple(NAMES))
    assert all(row.source and row.grade for table in rows.values() for row in table)
    assert list(PROGRAMMES) == list(NAMES)


def test_no_limit_is_official_yet() -> None:
    assert not any(limit.official for limit in limits_on(date(2026, 6, 15)))


def test_a_limit_holds_from_its_day_on() -> None:
    began = date(2023, 12, 4)
    assert [limit.programme for limit in limits_on(began - timedelta(days=1))] == ["amo_tadamon"]
    assert [limit.programme for limit in limits_on(began)] == ["asd", "amo_tadamon"]
    assert limits_on(date(2022, 11, 30)) == ()


def test_a_score_at_the_limit_is_admitted_and_one_above_is_not() -> None:
    asd, amo_tadamon = limits_on(date(2026, 6, 15))
    assert (asd.at_most_nano, amo_tadamon.at_most_nano) == (9_743_001_000, 9_326_428_400)
    assert asd.admits(9_743_001_000)
    assert asd.admits(9_743_000_999)
    assert not asd.admits(9_743_001_001)


def test_a_formula_that_brings_its_limits_stands_with_these_alone() -> None:
    model = replace(shipped_models()["rsu-2023-unofficial"], thresholds={"asd": 5_000_000_000})
    (limit,) = limits_on(date(2026, 6, 15), model=model)
    assert (limit.programme, limit.at_most_nano, limit.official) == ("asd", 5 * 10**9, False)
    assert limits_on(date(2023, 12, 3), model=model) == ()
    assert limits_on(date(2026, 6, 15), model=replace(model, thresholds={})) == limits_on(date(2026, 6, 15))


@pytest.mark.parametrize(
    ("key", "last_day", "successor"),
    [
        ("tayssir", date(2023, 12, 3), "asd"),
        ("daam", date(2023, 12, 3), "asd"),
        ("ramed", date(2022, 11, 30), "amo_tadamon"),
    ],
)
def test_an_ended_programme_says_what_replaced_it(key: str, last_day: date, successor: str) -> None:
    programme = programme_named(key)
    assert programme.replaced_by == successor
    assert programme.holds_on(last_day)
    assert programme.ended_on(last_day + timedelta(days=1))
    assert programme_named(successor).valid_from == last_day + timedelta(days=1)


def test_an_unknown_programme_is_named_with_those_there_are() -> None:
    with pytest.raises(LookupError, match="no programme 'nobody'; there is asd, amo_tadamon"):
        programme_named("nobody")


def test_a_day_without_a_value_has_none() -> None:
    assert amount_on("asd", "floor", date(2023, 11, 30)) is None
    assert all(amount_on("asd", item, date(2026, 1, 1)) for item in AMOUNTS)
    assert conditions_on("asd", date(2023, 12, 3)) == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[threshold", "not TOML"),
        ("[[price]]\n", "price: no such table"),
        ("threshold = 1\n", "threshold: write each row under [[threshold]]"),
        (THRESHOLD.replace("asd", "nobody"), "threshold 1: programme is 'nobody'; write one of asd"),
        (THRESHOLD.replace("9.7\n", "9.7000000001\n"), "threshold 1: at_most is no exact decimal"),
        (THRESHOLD.replace("9.7\n", f"9.7{'0' * 30}1\n"), "threshold 1: at_most is no exact decimal"),
        (THRESHOLD.replace("9.7\n", "nan\n"), "threshold 1: at_most is no exact decimal"),
        (THRESHOLD.replace("9.7\n", "inf\n"), "threshold 1: at_most is no exact decimal"),
        (THRESHOLD.replace("9.7\n", "true\n"), "threshold 1: at_most is no exact decimal"),
        (THRESHOLD.replace("9.7\n", '"9.7"\n'), "threshold 1: at_most is no exact decimal"),
        (THRESHOLD.replace("2023-12-04", '"yesterday"'), "threshold 1: valid_from is no day"),
        (THRESHOLD.replace("2023-12-04", "2023-12-04T10:00:00"), "threshold 1: valid_from is no day"),
        (THRESHOLD.replace("valid_from", "since"), "threshold 1: valid_from is missing"),
        (THRESHOLD.replace('grade = "P"', 'grade = "Z"'), "threshold 1: grade is 'Z'; write one of O, P"),
        (THRESHOLD.replace("The press", " "), "threshold 1: source is empty"),
        (THRESHOLD + "colour = 1\n", "threshold 1: colour is no part of it"),
        (THRESHOLD + "valid_until = 2023-12-03\n", "threshold 1: valid_until is before valid_from"),
        (AMOUNT.replace("500", "500.5"), "amount 1: dirhams is no amount"),
        (AMOUNT.replace("500", "-1"), "amount 1: dirhams is no amount"),
        (AMOUNT.replace("floor", "ceiling"), "amount 1: item is 'ceiling'; write one of"),
        (THRESHOLD + THRESHOLD.replace("2023-12-04", "2025-01-01"), "threshold 2: its days overlap those of"),
        (AMOUNT + AMOUNT, "amount 2: its days overlap those of amount 1 (asd floor)"),
        (AMOUNT + "valid_until = 2025-01-01\n" + AMOUNT.replace("2023-12-04", "2025-01-01"), "amount 2: its days"),
    ],
)
def test_a_faulty_row_is_named(text: str, fault: str) -> None:
    assert any(line.startswith(fault) for line in faults_of(text))


def test_every_fault_is_named_at_once() -> None:
    assert len(faults_of(THRESHOLD.replace("9.7\n", "x\n").replace("x", "true") + AMOUNT.replace("500", "-1"))) == 2


def test_rows_that_follow_each_other_do_not_overlap() -> None:
    later = AMOUNT.replace("2023-12-04", "2025-01-02")
    read_catalogue(AMOUNT + "valid_until = 2025-01-01\n" + later, programmes=tuple(NAMES))
