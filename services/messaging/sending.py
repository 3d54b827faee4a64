"""An SMS from the transaction that wrote it to the gateway that takes it.

What was tried is recorded after the gateway took it: a message may be sent twice, identically,
after a crash between the two; it never vanishes.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from services.jobs import QUEUE_CODES, QUEUE_NEWS, enqueue
from services.measures import MESSAGES, REFUSALS, count_once_committed
from services.messaging.alphabets import write
from services.messaging.gateways.port import Gateway, GatewayFailed
from services.messaging.models import Message
from services.messaging.states import Delivery, Refusal

KIND_CODE = "code"
CODE_LIFE = timedelta(minutes=5)
# Queued like any other and dropped by the worker: to know nobody takes as long as to know someone.
NOBODY = ""
BACK_OFF = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
)
# The last step repeats: about three days of trying.
MOST_TRIES = 76
# How long a message is put back for whose turn to leave did not come.
ANOTHER_TURN = timedelta(seconds=2)

Render = Callable[[str, str, Mapping[str, str]], str]
WaitTurn = Callable[..., bool]


class SendKind(StrEnum):
    """How one try ended."""

    SENT = "sent"
    ALREADY_SENT = "already_sent"
    RETRY = "retry"
    POSTPONED = "postponed"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class SendOutcome:
    """``retry_after`` is how long to wait before the next try; with RETRY and POSTPONED only."""

    kind: SendKind
    retry_after: timedelta | None = None


@dataclass(frozen=True)
class _Outgoing:
    to: str
    locale: str
    key: str
    parameters: dict[str, str]
    useful_until: datetime | None

    @property
    def urgent(self) -> bool:
        """Whether it is of no use later."""
        return self.useful_until is not None


@dataclass(frozen=True)
class _Tried:
    """How a try ended: ``taken``, or why not and whether another may end better."""

    taken: bool = False
    delivery: Delivery | None = None
    parts: int | None = None
    reason: Refusal | None = None
    hopeless: bool = False


def send_later(
    session: Session,
    *,
    kind: str,
    to: str | None,
    person_id: UUID | None,
    locale: str,
    key: str,
    params: Mapping[str, str],
    now: datetime,
    delay: timedelta | None = None,
) -> None:
    """Write a message and queue its sending in the caller's transaction.

    ``to`` is E.164; None keeps it for reading in the portal, NOBODY queues it for no one.
    ``key`` is the English sentence, ``params`` what stands in it; both wait sealed.
    """
    message = Message(
        kind=kind,
        person_id=person_id,
        locale=locale,
        key=key,
        parameters=json.dumps(dict(params)),
        to=to,
        created_at=now,
    )
    session.add(message)
    session.flush()
    if to is not None:
        queue = QUEUE_CODES if kind == KIND_CODE else QUEUE_NEWS
        wait = delay or timedelta(0)
        enqueue(session, "send_message", message.id, queue=queue, key=f"send:{message.id}", delay=wait)


def send_message(
    session: Session,
    *,
    message_id: UUID,
    gateway: Gateway,
    render: Render,
    now: datetime,
    wait_turn: WaitTurn | None = None,
) -> SendOutcome:
    """Try once to send a message; on RETRY the worker calls again ``retry_after`` that long.

    Give it a ``session`` that has not begun: then nothing is held while the gateway takes its
    time. ``wait_turn(urgent=…)`` waits until a message may leave; where it says no, this one is
    POSTPONED. A failing gateway is an outcome, never an exception; a code too old to be used is
    given up. Number and parameters are wiped once sent or given up.
    """
    passes = _clock_from(now)
    with _looking(session) as look:
        found = _find_outgoing(look, message_id, now)
    if isinstance(found, SendOutcome):
        return found
    if isinstance(found, _Outgoing):
        if wait_turn is not None and not wait_turn(urgent=found.urgent):
            return SendOutcome(SendKind.POSTPONED, ANOTHER_TURN)
        found = _hand_over(gateway, found, render, message_id, passes())
    outcome = _record_try(session, message_id, found, passes())
    session.flush()
    count_once_committed(session, MESSAGES, outcome.kind)
    if found.reason is not None and found.reason is not Refusal.NOBODY:
        count_once_committed(session, REFUSALS, found.reason)
    return outcome


def _clock_from(now: datetime) -> Callable[[], datetime]:
    # Between the look and the record lie a turn and a gateway's answer.
    begun = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - begun)


@contextmanager
def _looking(session: Session) -> Iterator[Session]:
    # On SQLite a writing transaction keeps every other writer out, so this one ends before the call.
    if session.in_transaction():
        yield session
        return
    with Session(session.get_bind()) as short:
        yield short


def _find_outgoing(session: Session, message_id: UUID, now: datetime) -> _Outgoing | SendOutcome | _Tried:
    message = session.get(Message, message_id)
    if message is None or message.given_up_at is not None:
        return SendOutcome(SendKind.GIVEN_UP)
    if message.sent_at is not None:
        return SendOutcome(SendKind.ALREADY_SENT)
    if message.delivery is not None:
        # The gateway reported of it: it was taken, though we did not hear so.
        return _Tried(taken=True)
    if not message.to:
        return _Tried(reason=Refusal.NOBODY, hopeless=True)
    if _is_too_old(message, now):
        return _Tried(reason=Refusal.TOO_OLD, hopeless=True)
    parameters = json.loads(message.parameters or "{}")
    useful_until = message.created_at + CODE_LIFE if message.kind == KIND_CODE else None
    return _Outgoing(message.to, message.locale, message.key, parameters, useful_until)


def _hand_over(gateway: Gateway, outgoing: _Outgoing, render: Render, message_id: UUID, now: datetime) -> _Tried:
    written = write(render(outgoing.locale, outgoing.key, outgoing.parameters))
    try:
        delivery = gateway.send(
            to=outgoing.to,
            locale=outgoing.locale,
            text=written.text,
            idempotency_key=str(message_id),
            at=now,
            lifetime=outgoing.useful_until - now if outgoing.useful_until else None,
        )
    except GatewayFailed as refused:
        return _Tried(parts=written.parts, reason=refused.reason, hopeless=refused.hopeless)
    except OSError:
        return _Tried(parts=written.parts, reason=Refusal.FAILED)
    return _Tried(taken=True, delivery=delivery, parts=written.parts)


def _record_try(session: Session, message_id: UUID, tried: _Tried, now: datetime) -> SendOutcome:
    message = session.get_one(Message, message_id, with_for_update=True, populate_existing=True)
    if message.sent_at is not None:
        return SendOutcome(SendKind.ALREADY_SENT)
    message.attempts += 1
    message.parts = tried.parts or message.parts
    message.next_try_at = None
    if tried.taken:
        message.sent_at, message.reason = now, None
        # A report may have come before this was written, and says more.
        if message.delivery is None and tried.delivery is not None:
            message.delivery, message.delivery_at = tried.delivery, now
        return _close(message, SendKind.SENT)
    message.reason = tried.reason
    after = BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
    if tried.hopeless or message.attempts >= MOST_TRIES or _is_too_old(message, now + after):
        message.given_up_at = now
        return _close(message, SendKind.GIVEN_UP)
    message.next_try_at = now + after
    return SendOutcome(SendKind.RETRY, after)


def _close(message: Message, kind: SendKind) -> SendOutcome:
    message.to = None
    message.parameters = None
    return SendOutcome(kind)


def _is_too_old(message: Message, now: datetime) -> bool:
    return message.kind == KIND_CODE and now - message.created_at >= CODE_LIFE
