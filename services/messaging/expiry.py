"""Codes that were sent or given up are deleted, not kept."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.messaging.models import Message
from services.messaging.sending import KIND_CODE

# Longer than a code is tried, and than a clock is likely to be wrong.
CODES_KEPT = timedelta(days=1)


def forget_expired(session: Session, *, now: datetime) -> int:
    """Delete the messages that held a code, those for nobody too; how many. News stay to be read."""
    old = sa.delete(Message).where(Message.kind == KIND_CODE, Message.created_at < now - CODES_KEPT)
    return len(session.execute(old.returning(Message.id)).all())
