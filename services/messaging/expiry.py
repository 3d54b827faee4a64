"""Codes that were sent or given up are deleted, not kept; news when their time is over."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.erasing import erasure_of_rows
from services.messaging.models import Message
from services.messaging.sending import KIND_CODE
from services.retention import due_before


def _is_old_code(now: datetime) -> sa.ColumnElement[bool]:
    # Written out, for the index that has the codes alone.
    return sa.and_(
        Message.kind == sa.literal_column(f"'{KIND_CODE}'"), Message.created_at < due_before("code_message", now)
    )


ERASURES = (erasure_of_rows("code_message", Message.id, over=_is_old_code),)


def old_news(now: datetime) -> sa.Select[Any]:
    """The ids of the messages, other than codes, that have been kept for their time."""
    return sa.select(Message.id).where(Message.kind != KIND_CODE, Message.created_at < due_before("news_message", now))


def delete_messages(session: Session, *, ids: Collection[UUID]) -> Counter[UUID | None]:
    """Delete these messages; how many that was of each person."""
    gone = sa.delete(Message).where(Message.id.in_(ids)).returning(Message.person_id)
    return Counter(session.scalars(gone.execution_options(synchronize_session=False)))
