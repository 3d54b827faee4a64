"""The agency's signing keys: one signs, every one that ever signed still verifies."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.signing.models import SigningKey

ALGORITHM = "Ed25519"


@dataclass(frozen=True)
class PublicKey:
    """What anyone may know of a signing key; ``public`` is its 32 raw bytes (RFC 8032)."""

    key_id: str
    algorithm: str
    public: bytes
    created_at: datetime
    retired_at: datetime | None


def public_keys(session: Session) -> list[PublicKey]:
    """Every signing key there ever was, the newest first."""
    rows = session.scalars(sa.select(SigningKey).order_by(SigningKey.created_at.desc(), SigningKey.key_id))
    return [public_of(row) for row in rows]


def ensure_signing_key(session: Session, *, now: datetime) -> PublicKey:
    """The key that signs; the first one is made here. Two processes that make it make one."""
    return public_of(signing_row(session, now=now))


def rotate_signing_key(session: Session, *, now: datetime) -> PublicKey:
    """Make a new key that signs from here on; what the former one signed still verifies."""
    row = session.scalars(_signing().with_for_update()).one_or_none()
    if row is not None:
        row.retired_at = now
        session.flush()
    return public_of(_make_key(session, now))


def signing_row(session: Session, *, now: datetime) -> SigningKey:
    """The row of the key that signs, made where there is none."""
    row = session.scalars(_signing()).one_or_none()
    if row is not None:
        return row
    try:
        with session.begin_nested():
            return _make_key(session, now)
    except IntegrityError:
        return session.scalars(_signing()).one()


def _signing() -> sa.Select[SigningKey]:
    return sa.select(SigningKey).where(SigningKey.retired_at.is_(None), SigningKey.algorithm == ALGORITHM)


def _make_key(session: Session, now: datetime) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    row = SigningKey(
        key_id=hashlib.sha256(public).hexdigest()[:8],
        algorithm=ALGORITHM,
        public=public,
        private=base64.b64encode(private.private_bytes_raw()).decode(),
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def public_of(row: SigningKey) -> PublicKey:
    """The public part of a stored key."""
    return PublicKey(row.key_id, row.algorithm, row.public, row.created_at, row.retired_at)
