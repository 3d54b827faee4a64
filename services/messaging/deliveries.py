"""What became of messages, for who runs the service: counts, times and faults; never a number or a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.jobs import QUEUE_CODES, QUEUE_NEWS
from services.messaging.models import Message
from services.messaging.sending import KIND_CODE
from services.messaging.states import Delivery, Refusal

# Of a flood, the latest say how it goes.
MEASURED = 2000
MOST_SHOWN = 50


class Standing(StrEnum):
    """Where one message stands, in one word."""

    WAITING = "waiting"
    RETRYING = "retrying"
    SENT = "sent"
    BUFFERED = "buffered"
    DELIVERED = "delivered"
    FAILED = "failed"
    REJECTED = "rejected"
    GIVEN_UP = "given_up"
    IN_PORTAL = "in_portal"


TROUBLES = (Standing.RETRYING, Standing.GIVEN_UP, Standing.FAILED, Standing.REJECTED)
_REPORTED = (Delivery.BUFFERED, Delivery.DELIVERED, Delivery.FAILED, Delivery.REJECTED)
_STANDING = sa.case(
    (Message.delivery.in_(_REPORTED), Message.delivery),
    (Message.sent_at.is_not(None), Standing.SENT),
    (Message.given_up_at.is_not(None), Standing.GIVEN_UP),
    (Message.to_sealed.is_(None), Standing.IN_PORTAL),
    (Message.attempts > 0, Standing.RETRYING),
    else_=Standing.WAITING,
)
_FOR_SOMEBODY = Message.reason.is_(None) | (Message.reason != Refusal.NOBODY)
_WAITS = sa.and_(Message.to_sealed.is_not(None), Message.sent_at.is_(None), Message.given_up_at.is_(None))


@dataclass(frozen=True)
class KindCount:
    """The messages of one kind, by where they stand; only what there is."""

    kind: str
    written: int
    standing: dict[Standing, int]


@dataclass(frozen=True)
class Waiting:
    """What has not left yet, put off or not, and how long the oldest has waited."""

    count: int
    oldest: timedelta


@dataclass(frozen=True)
class Spread:
    """Half took no longer than ``half``, nine in ten no longer than ``most``."""

    half: timedelta
    most: timedelta


@dataclass(frozen=True)
class Times:
    """From written to sent, from sent to delivered; None where there was none."""

    until_sent: Spread | None
    until_delivered: Spread | None


@dataclass(frozen=True)
class Backlog:
    """What waits, by queue; when the gateway last took a message, and why it did not take the oldest."""

    waiting: dict[str, Waiting]
    last_taken_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class MessageView:
    """One message as an operator sees it."""

    id: UUID
    kind: str
    locale: str
    parts: int | None
    attempts: int
    standing: Standing
    reason: str | None
    created_at: datetime
    sent_at: datetime | None
    delivery_at: datetime | None
    next_try_at: datetime | None
    given_up_at: datetime | None


def count_messages(session: Session, *, since: datetime) -> tuple[KindCount, ...]:
    """What was written since then, by kind and by where it stands, codes first."""
    chosen = sa.select(Message.kind, _STANDING.label("standing"), sa.func.count().label("many"))
    chosen = chosen.where(Message.created_at >= since, _FOR_SOMEBODY).group_by(Message.kind, sa.text("standing"))
    kinds: dict[str, dict[Standing, int]] = {}
    for row in session.execute(chosen):
        kinds.setdefault(row.kind, {})[Standing(row.standing)] = row.many
    in_order = {standing: number for number, standing in enumerate(Standing)}
    return tuple(
        KindCount(kind, sum(found.values()), dict(sorted(found.items(), key=lambda one: in_order[one[0]])))
        for kind, found in sorted(kinds.items(), key=lambda one: (one[0] != KIND_CODE, one[0]))
    )


def find_backlog(session: Session, *, now: datetime) -> Backlog:
    """What has not left yet, in two statements."""
    is_code = (Message.kind == KIND_CODE).label("is_code")
    chosen = sa.select(is_code, sa.func.count(), sa.func.min(Message.created_at)).where(_WAITS).group_by(is_code)
    found = {QUEUE_CODES: Waiting(0, timedelta(0)), QUEUE_NEWS: Waiting(0, timedelta(0))}
    for for_code, count, since in session.execute(chosen):
        found[QUEUE_CODES if for_code else QUEUE_NEWS] = Waiting(count, max(now - since, timedelta(0)))
    oldest = sa.select(Message.reason).where(_WAITS).order_by(Message.created_at).limit(1).scalar_subquery()
    last, reason = session.execute(sa.select(sa.func.max(Message.sent_at), oldest)).one()
    return Backlog(found, last, reason)


def measure_times(session: Session, *, since: datetime) -> Times:
    """How long the latest messages took that were sent since then."""
    chosen = sa.select(Message.created_at, Message.sent_at, Message.delivery_at, Message.delivery)
    chosen = chosen.where(Message.sent_at >= since).order_by(Message.sent_at.desc()).limit(MEASURED)
    rows = session.execute(chosen).all()
    delivered = [row.delivery_at - row.sent_at for row in rows if row.delivery == Delivery.DELIVERED]
    return Times(_spread([row.sent_at - row.created_at for row in rows]), _spread(delivered))


def latest_messages(session: Session, *, standing: Sequence[Standing], since: datetime) -> tuple[MessageView, ...]:
    """The latest that stand so, of those written since then; at most MOST_SHOWN."""
    chosen = _views().where(Message.created_at >= since, _FOR_SOMEBODY, _STANDING.in_(standing))
    chosen = chosen.order_by(Message.created_at.desc(), Message.id).limit(MOST_SHOWN)
    return tuple(_view(row) for row in session.execute(chosen))


def find_message(session: Session, *, message_id: UUID) -> MessageView | None:
    """One message by its id."""
    row = session.execute(_views().where(Message.id == message_id, _FOR_SOMEBODY)).one_or_none()
    return _view(row) if row else None


def _views() -> sa.Select[Any]:
    return sa.select(
        Message.id,
        Message.kind,
        Message.locale,
        Message.parts,
        Message.attempts,
        _STANDING.label("standing"),
        Message.reason,
        Message.created_at,
        Message.sent_at,
        Message.delivery_at,
        Message.next_try_at,
        Message.given_up_at,
    )


def _view(row: Any) -> MessageView:
    values = row._asdict()
    return MessageView(**values | {"standing": Standing(values["standing"])})


def _spread(times: list[timedelta]) -> Spread | None:
    if not times:
        return None
    # A clock that was set back in between has nothing wait less than no time.
    times = sorted(max(one, timedelta(0)) for one in times)
    return Spread(times[(len(times) - 1) // 2], times[(len(times) - 1) * 9 // 10])
