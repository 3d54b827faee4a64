"""How long a step may take: dated parameters with their source, from ``deadlines.toml``."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

MOROCCO = ZoneInfo("Africa/Casablanca")


@dataclass(frozen=True)
class Deadline:
    """A delay in calendar days, since when it is so, and who says it."""

    key: str
    valid_from: date
    least_days: int
    most_days: int
    grade: str
    source: str


def deadline_on(key: str, day: date) -> Deadline:
    """The deadline called ``key`` as it stood on ``day``. Raises LookupError."""
    known = [deadline for deadline in _deadlines() if deadline.key == key and deadline.valid_from <= day]
    if not known:
        raise LookupError(f"no deadline {key!r} on {day}")
    return max(known, key=lambda deadline: deadline.valid_from)


def last_day(key: str, since: datetime) -> date:
    """The last day, in Morocco, of a delay that begins at ``since``."""
    begins = day_in_morocco(since)
    return begins + timedelta(days=deadline_on(key, begins).most_days)


def end_of_day(day: date) -> datetime:
    """The instant at which ``day`` is over in Morocco."""
    return datetime.combine(day + timedelta(days=1), time(), MOROCCO)


def day_in_morocco(at: datetime) -> date:
    """The day that people in Morocco had at ``at``."""
    return at.astimezone(MOROCCO).date()


def clock_in_morocco(at: datetime) -> str:
    """``at`` on a clock in Morocco: ``14:05``."""
    return at.astimezone(MOROCCO).strftime("%H:%M")


@cache
def _deadlines() -> tuple[Deadline, ...]:
    text = files("services.requests").joinpath("deadlines.toml").read_text(encoding="utf-8")
    return tuple(Deadline(**row) for row in tomllib.loads(text)["deadline"])
