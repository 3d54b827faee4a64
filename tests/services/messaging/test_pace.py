"""So many a second, and codes first."""

import threading
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.jobs import enqueue
from services.messaging.models import SmsPace
from services.messaging.pace import AHEAD, CODES_COUNT_FOR, Pace, Turn, take_turn
from services.messaging.sending import CODE_LIFE

TENTH = timedelta(seconds=0.1)


def take(session: Session, now: datetime, *, urgent: bool = False) -> Turn:
    return take_turn(session, per_second=10, urgent=urgent, now=now)


def test_turns_follow_each_other_evenly(session: Session, now: datetime) -> None:
    assert [take(session, now) for _ in range(3)] == [Turn(True, TENTH * number) for number in range(3)]
    assert take(session, now + timedelta(seconds=5)) == Turn(True, timedelta(0))


def test_news_take_no_turn_more_than_a_second_ahead(session: Session, now: datetime) -> None:
    taken = [take(session, now) for _ in range(20)]
    assert [turn.granted for turn in taken] == [True] * 11 + [False] * 9
    assert take(session, now + TENTH).granted


def test_a_code_gets_its_turn_however_far_it_is(session: Session, now: datetime) -> None:
    for _ in range(20):
        take(session, now)
    assert take(session, now, urgent=True) == Turn(True, AHEAD + TENTH)


def test_while_a_code_waits_no_news_leaves(session: Session, now: datetime) -> None:
    enqueue(session, "send_message", "id", queue="codes")
    schema = "" if session.get_bind().dialect.name == "sqlite" else "dbos."
    written = session.scalars(sa.text(f"SELECT max(created_at) FROM {schema}workflow_status")).one()
    then = datetime.fromtimestamp(written / 1000, now.tzinfo)
    assert not take(session, then).granted
    assert take(session, then, urgent=True).granted
    # A code that no worker will ever take holds nothing back for good.
    assert take(session, then + CODES_COUNT_FOR + TENTH).granted


def test_a_clock_set_back_holds_nothing_back(session: Session, now: datetime) -> None:
    take(session, now + timedelta(days=1))
    assert take(session, now) == Turn(True, timedelta(0))


def test_without_a_limit_everything_may_leave(database: Database) -> None:
    pace = Pace(database, 0, threading.Event())
    assert all(pace.wait(urgent=False) for _ in range(3))
    with database.reading() as session:
        assert session.scalars(sa.select(SmsPace)).all() == []


def test_a_worker_that_stops_waits_for_no_turn(database: Database, now: datetime) -> None:
    stop = threading.Event()
    stop.set()
    assert not Pace(database, 1, stop).wait(urgent=False)


def test_the_life_of_a_code_is_known_to_both() -> None:
    assert CODES_COUNT_FOR == CODE_LIFE
