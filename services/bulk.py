"""Rows by the thousand in one statement: COPY on PostgreSQL, one prepared insert on SQLite."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Base

Rows = Sequence[Mapping[str, Any]]


def add_rows(session: Session, model: type[Base], rows: Rows) -> None:
    """Write complete ``rows`` (every column of the first one, no defaults) in the caller's transaction.

    Raises IntegrityError (psycopg's own on PostgreSQL) where one of them breaks a rule of the table.
    """
    if not rows:
        return
    table = Base.metadata.tables[model.__tablename__]
    if session.get_bind().dialect.name == "postgresql":
        _copy(session, table, rows)
    else:
        session.connection().execute(sa.insert(table), rows)


def take_turns(session: Session, *, name: str) -> None:
    """Wait until no other transaction holds the turn called ``name``; it lasts to the end of this one.

    Writers of SQLite take turns anyhow.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(name))))


def _copy(session: Session, table: sa.Table, rows: Rows) -> None:
    names = list(rows[0])
    json_columns = {name for name in names if isinstance(table.c[name].type, sa.JSON)}
    quote = session.connection().dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    cursor: Any = session.connection().connection.cursor()
    with cursor, cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([json.dumps(row[name]) if name in json_columns else row[name] for name in names])
