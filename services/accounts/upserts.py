"""One statement that inserts a row or changes the one that stands: no race between two of them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.database import Base, insert_into


def upsert(
    session: Session, model: type[Base], values: dict[str, Any], *, changes: dict[str, Any]
) -> postgresql.Insert | sqlite.Insert:
    """Insert ``values``; where a row has their primary key already, make ``changes`` to it instead."""
    key = sa.inspect(model).primary_key
    return insert_into(session, model).values(values).on_conflict_do_update(index_elements=key, set_=changes)
