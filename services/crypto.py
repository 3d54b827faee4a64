"""Personal data at rest: sealed columns, blind indexes to look them up, and the ring of keys.

A sealed value is AES-256-GCM, bound to its table, column and row: moved elsewhere it does not
open. Look-ups go by a keyed HMAC of the normalised value, never by the value.
"""

import hashlib
import hmac
import os
from typing import Any, overload
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.settings import Settings

KEY_ID_BYTES = 4
NONCE_BYTES = 12
INDEX_BYTES = 16


class KeyMissing(Exception):
    """A value was sealed with a key that the ring does not hold."""


class NotGenuine(KeyMissing):
    """A value is not what was sealed in this place with the key that it names."""


class KeyRing:
    """The first key writes, all of them read. ``index_secret`` keys the blind indexes and codes."""

    def __init__(self, keys: tuple[bytes, ...], index_secret: str) -> None:
        self._ciphers = {hashlib.sha256(key).digest()[:KEY_ID_BYTES]: AESGCM(key) for key in keys}
        self._first = hashlib.sha256(keys[0]).digest()[:KEY_ID_BYTES]
        self._index_key = HKDF(SHA256(), 32, None, b"usrati blind index").derive(index_secret.encode())

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt ``text`` for ``place`` (``table.column:row``)."""
        nonce = os.urandom(NONCE_BYTES)
        return self._first + nonce + self._ciphers[self._first].encrypt(nonce, text.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt what was sealed for ``place``. Raises KeyMissing, NotGenuine."""
        cipher = self._ciphers.get(sealed[:KEY_ID_BYTES])
        nonce, body = sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES], sealed[KEY_ID_BYTES + NONCE_BYTES :]
        if cipher is None:
            raise KeyMissing(f"no key of the ring opens {place}")
        try:
            return cipher.decrypt(nonce, body, place.encode()).decode()
        except InvalidTag:
            raise NotGenuine(f"{place} does not open: it is not what was sealed there") from None

    def digest(self, kind: str, value: str) -> bytes:
        """A keyed digest of a normalised value: equal values of one kind, equal digests."""
        return hmac.digest(self._index_key, f"{kind}\0{value}".encode(), "sha256")[:INDEX_BYTES]


_ring: KeyRing | None = None


def install_keys(settings: Settings) -> None:
    """Give this process its keys; models seal and open with them from here on."""
    global _ring
    _ring = KeyRing(settings.encryption_keys, settings.secret_key)


def keys() -> KeyRing:
    """The ring of this process. Raises KeyMissing before :func:`install_keys`."""
    if _ring is None:
        raise KeyMissing("no keys installed in this process")
    return _ring


def blind_index(kind: str, value: str) -> bytes:
    """The 16 bytes by which a sealed value of ``kind`` is found (``idcs``, ``mobile``, ``address``)."""
    return keys().digest(kind, value)


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

    def _place(self, row_id: UUID) -> str:
        return f"{self._table}.{self._name}:{row_id.hex}"

    def open(self, row_id: UUID, sealed: bytes | None) -> str | None:
        """Open a bare column value of the row ``row_id``."""
        return None if sealed is None else keys().open(sealed, self._place(row_id))

    @overload
    def __get__(self, row: None, owner: type) -> "Sealed": ...
    @overload
    def __get__(self, row: Any, owner: type) -> str | None: ...
    def __get__(self, row: Any, owner: type) -> "Sealed | str | None":
        if row is None:
            return self
        return self.open(row.id, getattr(row, self._column))

    def __set__(self, row: Any, text: str | None) -> None:
        setattr(row, self._column, None if text is None else keys().seal(text, self._place(row.id)))
