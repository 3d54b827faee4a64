"""How often something may be tried. Windows are short and fixed, buckets are blind indexes.

A stranger must not be able to lock the owner out for good, so what counts against an identity
counts for one address first, what a right code proves is forgotten, and only the address is ever
refused openly. A carrier's address stands for thousands of phones: its own limit is wide.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.accounts.models import LimitCount
from services.crypto import blind_index
from services.database import rows_of


@dataclass(frozen=True)
class Window:
    """At most ``most`` in each ``length``."""

    most: int
    length: timedelta


QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
LIMITS: dict[str, tuple[Window, ...]] = {
    "code_per_address": (Window(300, QUARTER),),
    "code_per_identity_and_address": (Window(10, QUARTER), Window(20, timedelta(hours=6))),
    "code_per_identity": (Window(20, HOUR),),
    # One for each purpose: who knows an IDCS may ask its bearer to join, and must not thereby use
    # up the codes with which he signs in.
    "sign_in_code_per_phone": (Window(20, HOUR),),
    "track_code_per_phone": (Window(20, HOUR),),
    "join_code_per_phone": (Window(10, HOUR),),
    # A household of fifty is entered in one sitting; guessing a stranger's birth date is not.
    "member_lookups": (Window(120, HOUR),),
    "member_refusals": (Window(20, HOUR),),
    # The staff. Who guesses from elsewhere is stopped; from where an agent has signed in before, only
    # what was tried there counts, so that no stranger locks him out.
    "password_per_address": (Window(60, QUARTER),),
    "password_per_name_and_address": (Window(10, QUARTER), Window(40, timedelta(hours=6))),
    "password_per_name": (Window(30, HOUR),),
    # Whoever comes this far knows the password. Recovery codes are too long to be guessed.
    "second_factor_per_agent": (Window(10, QUARTER), Window(50, timedelta(days=1))),
    "enrolment_per_address": (Window(30, QUARTER),),
}
LONGEST_WINDOW = max(window.length for windows in LIMITS.values() for window in windows)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def count_attempt(session: Session, *, limit: str, value: str, now: datetime) -> int | None:
    """Count one attempt under ``value``. None when within ``limit``, else whole seconds to wait.

    The shortest window is asked first, and an attempt that it refuses uses up no longer one.
    """
    bucket = blind_index(f"limit {limit}", value)
    for window in LIMITS[limit]:
        if _count(session, _row_name(limit, window), bucket, _start(window, now)) > window.most:
            return _seconds_left(window, now)
    return None


def wait_for(session: Session, *, limit: str, value: str, now: datetime) -> int | None:
    """What :func:`count_attempt` would answer to one more attempt, counting nothing."""
    bucket = blind_index(f"limit {limit}", value)
    for window in LIMITS[limit]:
        counted = session.get(
            LimitCount, (_row_name(limit, window), bucket, _start(window, now)), populate_existing=True
        )
        if counted is not None and counted.count >= window.most:
            return _seconds_left(window, now)
    return None


def forget_attempts(session: Session, *, limit: str, value: str) -> None:
    """Count ``value`` from nought again: somebody proved that it is his."""
    bucket = blind_index(f"limit {limit}", value)
    # Row by row, in the order in which they are counted: two at once wait, and never for each other.
    for window in LIMITS[limit]:
        these = (LimitCount.limit == _row_name(limit, window), LimitCount.bucket == bucket)
        session.execute(sa.delete(LimitCount).where(*these))


def network_of(address: str) -> str:
    """What one line of a provider is counted as: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed.packed, 64), strict=False).network_address)


def _start(window: Window, now: datetime) -> datetime:
    return now - (now - EPOCH) % window.length


def _seconds_left(window: Window, now: datetime) -> int:
    return math.ceil((_start(window, now) + window.length - now).total_seconds())


def _row_name(limit: str, window: Window) -> str:
    return f"{limit}/{int(window.length.total_seconds())}"


def _count(session: Session, name: str, bucket: bytes, start: datetime) -> int:
    one = {"limit": name, "bucket": bucket, "window_start": start, "count": 1}
    return int(rows_of(session, _counting(session.get_bind().dialect.name), one).scalar_one())


@cache
def _counting(dialect: str) -> sa.sql.dml.ReturningInsert[int]:
    # Made once: a sign-in counts five times, and making the statement costs more than running it.
    counting = sqlite.insert(LimitCount) if dialect == "sqlite" else postgresql.insert(LimitCount)
    key, more = sa.inspect(LimitCount).primary_key, {"count": LimitCount.count + 1}
    return counting.on_conflict_do_update(index_elements=key, set_=more).returning(LimitCount.count)
