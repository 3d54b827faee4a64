"""Signing some bytes, and telling a signature of ours from any other.

What is signed should begin by saying what it is (``usrati receipt 1\\n…``), so that a signature
under one kind of thing never holds for another.
"""

import base64
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from services.crypto import NotGenuine
from services.signing.keys import signing_row
from services.signing.models import SigningKey


@dataclass(frozen=True)
class Signature:
    """An Ed25519 signature (``value``, 64 bytes) and the id of the key that made it."""

    key_id: str
    value: bytes


def sign(session: Session, content: bytes, now: datetime) -> Signature:
    """Sign ``content`` with the key in use: one statement.

    Where no key was made yet (``usrati migrate`` makes the first) the session must be a writing one.
    """
    row = signing_row(session, now=now)
    return Signature(row.key_id, _private_key(row).sign(content))


def verify(session: Session, content: bytes, signature: Signature) -> bool:
    """Whether one of our keys, retired or not, signed exactly ``content``: one statement.

    A public key counts only beside its own private part, sealed: whoever can write into the
    table but has not the key ring cannot add a key that we believe.
    """
    row = session.scalars(sa.select(SigningKey).where(SigningKey.key_id == signature.key_id)).one_or_none()
    if row is None:
        return False
    try:
        _private_key(row).public_key().verify(signature.value, content)
    except (InvalidSignature, NotGenuine):
        return False
    return True


def is_ours(row: SigningKey) -> bool:
    """Whether the stored public key belongs to a private one that we sealed."""
    try:
        return _private_key(row).public_key().public_bytes_raw() == row.public
    except NotGenuine:
        return False


def _private_key(row: SigningKey) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(row.private or ""))
