"""A request as its family sees it: five statuses, a timeline, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.messages import Words, counted
from services.requests.deadlines import clock_in_morocco, day_in_morocco, last_day
from services.requests.states import (
    ACTS_WORDS,
    KIND_WORDS,
    LATE,
    SILENT,
    STANDINGS,
    STATUS_WORDS,
    TRANSITIONS,
    Acts,
    Event,
    State,
    Status,
)


@dataclass(frozen=True)
class LoggedStep:
    """One row of a request's log."""

    at: datetime
    event: Event
    from_state: State
    to_state: State
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class TimelineEntry:
    """What happened, when, and where the request stood from then on."""

    words: Words
    at: datetime
    status: Status


@dataclass(frozen=True)
class RequestView:
    """A request. ``next_by`` is the last day, in Morocco, of what comes next; none when over.

    ``unconfirmed`` are the persons whom the register did not confirm, for who may correct it.
    """

    id: UUID
    household_id: UUID
    reference: str
    kind: str
    state: State
    submitted_at: datetime
    aids: tuple[str, ...]
    timeline: tuple[TimelineEntry, ...]
    next_step: Words
    next_by: date | None
    unconfirmed: tuple[UUID, ...] = ()

    @property
    def status(self) -> Status:
        """Where it stands, of five."""
        return STANDINGS[self.state].status

    @property
    def status_words(self) -> Words:
        """The status in words."""
        return Words(STATUS_WORDS[self.status])

    @property
    def kind_words(self) -> Words:
        """What was asked."""
        return Words(KIND_WORDS[self.kind])

    @property
    def acts(self) -> Acts:
        """Who has to do something now."""
        return STANDINGS[self.state].acts

    @property
    def acts_words(self) -> Words:
        """The same in words."""
        return Words(ACTS_WORDS[self.acts])


def timeline_of(steps: Sequence[LoggedStep], *, waiting_until: datetime | None) -> tuple[TimelineEntry, ...]:
    """The log in plain words, oldest first; a silence that goes on says when we ask again."""
    entries = [TimelineEntry(_said(step), step.at, STANDINGS[step.to_state].status) for step in steps]
    if steps and steps[-1].event is Event.SILENCE and waiting_until is not None:
        entries[-1] = TimelineEntry(_silence(waiting_until), steps[-1].at, entries[-1].status)
    return tuple(entries)


def next_of(
    state: State, steps: Sequence[LoggedStep], *, submitted_at: datetime, waiting_until: datetime | None, now: datetime
) -> tuple[Words, date | None]:
    """What comes next, and by which day at the latest."""
    standing = STANDINGS[state]
    if standing.deadline is None:
        return Words(standing.next_step), None
    # The answer is promised from the submission on; a correction from the day it was asked for.
    since = submitted_at if standing.deadline == "first_answer" else steps[-1].at
    day = last_day(standing.deadline, since)
    if steps[-1].event is Event.SILENCE and waiting_until is not None:
        return _silence(waiting_until), day
    if standing.acts is not Acts.YOU and day_in_morocco(now) > day:
        return Words(LATE), None
    return Words(standing.next_step, {"date": day}), day


def _said(step: LoggedStep) -> Words:
    said = TRANSITIONS[step.from_state, step.event].said
    if isinstance(said, str):
        return Words(said)
    return counted(said, step.parameters["count"])


def _silence(waiting_until: datetime) -> Words:
    return Words(SILENT, {"date": day_in_morocco(waiting_until), "time": clock_in_morocco(waiting_until)})
