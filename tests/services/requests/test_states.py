"""The table of transitions, and moving along it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from services.errors import NotAllowed, StateConflict
from services.journal import citizen, system_actor
from services.requests.deadlines import deadline_on, end_of_day, last_day
from services.requests.kinds import KINDS
from services.requests.lifecycle import advance
from services.requests.states import (
    STANDINGS,
    STATUS_WORDS,
    STEPS,
    TRANSITIONS,
    Event,
    State,
    Status,
)
from services.requests.work import WORK
from tests.services.requests.families import log_of, sent_request

WAY = ("draft", "submitted", "verifying", "needs_citizen", "verifying", "deciding", "decided", "closed")


def test_the_table_has_the_way_of_the_design() -> None:
    steps = {(step.from_state, step.to_state) for step in STEPS}
    assert set(pairwise(WAY)) <= {(str(one), str(other)) for one, other in steps}
    assert len(TRANSITIONS) == len(STEPS)


def test_every_state_but_draft_has_words_and_one_of_five_statuses() -> None:
    assert set(STANDINGS) == set(State) - {State.DRAFT}
    assert {standing.status for standing in STANDINGS.values()} == set(STATUS_WORDS) == set(Status)
    assert {"registration", "application"} == KINDS.keys() == WORK.keys()


def test_what_is_over_moves_no_more() -> None:
    over = {State.CLOSED, State.WITHDRAWN, State.EXPIRED}
    assert not over & {step.from_state for step in STEPS}


def test_a_step_that_is_not_in_the_table_changes_nothing(session: Session, now: datetime) -> None:
    request, _ = sent_request(session, now)
    with pytest.raises(StateConflict):
        advance(session, request_id=request.id, event=Event.DECIDE, actor=system_actor(), now=now)
    assert request.state == State.SUBMITTED
    assert log_of(session, request) == [Event.SUBMIT]


def test_a_step_is_for_those_the_table_names(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    with pytest.raises(NotAllowed):
        advance(session, request_id=request.id, event=Event.START, actor=citizen(family.mother.id), now=now)


def test_a_delay_is_dated_and_has_a_source() -> None:
    deadline = deadline_on("first_answer", datetime(2026, 6, 15, tzinfo=UTC).date())
    assert (deadline.least_days, deadline.most_days, deadline.grade) == (5, 10, "P")
    assert deadline.source
    assert deadline.grade != "O"
    with pytest.raises(LookupError):
        deadline_on("first_answer", datetime(1999, 1, 1, tzinfo=UTC).date())


def test_days_are_counted_in_morocco() -> None:
    late_evening = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)
    assert last_day("correction", late_evening).isoformat() == "2026-07-16"
    day = last_day("correction", late_evening)
    assert end_of_day(day) - late_evening > timedelta(days=29)
