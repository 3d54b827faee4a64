"""How what has been kept for its time is found and erased: a few rows a transaction, again and again.

Each room says in its ``expiry.py`` what of it ends; ``services.expiry`` knows all rooms.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

# As much as one transaction takes on: a backlog of a country never holds a lock for long.
BATCH = 500

Due = Callable[[Session, datetime], sa.Select[*tuple[Any, ...]]]
Erase = Callable[[Session, Sequence[Any], datetime], int]


@dataclass(frozen=True)
class Erasure:
    """How the data of one kind (a key of ``retention.toml``) end.

    ``due`` selects the rows' keys whose time is over; ``erase`` takes some of these keys, which may
    have changed meanwhile, and says how many it erased. ``most`` go in one transaction.
    """

    kind: str
    due: Due
    erase: Erase
    most: int = BATCH


def erasure_of_rows(kind: str, *key: InstrumentedAttribute[Any], over: Callable[[datetime], Any]) -> Erasure:
    """Data of which nothing remains: the rows for which ``over(now)`` holds are deleted by their ``key``."""

    def due(session: Session, now: datetime) -> sa.Select[*tuple[Any, ...]]:
        return sa.select(*key).where(over(now))

    def erase(session: Session, found: Sequence[Any], now: datetime) -> int:
        these = sa.tuple_(*key).in_([tuple(row) for row in found])
        gone = sa.delete(key[0].class_).where(these, over(now)).returning(sa.literal(1))
        return len(session.execute(gone.execution_options(synchronize_session=False)).all())

    return Erasure(kind, due, erase)


def count_due(session: Session, erasure: Erasure, *, now: datetime) -> int:
    """How much of this kind has been kept for its time."""
    due = erasure.due(session, now).order_by(None).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(due)) or 0


def erase_due(session: Session, erasures: Iterable[Erasure], *, now: datetime) -> dict[str, int]:
    """Erase what is due, of each kind at most one batch; how much that was of each.

    A kind of which as much as ``most`` was found may have more.
    """
    return {erasure.kind: _erase_batch(session, erasure, now) for erasure in erasures}


def may_have_more(erasures: Iterable[Erasure], erased: dict[str, int]) -> bool:
    """Whether a batch was full, so that another transaction may find more."""
    return any(erased[erasure.kind] >= erasure.most for erasure in erasures)


def _erase_batch(session: Session, erasure: Erasure, now: datetime) -> int:
    found = session.execute(erasure.due(session, now).limit(erasure.most)).all()
    return erasure.erase(session, found, now) if found else 0
