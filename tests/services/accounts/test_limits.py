"""Counting attempts in short fixed windows."""

import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from services.accounts.limits import LIMITS, count_attempt, forget_attempts, network_of, wait_for
from services.accounts.models import LimitCount
from services.database import Database

LIMIT = "code_per_identity_and_address"
MOST = LIMITS[LIMIT][0].most


def count(session: Session, now: datetime, value: str = "one", times: int = 1) -> list[int | None]:
    return [count_attempt(session, limit=LIMIT, value=value, now=now) for _ in range(times)]


def test_what_passes_the_limit_is_told_how_long_to_wait(session: Session, now: datetime) -> None:
    later = now + timedelta(minutes=5)
    assert count(session, later, times=MOST + 1) == [None] * MOST + [600]


def test_one_bucket_does_not_count_for_another(session: Session, now: datetime) -> None:
    count(session, now, times=MOST)
    assert count(session, now, value="two") == [None]
    assert count_attempt(session, limit="code_per_identity", value="one", now=now) is None


def test_the_next_window_begins_from_nought(session: Session, now: datetime) -> None:
    [*_, wait] = count(session, now, times=MOST + 1)
    assert wait is not None
    assert count(session, now + timedelta(seconds=wait)) == [None]


def test_a_refused_attempt_uses_up_no_longer_window(session: Session, now: datetime) -> None:
    count(session, now, times=5 * MOST)
    assert count(session, now + timedelta(minutes=15), times=MOST) == [None] * MOST
    [wait] = count(session, now + timedelta(minutes=30))
    assert wait == 90 * 60


def test_a_clock_set_back_locks_nobody_out(session: Session, now: datetime) -> None:
    count(session, now, times=MOST + 1)
    earlier = now - timedelta(days=3)
    assert count(session, earlier) == [None]
    [*_, wait] = count(session, earlier, times=MOST)
    assert wait == 900


def test_asking_for_the_wait_counts_nothing(session: Session, now: datetime) -> None:
    def ask() -> int | None:
        return wait_for(session, limit=LIMIT, value="one", now=now)

    assert [ask() for _ in range(2 * MOST)] == [None] * 2 * MOST
    count(session, now, times=MOST - 1)
    assert ask() is None
    count(session, now)
    assert ask() == 900


def test_forgetting_counts_from_nought_again(session: Session, now: datetime) -> None:
    count(session, now, times=MOST + 1)
    count(session, now, value="two", times=MOST)
    forget_attempts(session, limit=LIMIT, value="one")
    assert count(session, now) == [None]
    assert count(session, now, value="two") != [None]


def test_values_are_stored_as_blind_indexes(session: Session, now: datetime) -> None:
    count(session, now, value="+212600000101")
    stored = session.execute(sa.select(LimitCount.limit, LimitCount.bucket)).all()
    assert all(b"0000101" not in bucket for _, bucket in stored)


def test_counts_made_at_once_are_all_counted(database: Database, now: datetime) -> None:
    outcomes: list[int | None] = []

    def try_twice() -> None:
        for _ in range(2):
            with database.writing() as session:
                outcomes.extend(count(session, now))

    threads = [threading.Thread(target=try_twice) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(None) == MOST
    assert len(outcomes) == 16


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", "unknown"),
        ("'; DROP", "unknown"),
    ],
)
def test_an_address_counts_as_one_line_of_a_provider(address: str, network: str) -> None:
    assert network_of(address) == network


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seconds=st.integers(-(10**9), 10**9), name=st.sampled_from([LIMIT, "code_per_identity"]))
def test_a_wait_is_never_longer_than_the_longest_window(
    sqlite_database: Database, now: datetime, seconds: int, name: str
) -> None:
    moment = now + timedelta(seconds=seconds, microseconds=seconds % 1_000_000)
    shortest, longest = LIMITS[name][0], LIMITS[name][-1]
    with sqlite_database.writing() as session:
        waits = [count_attempt(session, limit=name, value="p", now=moment) for _ in range(shortest.most + 1)]
        session.rollback()
    assert waits[:-1] == [None] * shortest.most
    assert waits[-1] is not None
    assert 1 <= waits[-1] <= longest.length.total_seconds()
