"""Personal data at rest: sealed columns, blind indexes to look them up, and the ring of keys.

A sealed value is AES-256-GCM, bound to its table, column and row: moved elsewhere it does not
open. Look-ups go by a keyed HMAC of the normalised value, never by the value.
"""

from services.crypto.ring import (
    INDEX_BYTES,
    KEY_ID_BYTES,
    KeyMissing,
    KeyRing,
    NotGenuine,
    blind_index,
    install_keys,
    keys,
)
from services.crypto.sealed import Sealed, sealed_columns

__all__ = [
    "INDEX_BYTES",
    "KEY_ID_BYTES",
    "KeyMissing",
    "KeyRing",
    "NotGenuine",
    "Sealed",
    "blind_index",
    "install_keys",
    "keys",
    "sealed_columns",
]
