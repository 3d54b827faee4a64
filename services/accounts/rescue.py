"""What someone had typed when his session was over: it waits an hour, sealed, for him alone."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.models import RescuedPost
from services.accounts.upserts import upsert
from services.retention import kept_for

LARGEST_POST = 64 * 1024
LONGEST_PATH = 200


def rescue_post(
    session: Session, *, person_id: UUID, path: str, fields: Mapping[str, list[str]], now: datetime
) -> bool:
    """Keep the ``fields`` posted to ``path``, instead of any kept before. False when too large to keep.

    Only ever shown to ``person_id``, once he has signed in again; never taken for his answer.
    """
    text = json.dumps(dict(fields))
    if len(text) > LARGEST_POST or len(path) > LONGEST_PATH or "\0" in path:
        return False
    row = RescuedPost(id=_row_id(person_id, path), fields=text)
    waits = {"fields_sealed": row.fields_sealed, "expires_at": now + kept_for("rescued_post", now)}
    values = {"id": row.id, "person_id": person_id, "path": path, **waits}
    session.execute(upsert(session, RescuedPost, values, changes=waits))
    return True


def rescued_post(session: Session, *, person_id: UUID, path: str, now: datetime) -> dict[str, list[str]] | None:
    """What waits for this person on this page, or None."""
    row = session.get(RescuedPost, _row_id(person_id, path), populate_existing=True)
    if row is None or not now < row.expires_at <= now + 2 * kept_for("rescued_post", now):
        return None
    fields: dict[str, list[str]] = json.loads(row.fields or "{}")
    return fields


def forget_rescued(session: Session, *, person_id: UUID, path: str) -> None:
    """Nothing waits there any more: it was saved, or is not wanted."""
    session.execute(sa.delete(RescuedPost).where(RescuedPost.id == _row_id(person_id, path)))


def _row_id(person_id: UUID, path: str) -> UUID:
    # Sealing needs the row's id before the row is there; one page of one person is one row.
    return uuid5(person_id, path)
