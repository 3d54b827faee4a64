"""Limits hold from their day on, to the last decimal."""

from datetime import date, timedelta

from services.scoring.limits import all_limits, limits_on


def test_each_limit_has_a_source_and_a_name() -> None:
    assert all(limit.source and limit.name.key and limit.grade in "OPC" for limit in all_limits())


def test_no_limit_is_official_yet() -> None:
    assert not any(limit.official for limit in all_limits())


def test_a_limit_holds_from_its_day_on() -> None:
    began = date(2023, 12, 4)
    assert [limit.programme for limit in limits_on(began - timedelta(days=1))] == ["amo_tadamon"]
    assert [limit.programme for limit in limits_on(began)] == ["asd", "amo_tadamon"]
    assert limits_on(date(2022, 11, 30)) == ()


def test_a_score_at_the_limit_is_admitted_and_one_above_is_not() -> None:
    asd, amo_tadamon = limits_on(date(2026, 6, 15))
    assert (asd.at_most_nano, amo_tadamon.at_most_nano) == (9_743_001_000, 9_326_428_400)
    assert asd.admits(9_743_001_000)
    assert not asd.admits(9_743_001_001)
