"""Where a message is after it left us, and why one was not taken."""

from collections.abc import Mapping
from enum import StrEnum

from services.messages import N_


class Delivery(StrEnum):
    """What the gateway last said of a message that it took."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    BUFFERED = "buffered"
    DELIVERED = "delivered"
    FAILED = "failed"
    REJECTED = "rejected"


# Reports overtake each other on their way: only a later stage replaces a former one, and the last none.
STAGES: tuple[frozenset[Delivery], ...] = (
    frozenset({Delivery.QUEUED}),
    frozenset({Delivery.ACCEPTED}),
    frozenset({Delivery.BUFFERED}),
    frozenset({Delivery.DELIVERED, Delivery.FAILED, Delivery.REJECTED}),
)
LOST = frozenset({Delivery.FAILED, Delivery.REJECTED})


def before(delivery: Delivery) -> frozenset[Delivery]:
    """The states that ``delivery`` may replace."""
    stage = next(number for number, states in enumerate(STAGES) if delivery in states)
    return frozenset().union(*STAGES[:stage])


class Refusal(StrEnum):
    """Why a message was not taken, or no more tried; also the code under which it is counted."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    NONSENSE = "nonsense"
    REDIRECTED = "redirected"
    LOGIN_REFUSED = "login_refused"
    NOT_ROUTABLE = "not_routable"
    BUSY = "busy"
    BAD_REQUEST = "bad_request"
    NUMBER_REFUSED = "number_refused"
    FAILED = "gateway_failed"
    TOO_OLD = "too_old"
    NOBODY = "nobody"


REFUSAL_WORDS: Mapping[str, str] = {
    Refusal.UNREACHABLE: N_("The gateway cannot be reached."),
    Refusal.TIMED_OUT: N_("The gateway did not answer in time."),
    Refusal.NONSENSE: N_("Something answered that is not the gateway."),
    Refusal.REDIRECTED: N_("The gateway's address leads elsewhere."),
    Refusal.LOGIN_REFUSED: N_("The gateway refuses our name or password."),
    Refusal.NOT_ROUTABLE: N_("The gateway knows no way to this operator."),
    Refusal.BUSY: N_("The gateway says: not now."),
    Refusal.BAD_REQUEST: N_("The gateway does not accept how we ask: look at its settings."),
    Refusal.NUMBER_REFUSED: N_("The gateway refuses this number."),
    Refusal.FAILED: N_("The gateway could not take it."),
    Refusal.TOO_OLD: N_("The code was too old to be of use."),
}
