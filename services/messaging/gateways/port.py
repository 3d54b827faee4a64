"""The port through which an SMS leaves."""

from datetime import datetime, timedelta
from typing import Protocol

from services.messaging.states import Delivery, Refusal


class GatewayFailed(Exception):
    """The gateway did not take the message: whether it comes back is for the caller to try.

    ``hopeless``: this message will never be taken. The words never quote number, text or password.
    """

    def __init__(self, words: str = "", *, reason: Refusal = Refusal.FAILED, hopeless: bool = False) -> None:
        super().__init__(words or reason.value)
        self.reason = reason
        self.hopeless = hopeless


class Gateway(Protocol):
    """Whatever carries an SMS to a phone."""

    def send(
        self, *, to: str, locale: str, text: str, idempotency_key: str, at: datetime, lifetime: timedelta | None
    ) -> Delivery | None:
        """Hand over ``text`` for ``to`` (E.164). Raises GatewayFailed.

        The same ``idempotency_key`` is the same message tried again; ``at`` is when it is sent;
        a message with a ``lifetime`` is urgent, and of no use after it. Returns where the
        message is now, where reports of it will come; None where none will.
        """
