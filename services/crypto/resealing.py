"""Bringing every sealed value under the key that writes, while the service runs.

Batch by batch: read, seal anew, and store only where the value is still the one that was read.
Killed anywhere, it goes on where it was: what is done already begins with the new key's id.
"""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.crypto.ring import KEY_ID_BYTES, KeyMissing, keys
from services.crypto.sealed import Sealed, sealed_columns
from services.database import Database

BATCH_ROWS = 500
FRUITLESS_PASSES = 10
PAUSE_SECONDS = 0.5


class Place(NamedTuple):
    """Where one sealed value stands."""

    column: str
    row_id: UUID


def keys_in_use(session: Session) -> dict[str, int]:
    """How many sealed values stand under each key id (hexadecimal). Reads every table."""
    found: dict[str, int] = {}
    for columns in sealed_columns().values():
        for sealed in columns:
            prefix = _prefix(sealed)
            for key_id, count in session.execute(
                sa.select(prefix, sa.func.count()).where(sealed.column.is_not(None)).group_by(prefix)
            ):
                found[key_id.hex()] = found.get(key_id.hex(), 0) + count
    return found


def count_stale(session: Session) -> int:
    """How many rows hold a value that is not under the key that writes. Reads every table."""
    return sum(
        session.scalar(sa.select(sa.func.count()).select_from(table).where(_stale(columns))) or 0
        for table, columns in sealed_columns().items()
    )


class Resealing:
    """One rotation. Iterate :meth:`run`; ``damaged`` then names the values that do not open."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.damaged: dict[Place, None] = {}

    def run(self) -> Iterator[int]:
        """Re-seal every row, yielding after each batch how many rows it brought under the new key.

        A row that somebody else holds or changes meanwhile is left to the next pass.
        """
        fruitless = 0
        while fruitless < FRUITLESS_PASSES and self._left():
            done = 0
            for table, columns in sealed_columns().items():
                for rows in self._batches(table, columns):
                    changed = self._store(table, columns, rows)
                    done += changed
                    yield changed
            fruitless = 0 if done else fruitless + 1
            if fruitless:
                time.sleep(PAUSE_SECONDS)

    def _left(self) -> bool:
        with self._database.reading() as session:
            return count_stale(session) > len({place.row_id for place in self.damaged})

    def _batches(self, table: sa.Table, columns: list[Sealed]) -> Iterator[list[sa.Row[Any]]]:
        chosen = sa.select(table.c.id, *(sealed.column for sealed in columns)).where(_stale(columns))
        last: UUID | None = None
        while True:
            beyond = chosen if last is None else chosen.where(table.c.id > last)
            with self._database.reading() as session:
                rows = list(session.execute(beyond.order_by(table.c.id).limit(BATCH_ROWS)))
            if not rows:
                return
            yield rows
            last = rows[-1].id

    def _store(self, table: sa.Table, columns: list[Sealed], rows: list[sa.Row[Any]]) -> int:
        changes: dict[tuple[Sealed, ...], list[dict[str, Any]]] = {}
        for row in rows:
            parameters = self._sealed_anew(columns, row)
            stale = tuple(sealed for sealed in columns if f"new_{sealed.column.name}" in parameters)
            if stale:
                changes.setdefault(stale, []).append(parameters)
        changed = 0
        with self._database.writing() as session:
            # PostgreSQL: what another transaction holds is left out, so that nobody ever waits for
            # us while we wait for him; and a row of a family may be referred to meanwhile.
            held = sa.select(table.c.id).where(table.c.id.in_([row.id for row in rows]))
            free = set(session.scalars(held.with_for_update(key_share=True, skip_locked=True)))
            for stale, parameters_of_all in changes.items():
                ours = [parameters for parameters in parameters_of_all if parameters["row_id"] in free]
                if ours:
                    result = session.connection().execute(_compare_and_set(table, stale), ours)
                    changed += max(result.rowcount, 0)
        return changed

    def _sealed_anew(self, columns: list[Sealed], row: sa.Row[Any]) -> dict[str, Any]:
        parameters: dict[str, Any] = {"row_id": row.id}
        for sealed in columns:
            name = sealed.column.name
            value: bytes | None = getattr(row, name)
            if value is None or value[:KEY_ID_BYTES] == keys().first_id:
                continue
            try:
                parameters |= {f"old_{name}": value, f"new_{name}": sealed.reseal(row.id, value)}
            except KeyMissing:
                self.damaged[Place(str(sealed.column), row.id)] = None
        return parameters


def _compare_and_set(table: sa.Table, columns: tuple[Sealed, ...]) -> sa.Update:
    unchanged = [sealed.column == sa.bindparam(f"old_{sealed.column.name}") for sealed in columns]
    new: dict[str, Any] = {sealed.column.name: sa.bindparam(f"new_{sealed.column.name}") for sealed in columns}
    return sa.update(table).where(table.c.id == sa.bindparam("row_id"), *unchanged).values(new)


def _stale(columns: list[Sealed]) -> sa.ColumnElement[bool]:
    return sa.or_(*(_prefix(sealed) != keys().first_id for sealed in columns))


def _prefix(sealed: Sealed) -> sa.ColumnElement[bytes]:
    return sa.func.substr(sealed.column, 1, KEY_ID_BYTES, type_=sa.LargeBinary())
