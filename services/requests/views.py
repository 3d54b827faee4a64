"""A request as its family sees it: five statuses, a timeline, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.messages import Words, counted
from services.programmes.catalogue import NAMES
from services.requests.applications.answer import Answer
from services.requests.deadlines import clock_in_morocco, day_in_morocco
from services.requests.kinds import KINDS, RequestKind
from services.requests.states import (
    ACTS_WORDS,
    LATE,
    SILENT,
    STATUS_WORDS,
    TRANSITIONS,
    Acts,
    Event,
    Standing,
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
    ``application`` is what was asked and answered, of an application; ``may_act``: whether who looks
    may answer for the household.
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
    application: Answer | None = None
    may_act: bool = False

    @property
    def may_withdraw(self) -> bool:
        """Whether who looks may take the request back now."""
        return self.may_act and (self.state, Event.WITHDRAW) in TRANSITIONS

    @property
    def standing(self) -> Standing:
        """What its state is to its family."""
        return KINDS[self.kind].standing(self.state)

    @property
    def status(self) -> Status:
        """Where it stands, of five."""
        return self.standing.status

    @property
    def status_words(self) -> Words:
        """The status in words."""
        return Words(STATUS_WORDS[self.status])

    @property
    def kind_words(self) -> Words:
        """What was asked."""
        return kind_words(self.kind, None if self.application is None else self.application.programme)

    @property
    def acts(self) -> Acts:
        """Who has to do something now."""
        return self.standing.acts

    @property
    def acts_words(self) -> Words:
        """The same in words."""
        return Words(ACTS_WORDS[self.acts])


def kind_words(kind: str, programme: str | None = None) -> Words:
    """What a request asks; the programme is named where it is an application."""
    named = {} if programme is None else {"programme": Words(NAMES[programme])}
    return Words(KINDS[kind].words, named)


def timeline_of(
    kind: RequestKind, steps: Sequence[LoggedStep], *, waiting_until: datetime | None
) -> tuple[TimelineEntry, ...]:
    """The log in plain words, oldest first; a silence that goes on says when we ask again."""
    entries = [TimelineEntry(_said(kind, step), step.at, kind.standing(step.to_state).status) for step in steps]
    if steps and steps[-1].event is Event.SILENCE and waiting_until is not None:
        entries[-1] = TimelineEntry(_silence(waiting_until), steps[-1].at, entries[-1].status)
    return tuple(entries)


def next_of(
    kind: RequestKind,
    state: State,
    steps: Sequence[LoggedStep],
    *,
    submitted_at: datetime,
    waiting_until: datetime | None,
    now: datetime,
) -> tuple[Words, date | None]:
    """What comes next, and by which day at the latest."""
    standing = kind.standing(state)
    day = kind.last_day(standing, submitted_at=submitted_at, since=steps[-1].at)
    if day is None:
        return Words(standing.next_step), None
    if steps[-1].event is Event.SILENCE and waiting_until is not None:
        return _silence(waiting_until), day
    if standing.acts is not Acts.YOU and day_in_morocco(now) > day:
        return Words(LATE), None
    return Words(standing.next_step, {"date": day}), day


def _said(kind: RequestKind, step: LoggedStep) -> Words:
    said = kind.step_words(step.from_state, step.event)
    if isinstance(said, str):
        return Words(said)
    return counted(said, step.parameters["count"])


def _silence(waiting_until: datetime) -> Words:
    return Words(SILENT, {"date": day_in_morocco(waiting_until), "time": clock_in_morocco(waiting_until)})
