"""Batches of packed inputs out of the database, and of scores into it, without a Python step a household.

PostgreSQL gives a batch as four long strings of bytes and takes scores as binary COPY; SQLite
gives and takes rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.scoring.bulk.columns import Numbers, Truths
from services.scoring.bulk.packing import Unpackable, pack_document
from services.scoring.models import RunScore, ScoreInputs

NOBODY = UUID(int=0)
ID_BYTES = 16
_LAST = UUID(int=2**128 - 1)
_READ_STRINGS = """
SELECT string_agg(uuid_send(household_id), ''::bytea), string_agg(uuid_send(declaration_id), ''::bytea),
       string_agg(int4send(octet_length(packed)), ''::bytea), string_agg(packed, ''::bytea)
FROM (
  SELECT household_id, declaration_id, packed FROM score_inputs
  WHERE household_id > %(after)s AND household_id <= %(last)s ORDER BY household_id
) AS batch
"""
# By a range that is known PostgreSQL visits each page of the table once a batch, not each row by itself.
_LAST_OF_BATCH = """
SELECT household_id FROM score_inputs WHERE household_id > %(after)s ORDER BY household_id OFFSET %(most)s LIMIT 1
"""
_SORT_IN_MEMORY = "SET LOCAL work_mem = '64MB'"
_READ_ROWS = """
SELECT household_id, declaration_id, packed FROM score_inputs WHERE household_id > ? ORDER BY household_id LIMIT ?
"""
_COPY = "COPY run_scores (household_id, run_id, declaration_id, total_nano) FROM STDIN (FORMAT BINARY)"
_COPY_HEADER, _COPY_END = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8, b"\xff\xff"
# A row of PostgreSQL's binary COPY: how many fields, and before each field its length.
_COPY_ROW = np.dtype(
    [
        ("fields", ">i2"),
        *[part for name in ("household", "run", "declaration") for part in ((f"{name}_length", ">i4"), (name, "V16"))],
        ("total_length", ">i4"),
        ("total", ">i8"),
    ]
)


@dataclass(frozen=True, eq=False)
class Batch:
    """Some households: ids of 16 bytes each, packed inputs one behind the other."""

    households: bytes
    declarations: bytes
    lengths: Numbers
    packed: bytes

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def last(self) -> UUID:
        """The household with the greatest id; a server that works in parallel need not give it last."""
        halves = np.frombuffer(self.households, dtype=">u8").reshape(-1, 2)
        first = halves[:, 0].max()
        second = halves[halves[:, 0] == first, 1].max()
        return UUID(int=int(first) << 64 | int(second))

    def ids_of(self, which: Truths) -> list[UUID]:
        """The households that are ``which``."""
        return [UUID(text) for text in _texts(np.frombuffer(self.households, dtype="V16")[which].tobytes())]


def read_batch(session: Session, *, after: UUID | None, most: int) -> Batch:
    """The next ``most`` households behind ``after``; an empty batch at the end."""
    session.flush()
    if session.get_bind().dialect.name != "postgresql":
        rows = session.connection().exec_driver_sql(_READ_ROWS, ((after or NOBODY).hex, most)).all()
        return _batch_of([(bytes.fromhex(one), bytes.fromhex(other), packed) for one, other, packed in rows])
    with _cursor(session) as cursor:
        cursor.execute(_SORT_IN_MEMORY)
        bounds = {"after": after or NOBODY, "most": most - 1}
        found = cursor.execute(_LAST_OF_BATCH, bounds).fetchone()
        cursor.execute(_READ_STRINGS, bounds | {"last": found[0] if found else _LAST})
        households, declarations, lengths, packed = (part or b"" for part in cursor.fetchone())
    return Batch(households, declarations, np.frombuffer(lengths, dtype=">i4").astype(np.int64), packed)


def find_changed(session: Session, *, run_id: UUID) -> list[UUID]:
    """The households that this run has not scored as they are now: they came or changed since."""
    same = sa.and_(RunScore.household_id == ScoreInputs.household_id, RunScore.run_id == run_id)
    changed = sa.or_(RunScore.household_id.is_(None), RunScore.declaration_id != ScoreInputs.declaration_id)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(_SORT_IN_MEMORY))
    chosen = sa.select(ScoreInputs.household_id).outerjoin(RunScore, same).where(changed)
    return sorted(session.scalars(chosen))


def read_some(session: Session, *, households: Sequence[UUID]) -> Batch:
    """The inputs of these households."""
    chosen = sa.select(ScoreInputs.household_id, ScoreInputs.declaration_id, ScoreInputs.packed)
    rows = session.execute(chosen.where(ScoreInputs.household_id.in_(households)).order_by(ScoreInputs.household_id))
    return _batch_of([(row.household_id.bytes, row.declaration_id.bytes, row.packed) for row in rows])


def pack_batch(rows: Iterable[tuple[UUID, UUID, Mapping[str, Any]]]) -> tuple[Batch, int]:
    """A batch of documents that are not kept in columns, and how many of them cannot be packed."""
    kept: list[tuple[UUID, UUID, bytes]] = []
    refused = 0
    for household_id, declaration_id, document in rows:
        try:
            kept.append((household_id, declaration_id, pack_document(document)))
        except Unpackable:
            refused += 1
    return _batch_of([(one.bytes, other.bytes, packed) for one, other, packed in kept]), refused


def write_scores(session: Session, *, run_id: UUID, batch: Batch, scored: Truths, totals: Numbers) -> None:
    """Keep ``totals`` (nano-units) of those of a batch that were ``scored``, in the caller's transaction."""
    households = np.frombuffer(batch.households, dtype="V16")[scored]
    declarations = np.frombuffer(batch.declarations, dtype="V16")[scored]
    if not len(households):
        return
    if session.get_bind().dialect.name == "postgresql":
        rows = np.empty(len(totals), dtype=_COPY_ROW)
        rows["fields"], rows["total_length"] = 4, 8
        rows["household_length"] = rows["run_length"] = rows["declaration_length"] = ID_BYTES
        rows["household"], rows["declaration"], rows["total"] = households, declarations, totals
        rows["run"] = np.frombuffer(run_id.bytes, dtype="V16")
        with _cursor(session) as cursor, cursor.copy(_COPY) as copy:
            copy.write(_COPY_HEADER + rows.tobytes() + _COPY_END)
    else:
        columns = zip(_texts(households.tobytes()), _texts(declarations.tobytes()), totals.tolist(), strict=True)
        values = [(household, run_id.hex, declaration, total) for household, declaration, total in columns]
        command = "INSERT INTO run_scores (household_id, run_id, declaration_id, total_nano) VALUES (?, ?, ?, ?)"
        session.connection().exec_driver_sql(command, values)


def delete_scores(session: Session, *, run_id: UUID, households: bytes) -> int:
    """Take this run's scores of some households away; how many there were."""
    gone = 0
    ids = [UUID(text) for text in _texts(households)]
    for first in range(0, len(ids), 500):
        these = RunScore.household_id.in_(ids[first : first + 500])
        delete = sa.delete(RunScore).where(RunScore.run_id == run_id, these).returning(RunScore.household_id)
        gone += len(session.execute(delete.execution_options(synchronize_session=False)).all())
    return gone


def _cursor(session: Session) -> Any:
    # Binary: otherwise bytes would travel, and be read, as hexadecimal text.
    return session.connection().connection.driver_connection.cursor(binary=True)  # type: ignore[union-attr]


def _batch_of(rows: Sequence[tuple[bytes, bytes, bytes]]) -> Batch:
    households, declarations, packed = (b"".join([row[place] for row in rows]) for place in range(3))
    return Batch(households, declarations, np.array([len(row[2]) for row in rows], dtype=np.int64), packed)


def _texts(ids: bytes) -> list[str]:
    whole = ids.hex()
    return [whole[first : first + 2 * ID_BYTES] for first in range(0, len(whole), 2 * ID_BYTES)]
