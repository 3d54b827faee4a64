"""How many messages leave in a second, of all workers together, and who goes first.

One row says when the next message may leave; whoever takes a turn moves it on by the length of one.
News take none more than a second ahead, and none while a code waits in its queue: so a code
waits a second at most, however many news there are.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.database import Database, insert_into, shared_clock
from services.jobs import QUEUE_CODES, is_waiting
from services.messaging.models import SmsPace

AHEAD = timedelta(seconds=1)
# A row further ahead than this was written before a clock was set back.
NEVER_SO_FAR = timedelta(minutes=1)
LOOK_AGAIN = timedelta(milliseconds=250)
PATIENCE_SECONDS = 10.0
# Nobody uses a code older than this; it keeps no news waiting.
CODES_COUNT_FOR = timedelta(minutes=5)
THE_ROW = 1


@dataclass(frozen=True)
class Turn:
    """``granted``: leave after ``wait``; else ask again after it."""

    granted: bool
    wait: timedelta


def take_turn(session: Session, *, per_second: int, urgent: bool, now: datetime) -> Turn:
    """Take the next turn, if it is near enough; ``now`` by the clock that all workers share."""
    if not urgent and is_waiting(session, QUEUE_CODES, since=now - CODES_COUNT_FOR):
        return Turn(False, LOOK_AGAIN)
    row = _locked_row(session, now)
    begins = now if row.free_at > now + NEVER_SO_FAR else max(row.free_at, now)
    if not urgent and begins > now + AHEAD:
        return Turn(False, begins - now - AHEAD + LOOK_AGAIN)
    row.free_at = begins + timedelta(seconds=1) / per_second
    session.flush()
    return Turn(True, begins - now)


def _locked_row(session: Session, now: datetime) -> SmsPace:
    row = session.get(SmsPace, THE_ROW, with_for_update=True)
    if row is None:
        session.execute(insert_into(session, SmsPace).values(id=THE_ROW, free_at=now).on_conflict_do_nothing())
        row = session.get_one(SmsPace, THE_ROW, with_for_update=True)
    return row


class Pace:
    """Waits for this worker's turns. ``per_second`` 0: there is always one."""

    def __init__(self, database: Database, per_second: int, stop: threading.Event) -> None:
        self._database = database
        self._per_second = per_second
        self._stop = stop

    def wait(self, *, urgent: bool) -> bool:
        """Return True when a message may leave; False where it should be put back for later."""
        if not self._per_second:
            return True
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not self._stop.is_set() and time.monotonic() < give_up_at:
            turn = self._ask(urgent)
            if turn.granted:
                time.sleep(turn.wait.total_seconds())
                return True
            self._stop.wait(turn.wait.total_seconds())
        return False

    def _ask(self, urgent: bool) -> Turn:
        with self._database.writing() as session:
            return take_turn(session, per_second=self._per_second, urgent=urgent, now=shared_clock(session))
