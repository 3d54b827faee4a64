"""The table of what is kept how long: whole, dated, and what the services go by."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pkgutil import walk_packages

import pytest

import services
from services import retention
from services.database import Base
from services.expiry import EVERY
from services.retention import LASTS, SINCE, WHAT, all_kept, due_before, kept_for, kept_on, tables_about_nobody

TODAY = date(2026, 6, 15)


def test_every_table_is_kept_for_a_time_or_says_nothing_about_anybody() -> None:
    for module in walk_packages(services.__path__, "services."):
        if module.name.endswith((".models", ".jobs")):
            import_module(module.name)
    named = {table for row in kept_on(TODAY) for table in row.tables}
    assert named | tables_about_nobody().keys() == Base.metadata.tables.keys()
    assert named & tables_about_nobody().keys() == set()


def test_each_row_says_what_how_long_and_why() -> None:
    for row in all_kept():
        assert row.what.key
        assert row.how_long.key
        assert row.grade in ("O", "P", "own")
        assert row.source
        assert (row.period is None) == (row.since is None) == (row.lasts is not None)
    assert {row.key for row in all_kept()} == WHAT.keys()
    assert {row.since for row in all_kept()} - {None} == SINCE.keys()
    assert {row.lasts for row in all_kept()} - {None} == LASTS.keys()


def test_what_has_an_end_is_erased_and_nothing_else_is() -> None:
    ends = [row.key for row in kept_on(TODAY) if row.period is not None]
    assert sorted(erasure.kind for erasure in EVERY) == sorted(ends)


def test_a_year_is_a_year_and_an_hour_an_hour() -> None:
    now = datetime(2026, 6, 15, 10, tzinfo=UTC)
    assert kept_for("request", now) == timedelta(days=1826)
    assert kept_for("draft", now) == timedelta(days=30), "the pages say thirty days"
    assert due_before("rescued_post", now) == now - timedelta(hours=1)
    with pytest.raises(LookupError):
        kept_for("journal", now)


def test_a_later_row_counts_from_its_day_on_in_morocco(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = retention._file()
    longer = next(row for row in rows["kept"] if row["key"] == "draft") | {"days": 60, "valid_from": date(2026, 7, 1)}
    monkeypatch.setattr(retention, "_file", lambda: {**rows, "kept": [longer, *rows["kept"]]})
    for cached in (retention.all_kept, retention._kept_for):
        cached.cache_clear()
    # At half past eleven in the evening of June in UTC it is July in Morocco.
    moments = {30: datetime(2026, 6, 30, 22, 30, tzinfo=UTC), 60: datetime(2026, 6, 30, 23, 30, tzinfo=UTC)}
    assert {days: kept_for("draft", at).days for days, at in moments.items()} == {30: 30, 60: 60}
    monkeypatch.undo()
    for cached in (retention.all_kept, retention._kept_for):
        cached.cache_clear()
