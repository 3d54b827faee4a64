"""A request's life as one table, and the citizen's words for each of its steps."""

from dataclasses import dataclass
from enum import StrEnum

from services.journal import Capacity
from services.messages import N_, NN_


class State(StrEnum):
    """Where a request stands, as the administration counts."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    VERIFYING = "verifying"
    NEEDS_CITIZEN = "needs_citizen"
    DECIDING = "deciding"
    DECIDED = "decided"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Event(StrEnum):
    """What moves a request."""

    SUBMIT = "submit"
    START = "start"
    SILENCE = "silence"
    REFUSE = "refuse"
    CORRECT = "correct"
    CONFIRM = "confirm"
    DECIDE = "decide"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


class Status(StrEnum):
    """Where a request stands, as its family sees it: five, no more."""

    RECEIVED = "received"
    BEING_VERIFIED = "being_verified"
    NEEDS_YOU = "needs_you"
    DECIDED = "decided"
    CLOSED = "closed"


class Acts(StrEnum):
    """Who has to do something now."""

    YOU = "you"
    OFFICE = "office"
    REGISTER = "register"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Step:
    """One allowed transition. ``said`` is a sentence, or the two forms of a counted one;
    ``deadline`` names the delay that begins with it."""

    from_state: State
    event: Event
    to_state: State
    who: frozenset[Capacity]
    said: str | tuple[str, str]
    deadline: str | None = None


@dataclass(frozen=True)
class Standing:
    """What a state is to its family: the status, who acts, and what comes next.

    ``deadline`` names a delay; :data:`ANSWER` is the one within which this kind of request is
    answered, counted from the day it was sent.
    """

    status: Status
    acts: Acts
    next_step: str
    deadline: str | None = None


ANSWER = "answer"
FAMILY = frozenset({Capacity.CITIZEN, Capacity.AGENT_FOR_CITIZEN})
WORKER = frozenset({Capacity.SYSTEM})

_EXPIRED = N_("We did not hear from you in time, so this request is closed. You can make a new one whenever you want.")
_WITHDRAWN = N_("You withdrew this request.")

STEPS = (
    Step(State.DRAFT, Event.SUBMIT, State.SUBMITTED, FAMILY, N_("We received your request.")),
    Step(
        State.SUBMITTED,
        Event.START,
        State.VERIFYING,
        WORKER,
        N_("We are checking the identity of each person with the population register."),
    ),
    Step(
        State.VERIFYING,
        Event.SILENCE,
        State.VERIFYING,
        WORKER,
        N_("The population register was not available. We waited, then asked again."),
    ),
    Step(
        State.VERIFYING,
        Event.REFUSE,
        State.NEEDS_CITIZEN,
        WORKER,
        NN_(
            "The population register does not confirm what you told us about %(count)s person. We need you.",
            "The population register does not confirm what you told us about %(count)s persons. We need you.",
        ),
        deadline="correction",
    ),
    Step(
        State.NEEDS_CITIZEN,
        Event.CORRECT,
        State.VERIFYING,
        FAMILY,
        N_("You answered us. We are checking again with the population register."),
    ),
    Step(
        State.VERIFYING,
        Event.CONFIRM,
        State.DECIDING,
        WORKER,
        N_("The population register confirmed each person of your household."),
    ),
    Step(State.DECIDING, Event.DECIDE, State.DECIDED, WORKER, N_("Your score is ready.")),
    Step(State.DECIDED, Event.CLOSE, State.CLOSED, WORKER, N_("This request is closed.")),
    Step(State.SUBMITTED, Event.WITHDRAW, State.WITHDRAWN, FAMILY, _WITHDRAWN),
    Step(State.VERIFYING, Event.WITHDRAW, State.WITHDRAWN, FAMILY, _WITHDRAWN),
    Step(State.NEEDS_CITIZEN, Event.WITHDRAW, State.WITHDRAWN, FAMILY, _WITHDRAWN),
    Step(State.NEEDS_CITIZEN, Event.EXPIRE, State.EXPIRED, WORKER, _EXPIRED),
)
TRANSITIONS = {(step.from_state, step.event): step for step in STEPS}

STATUS_WORDS = {
    Status.RECEIVED: N_("Received"),
    Status.BEING_VERIFIED: N_("Being verified"),
    Status.NEEDS_YOU: N_("We need you"),
    Status.DECIDED: N_("Decided"),
    Status.CLOSED: N_("Closed"),
}
ACTS_WORDS = {
    Acts.YOU: N_("You"),
    Acts.OFFICE: N_("The office"),
    Acts.REGISTER: N_("The population register"),
    Acts.NOBODY: N_("Nobody: it is finished"),
}

CHECKING = N_("We are checking the identity of each person. You will have the answer before %(date)s.")
SILENT = N_(
    "The population register is not available now. We will ask it again on %(date)s at %(time)s. "
    "You have nothing to do."
)
LATE = N_("This takes longer than we said, and we are sorry. We are still working on it. You have nothing to do.")
_OVER = N_("Nothing more will happen with this request.")

STANDINGS = {
    State.SUBMITTED: Standing(Status.RECEIVED, Acts.OFFICE, CHECKING, ANSWER),
    State.VERIFYING: Standing(Status.BEING_VERIFIED, Acts.REGISTER, CHECKING, ANSWER),
    State.NEEDS_CITIZEN: Standing(
        Status.NEEDS_YOU,
        Acts.YOU,
        N_("Please look at what the register does not confirm, and correct it before %(date)s."),
        "correction",
    ),
    State.DECIDING: Standing(
        Status.BEING_VERIFIED,
        Acts.OFFICE,
        N_("We are computing your score. You will have the answer before %(date)s."),
        ANSWER,
    ),
    State.DECIDED: Standing(
        Status.DECIDED,
        Acts.NOBODY,
        N_("Look at your score and what it means for you. If something in it is wrong, tell us."),
    ),
    State.CLOSED: Standing(Status.CLOSED, Acts.NOBODY, _OVER),
    State.WITHDRAWN: Standing(Status.CLOSED, Acts.NOBODY, _OVER),
    State.EXPIRED: Standing(Status.CLOSED, Acts.NOBODY, N_("You can make a new request whenever you want.")),
}
