"""Erasing all that is due, as the worker does hour by hour."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Base, Database
from services.expiry import erase_everything_due

SECOND = timedelta(seconds=1)
YEAR = timedelta(days=366)


def erase(database: Database, now: datetime) -> dict[str, int]:
    """Everything due, and how much of each kind that was."""
    total: Counter[str] = Counter()
    for erased in erase_everything_due(database, now=now):
        total.update(erased)
    return {kind: count for kind, count in total.items() if count}


def rows(session: Session, model: type[Base]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def put(database: Database, make: Callable[..., Any], *given: Any, **named: Any) -> Any:
    with database.writing() as session:
        return make(session, *given, **named)
