"""A process starts only with the keys that its database needs: a lost key is told at once.

Two witnesses say which keys those are: the mark that every key leaves at its first use, and some
sealed values from both ends of every table.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.crypto.models import KeyMark
from services.crypto.ring import KEY_ID_BYTES, KeyMissing, keys
from services.crypto.sealed import Sealed, sealed_columns
from services.database import Database

SEALING = "sealing"
SECRET = "secret"  # noqa: S105 (the name of a kind)
SAMPLE = "usrati"
ROWS_SAMPLED = 20


def hold_keys(database: Database, *, now: datetime) -> list[str]:
    """What forbids to start with the keys of this process, in sentences; else leave their marks.

    A few short statements, whatever the size of the database.
    """
    with database.reading() as session:
        if not sa.inspect(session.connection()).has_table(KeyMark.__tablename__):
            return ["the database has not the tables of this version: run `usrati migrate` first"]
        faults = key_faults(session)
        marks = () if faults else tuple(_marks_to_leave(session, now))
    for mark in marks:
        with database.writing() as session:
            leave_mark(session, mark)
    return faults


def key_faults(session: Session) -> list[str]:
    """What cannot be read with the keys of this process, one sentence for each key that is missing."""
    rows = session.scalars(sa.select(KeyMark).where(KeyMark.released_at.is_(None)).order_by(KeyMark.since)).all()
    held = {key_id.hex() for key_id in keys().ids}
    sealing = [row for row in rows if row.kind == SEALING]
    missing = {row.key_id: f"since {row.since:%Y-%m-%d}" for row in sealing if row.key_id not in held}
    for table, columns in sealed_columns().items():
        for key_id in _ids_sampled(session, table, columns):
            if key_id not in held:
                missing.setdefault(key_id, f"in the table {table.name}")
    faults = [
        f"USRATI_ENCRYPTION_KEYS lacks the key {key_id}, with which personal data was sealed {where}: put it back,"
        " after the others; without it that data is lost"
        for key_id, where in missing.items()
    ]
    faults += [
        f"the mark of the key {row.key_id} in the table key_marks is not the one it left: restore the table"
        for row in sealing
        if row.key_id in held and not _is_genuine(row)
    ]
    if any(row.kind == SECRET and row.mark != _secret_mark() for row in rows):
        faults.append(
            "USRATI_SECRET_KEY is not the one this database was begun with: put that one back; with another, nobody"
            " is found by number, and no code, session or journal entry is genuine"
        )
    return faults


def leave_mark(session: Session, mark: KeyMark) -> None:
    """Say that ``mark``'s key is in use from here on; two processes that say it at once say it once."""
    try:
        with session.begin_nested():
            session.merge(mark)
            session.flush()
    except IntegrityError:
        session.expire_all()


def marked_keys(session: Session) -> dict[str, datetime]:
    """The sealing keys that this database needs, by id, and since when."""
    chosen = sa.select(KeyMark).where(KeyMark.kind == SEALING, KeyMark.released_at.is_(None))
    return {row.key_id: row.since for row in session.scalars(chosen.order_by(KeyMark.since))}


def release_unused(session: Session, *, in_use: Collection[str], now: datetime) -> list[str]:
    """Let go of the old keys that seal nothing any more, and name them: whoever lacks them may start."""
    first = keys().first_id.hex()
    known = {key_id.hex() for key_id in keys().ids} | marked_keys(session).keys()
    unused = sorted(known - {first} - set(in_use))
    these = (KeyMark.kind == SEALING) & KeyMark.key_id.in_(unused)
    session.execute(sa.update(KeyMark).where(these, KeyMark.released_at.is_(None)).values(released_at=now))
    return unused


def _marks_to_leave(session: Session, now: datetime) -> Iterator[KeyMark]:
    chosen = sa.select(KeyMark.kind, KeyMark.key_id).where(KeyMark.released_at.is_(None))
    standing = {(row.kind, row.key_id) for row in session.execute(chosen)}
    first = keys().first_id.hex()
    if (SEALING, first) not in standing:
        yield KeyMark(kind=SEALING, key_id=first, mark=keys().seal(SAMPLE, _place(first)), since=now, released_at=None)
    if SECRET not in {kind for kind, _ in standing}:
        mark = _secret_mark()
        yield KeyMark(kind=SECRET, key_id=mark[:KEY_ID_BYTES].hex(), mark=mark, since=now)


def _is_genuine(row: KeyMark) -> bool:
    try:
        return keys().open(row.mark, _place(row.key_id)) == SAMPLE
    except KeyMissing:
        return False


def _ids_sampled(session: Session, table: sa.Table, columns: list[Sealed]) -> set[str]:
    found: set[str] = set()
    for end in (table.c.id.asc(), table.c.id.desc()):
        for row in session.execute(sa.select(*(sealed.column for sealed in columns)).order_by(end).limit(ROWS_SAMPLED)):
            found |= {value[:KEY_ID_BYTES].hex() for value in row if value is not None}
    return found


def _secret_mark() -> bytes:
    return keys().digest("key mark", SAMPLE)


def _place(key_id: str) -> str:
    return f"key_marks.mark:{key_id}"
