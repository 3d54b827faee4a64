"""What is kept how long: dated rows with their ground, from ``retention.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from services.messages import N_, NN_, Words, counted

MOROCCO = ZoneInfo("Africa/Casablanca")
DAYS_OF_FOUR_YEARS = 1461

WHAT = {
    "person": N_("Your name, your numbers, your birth date and your family ties"),
    "declaration": N_("What you declared, and who is in your household"),
    "score": N_("Your scores: the number, the day and the formula"),
    "superseded_declaration": N_("What you declared before a newer declaration"),
    "member_left": N_("Persons who left your household"),
    "draft": N_("A form that you have not sent"),
    "unsent_household": N_("A household of which no form was ever sent"),
    "closed_household": N_("A household whose requests were withdrawn, or closed without an answer from you"),
    "deposit": N_("A deposit number"),
    "request": N_("Your requests, and what happened to each"),
    "paper": N_("The proof that a receipt is genuine, without any name"),
    "statement": N_("What a statement of your score says, without any name"),
    "news_message": N_("Messages about your requests"),
    "code_message": N_("Messages with a code"),
    "code_attempt": N_("An attempt to prove who you are by a code"),
    "membership_claim": N_("A wish to add a person by a code"),
    "limit_count": N_("How often something was tried, without any name"),
    "session": N_("The phones and computers on which you signed in"),
    "rescued_post": N_("What you were typing when your session ended"),
    "account": N_("The language in which we write to you, if you are in no household"),
    "finished_job": N_("What the service did by itself, without any name"),
    "journal": N_("Who looked at or changed your file"),
    # Said to the operator, at the command line.
    "formula": "The formulas, and when the country was scored by which",
    "agent": "Who works for the service, and in which role",
    "agent_enrolment": "An agent's way to a password and a second factor",
    "agent_sign_in": "An agent's attempt to sign in",
    "agent_session": "The computers on which an agent signed in",
}
SINCE = {
    "replaced": N_("the day of the newer declaration"),
    "left": N_("the day the person left"),
    "begun": N_("the day you began it"),
    "last_form": N_("the end of its last form"),
    "last_closed": N_("the day the last request was closed"),
    "unusable": N_("the day it can no longer be used"),
    "ended": N_("the day the request was decided or closed"),
    "issued": N_("the day it was issued"),
    "written": N_("the day it was written"),
    "code_over": N_("the end of the code"),
    "wished": N_("the moment you asked for the code"),
    "window_over": N_("the end of the time for which we count"),
    "signed_in": N_("the day you signed in"),
    "session_over": N_("the end of the session"),
    "first_signed_in": N_("the day you first signed in"),
    "done": N_("the day it was done"),
}
LASTS = {
    "household": N_("Kept as long as your household is registered."),
    "register": N_("Kept by the population register, not by us."),
    "good": N_("Kept for good, so that it can always be proved. It holds random numbers and codes, no name."),
}
KEPT_FOR = N_("Kept for %(period)s, counted from %(since)s.")
PERIODS = {
    "years": NN_("%(count)s year", "%(count)s years"),
    "days": NN_("%(count)s day", "%(count)s days"),
    "hours": NN_("%(count)s hour", "%(count)s hours"),
}


@dataclass(frozen=True)
class Kept:
    """One kind of data and how long it is kept, from the day ``valid_from`` on.

    ``unit`` and ``count`` give the period, ``since`` what it is counted from; without them it has
    no end of its own and ``lasts`` says as long as what. ``staff``: it is about those who work for
    the service, not about families. ``small``: few ask about it, and it is said after the rest.
    """

    key: str
    tables: tuple[str, ...]
    valid_from: date
    grade: str
    source: str
    unit: str | None
    count: int
    since: str | None
    lasts: str | None
    staff: bool = False
    small: bool = False

    @property
    def period(self) -> timedelta | None:
        """How long; None where it has no end of its own."""
        if self.unit is None:
            return None
        if self.unit == "years":
            return timedelta(days=self.count * DAYS_OF_FOUR_YEARS // 4)
        return timedelta(**{self.unit: self.count})

    @property
    def what(self) -> Words:
        """The kind of data, as people call it."""
        return Words(WHAT[self.key])

    @property
    def how_long(self) -> Words:
        """How long it is kept, as a sentence."""
        if self.unit is None or self.since is None:
            return Words(LASTS[self.lasts or ""])
        period = counted(PERIODS[self.unit], self.count)
        return Words(KEPT_FOR, {"period": period, "since": Words(SINCE[self.since])})


def kept_on(day: date) -> tuple[Kept, ...]:
    """Every kind of data as it is kept on ``day``, in the order of the file."""
    in_force: dict[str, Kept] = {}
    for row in sorted(all_kept(), key=lambda row: row.valid_from):
        if row.valid_from <= day:
            in_force[row.key] = row
    return tuple(in_force[key] for key in WHAT if key in in_force)


def kept_of_families(now: datetime) -> tuple[Kept, ...]:
    """What is kept of families at ``now``, how long: what pages say."""
    return tuple(row for row in kept_on(now.astimezone(MOROCCO).date()) if not row.staff)


def kept_for(key: str, now: datetime) -> timedelta:
    """How long what is called ``key`` is kept, by the row in force in Morocco at ``now``. Raises LookupError."""
    return _kept_for(key, now.astimezone(MOROCCO).date())


def due_before(key: str, now: datetime) -> datetime:
    """What is counted from before this instant has been kept for its time. Raises LookupError."""
    return now - kept_for(key, now)


@cache
def all_kept() -> tuple[Kept, ...]:
    """Every row there was."""
    return tuple(_row(raw) for raw in _file()["kept"])


@cache
def tables_about_nobody() -> Mapping[str, str]:
    """The tables that say nothing about anybody, each with why."""
    return {table: raw["reason"] for raw in _file()["about_nobody"] for table in raw["tables"]}


@cache
def _kept_for(key: str, day: date) -> timedelta:
    for row in kept_on(day):
        if row.key == key and row.period is not None:
            return row.period
    raise LookupError(f"nothing says how long {key!r} is kept on {day}")


def _row(raw: Mapping[str, Any]) -> Kept:
    unit = next((unit for unit in PERIODS if unit in raw), None)
    return Kept(
        key=raw["key"],
        tables=tuple(raw["tables"]),
        valid_from=raw["valid_from"],
        grade=raw["grade"],
        source=raw["source"],
        unit=unit,
        count=raw[unit] if unit else 0,
        since=raw.get("since"),
        lasts=raw.get("lasts"),
        staff=raw.get("staff", False),
        small=raw.get("small", False),
    )


def _file() -> Mapping[str, Any]:
    return tomllib.loads(files("services").joinpath("retention.toml").read_text(encoding="utf-8"))
