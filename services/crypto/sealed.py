"""Sealed columns: text that exists encrypted in the database, and the register of all of them."""

import pkgutil
from importlib import import_module
from typing import Any, overload
from uuid import UUID

import sqlalchemy as sa

import services
from services.crypto.ring import keys
from services.database import Base

_sealed: "list[Sealed]" = []


class Sealed:
    """A text attribute kept encrypted in the bytes column of the same name plus ``_sealed``.

    ``name: ClassVar = Sealed()`` beside ``name_sealed: Mapped[bytes | None]``. Setting seals at
    once (the row's id is known), reading opens on demand; ``Person.name.open(row_id, bytes)``
    opens a bare column.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._table = owner.__dict__["__tablename__"]
        self._name = name
        self._column = f"{name}_sealed"
        _sealed.append(self)

    @property
    def column(self) -> sa.Column[bytes | None]:
        """The column in which the sealed bytes stand."""
        return Base.metadata.tables[self._table].c[self._column]

    def _place(self, row_id: UUID) -> str:
        return f"{self._table}.{self._name}:{row_id.hex}"

    def open(self, row_id: UUID, sealed: bytes | None) -> str | None:
        """Open a bare column value of the row ``row_id``."""
        return None if sealed is None else keys().open(sealed, self._place(row_id))

    def seal(self, row_id: UUID, text: str) -> bytes:
        """The bytes that stand in the column for ``text`` in the row ``row_id``, for writing in bulk."""
        return keys().seal(text, self._place(row_id))

    def reseal(self, row_id: UUID, sealed: bytes) -> bytes:
        """The same text of the row ``row_id``, sealed with the key that writes now."""
        place = self._place(row_id)
        return keys().seal(keys().open(sealed, place), place)

    @overload
    def __get__(self, row: None, owner: type) -> "Sealed": ...
    @overload
    def __get__(self, row: Any, owner: type) -> str | None: ...
    def __get__(self, row: Any, owner: type) -> "Sealed | str | None":
        if row is None:
            return self
        return self.open(row.id, getattr(row, self._column))

    def __set__(self, row: Any, text: str | None) -> None:
        setattr(row, self._column, None if text is None else self.seal(row.id, text))


def sealed_columns() -> "dict[sa.Table, list[Sealed]]":
    """Every sealed column of every room, by table, found from the models themselves."""
    for room in pkgutil.iter_modules(services.__path__, "services."):
        if room.ispkg and any(part.name == "models" for part in pkgutil.iter_modules(_folder(room.name))):
            import_module(f"{room.name}.models")
    found: dict[sa.Table, list[Sealed]] = {}
    for sealed in _sealed:
        found.setdefault(sealed.column.table, []).append(sealed)
    return found


def _folder(room: str) -> list[str]:
    return [f"{folder}/{room.rpartition('.')[2]}" for folder in services.__path__]
