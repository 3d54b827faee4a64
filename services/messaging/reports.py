"""Delivery reports: what the gateway says of a message after it took it.

A report comes to an address that only the gateway was told: the message's id and a keyed token.
Reports repeat and overtake each other; a final state stays.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.crypto import keys
from services.measures import DELIVERIES, count_once_committed
from services.messaging.models import Message
from services.messaging.states import LOST, Delivery, before

PATH = "/api/sms/report"
# Kannel's codes (%d), as it was asked for them by dlr-mask.
KANNEL_STATES: Mapping[str, Delivery] = {
    "1": Delivery.DELIVERED,
    "2": Delivery.FAILED,
    "4": Delivery.BUFFERED,
    "8": Delivery.ACCEPTED,
    "16": Delivery.REJECTED,
}
# Of what the operator's network said only the number of its fault is kept: the rest may quote the text.
NETWORK_FAULT = re.compile(r"dlr_err=([0-9A-Za-z]{1,8})(?![0-9A-Za-z])")
NETWORK = "network:"


def report_address(base: str, message_id: UUID) -> str:
    """The address for reports of one message; Kannel fills in the state and the details."""
    query = urlencode({"message": message_id.hex, "token": token_of(message_id)})
    return f"{base}{PATH}?{query}&state=%d&detail=%D"


def token_of(message_id: UUID) -> str:
    """What proves that an address of reports was made here."""
    return keys().digest("sms report", message_id.hex).hex()


def record_report(session: Session, *, message: str, token: str, state: str, detail: str, now: datetime) -> bool:
    """Keep what a report says, where it is genuine and says more than was known; whether it did.

    One statement; a forged one costs none.
    """
    message_id, delivery = _read_id(message), KANNEL_STATES.get(state)
    if message_id is None or delivery is None or not hmac.compare_digest(token.encode(), token_of(message_id).encode()):
        return False
    values: dict[str, object] = {"delivery": delivery, "delivery_at": now}
    fault = NETWORK_FAULT.search(detail) if delivery in LOST else None
    if fault:
        values["reason"] = f"{NETWORK}{fault[1]}"
    known = Message.delivery.is_(None) | Message.delivery.in_(before(delivery))
    change = sa.update(Message).where(Message.id == message_id, known).values(values).returning(Message.id)
    changed = bool(session.execute(change).all())
    if changed:
        count_once_committed(session, DELIVERIES, delivery)
    return changed


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(hex=text) if len(text) == 32 else None
    except ValueError:
        return None
