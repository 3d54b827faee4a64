"""Columns that a statement repeats on every row, read once: bare, as the driver gives them.

Turning a text into an id or an instant costs more than fetching it, and a household of fifty would
pay it fifty times for one value.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute


def bare(column: sa.ColumnElement[Any] | InstrumentedAttribute[Any], label: str) -> sa.Label[Any]:
    """The column without the conversion of its type."""
    return sa.type_coerce(column, sa.String).label(label)


def as_id(value: UUID | str) -> UUID:
    """A bare id: PostgreSQL's driver gives an id, SQLite's a text."""
    return value if isinstance(value, UUID) else UUID(value)


def as_instant(value: datetime | str) -> datetime:
    """A bare instant, in UTC: PostgreSQL's driver gives an aware one, SQLite's a text in UTC."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
