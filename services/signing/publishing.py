"""The public keys as a document: what anyone needs to check a signature without asking us again."""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy.orm import Session

from services.signing.keys import PublicKey, public_of
from services.signing.models import SigningKey
from services.signing.signatures import is_ours


def published_keys(session: Session) -> list[PublicKey]:
    """Every key whose signatures we stand by, the newest first; one statement.

    As :func:`services.signing.verify` has it: a public key counts only beside its own private part.
    """
    rows = session.scalars(sa.select(SigningKey).order_by(SigningKey.created_at.desc(), SigningKey.key_id))
    return [public_of(row) for row in rows if is_ours(row)]


def keys_document(keys: Iterable[PublicKey]) -> list[dict[str, Any]]:
    """Keys as they are published: ``public`` is the base64 of the 32 bytes, ``pem`` the same for openssl."""
    return [
        {
            "id": key.key_id,
            "algorithm": key.algorithm,
            "public": base64.b64encode(key.public).decode(),
            "pem": pem_of(key.public),
            "created_at": key.created_at.isoformat(),
            "retired_at": key.retired_at.isoformat() if key.retired_at else None,
        }
        for key in keys
    ]


def read_keys(text: str) -> Mapping[str, bytes]:
    """The public keys of such a document by id, 32 bytes each. Raises ValueError for anything else."""
    try:
        keys = {entry["id"]: base64.b64decode(entry["public"], validate=True) for entry in json.loads(text)}
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("not a list of public keys as /v/keys gives it") from error
    if not keys or any(not isinstance(key_id, str) or len(public) != 32 for key_id, public in keys.items()):
        raise ValueError("not a list of public keys as /v/keys gives it")
    return keys


def verify_with(public: bytes, content: bytes, signature: bytes) -> bool:
    """Whether the key of those 32 bytes signed exactly ``content``. Asks no database."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except InvalidSignature:
        return False
    return True


def pem_of(public: bytes) -> str:
    """A public key as PEM (SubjectPublicKeyInfo, RFC 8410)."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
