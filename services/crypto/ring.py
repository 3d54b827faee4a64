"""The keys of an installation: the ring that seals and opens, the secret that keys the digests."""

import hashlib
import hmac
import os

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
        self._ciphers = {_id_of(key): AESGCM(key) for key in keys}
        self._first = _id_of(keys[0])
        self._index_key = HKDF(SHA256(), 32, None, b"usrati blind index").derive(index_secret.encode())

    @property
    def first_id(self) -> bytes:
        """The id of the key that writes: the bytes with which all that it seals begins."""
        return self._first

    @property
    def ids(self) -> tuple[bytes, ...]:
        """The ids of all keys of the ring, the writing one first."""
        return tuple(self._ciphers)

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


def _id_of(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()[:KEY_ID_BYTES]


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
