"""No sealed column can be forgotten by a rotation."""

from pathlib import Path

import sqlalchemy as sa

import services
from services.crypto import sealed_columns
from services.database import Base

# Bytes that are clear by design: the marks of keys, and what the formula reads, under random ids.
CLEAR = ("key_marks", "score_inputs")


def test_every_column_of_sealed_bytes_is_known_to_rotation() -> None:
    known = {sealed.column for columns in sealed_columns().values() for sealed in columns}
    of_bytes = {
        column
        for table in Base.metadata.tables.values()
        for column in table.c
        if isinstance(column.type, sa.LargeBinary) and column.type.length is None and table.name not in CLEAR
    }
    assert known == of_bytes
    assert all(column.name.endswith("_sealed") for column in known)
    assert all(isinstance(column.table.c.id.type, sa.Uuid) for column in known)


def test_sealed_columns_stand_where_they_are_looked_for() -> None:
    users = {
        path
        for path in Path(services.__path__[0]).rglob("*.py")
        if "= Sealed()" in path.read_text() and path.name != "sealed.py"
    }
    assert {path.name for path in users} <= {"models.py", "__init__.py"}
    assert {path.parent.name for path in users if path.name == "__init__.py"} <= {"models"}
    assert users, "the search itself finds nothing"
