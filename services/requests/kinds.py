"""The kinds of requests, as a table: what each is called, within what it is answered, and its own words.

All of them live through the states, the steps and the five statuses of :mod:`services.requests.states`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from services.messages import N_
from services.requests.deadlines import last_day
from services.requests.states import ANSWER, STANDINGS, TRANSITIONS, Acts, Event, Standing, State, Status

REGISTRATION = "registration"
APPLICATION = "application"
Said = str | tuple[str, str]


@dataclass(frozen=True)
class RequestKind:
    """One kind. ``answer_within`` names the deadline of its answer; ``said`` and ``standings`` hold
    what it says otherwise than the tables of the states."""

    key: str
    words: str
    answer_within: str
    said: Mapping[Event, Said] = field(default_factory=dict)
    standings: Mapping[State, Standing] = field(default_factory=dict)

    def standing(self, state: State) -> Standing:
        """What a state is to its family."""
        return self.standings.get(state, STANDINGS[state])

    def step_words(self, state: State, event: Event) -> Said:
        """What is said of a step that was made."""
        return self.said.get(event, TRANSITIONS[state, event].said)

    def last_day(self, standing: Standing, *, submitted_at: datetime, since: datetime) -> date | None:
        """The last day of what comes next; ``since`` is when the state began. None without a deadline."""
        if standing.deadline is None:
            return None
        # The answer is promised from the submission on; a correction from the day it was asked for.
        if standing.deadline == ANSWER:
            return last_day(self.answer_within, submitted_at)
        return last_day(standing.deadline, since)


_LOOKING = N_("We are looking at your application. You will have the answer before %(date)s.")

KINDS = {
    kind.key: kind
    for kind in (
        RequestKind(REGISTRATION, N_("Registration of your household"), "first_answer"),
        RequestKind(
            APPLICATION,
            N_("Application: %(programme)s"),
            "application_answer",
            said={
                Event.SUBMIT: N_("We received your application."),
                Event.START: N_("We are asking the population register about the person who is to be paid."),
                Event.CONFIRM: N_("The population register answered. We are looking at each condition."),
                Event.DECIDE: N_("We decided about your application."),
            },
            standings={
                State.SUBMITTED: Standing(Status.RECEIVED, Acts.OFFICE, _LOOKING, ANSWER),
                State.VERIFYING: Standing(Status.BEING_VERIFIED, Acts.REGISTER, _LOOKING, ANSWER),
                State.DECIDING: Standing(Status.BEING_VERIFIED, Acts.OFFICE, _LOOKING, ANSWER),
                State.DECIDED: Standing(
                    Status.DECIDED, Acts.NOBODY, N_("Read our answer, and the reason for it, condition by condition.")
                ),
                State.WITHDRAWN: Standing(Status.CLOSED, Acts.NOBODY, N_("You can apply again whenever you want.")),
            },
        ),
    )
}
