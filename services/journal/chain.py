"""The forms of the chain: what is hashed, proved and signed, byte for byte."""

import hashlib
import hmac
import json
import os
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.crypto import keys
from services.journal.models import JournalEntry

NONCE_BYTES = 8
GENESIS = hashlib.sha256(b"usrati journal 1").digest()
FACTS = tuple(column.key for column in JournalEntry.__table__.columns if column.key not in ("id", "proof"))


def content_of(entry: Any) -> str:
    """What an entry (or its row) says, canonically: JSON, keys in order, nothing that is null.

    Leaving nulls out lets a column be added later without changing what old entries say.
    """
    facts = {name: _plain(getattr(entry, name)) for name in FACTS if getattr(entry, name) is not None}
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def prove(entry: Any) -> bytes:
    """The proof by which the service knows an entry as its own: 8 random bytes, then 16 that are keyed.

    No two entries have the same, however alike: a copy of one betrays itself.
    """
    return _proof(entry, os.urandom(NONCE_BYTES))


def is_genuine(entry: Any) -> bool:
    """Whether the service wrote the entry, and wrote it so."""
    proof: bytes | None = entry.proof
    return proof is not None and hmac.compare_digest(proof, _proof(entry, proof[:NONCE_BYTES]))


def digest_of(entry: Any) -> bytes:
    """What a link keeps of an entry: SHA-256 of its number, its content and its proof."""
    proof = (entry.proof or b"").hex()
    return hashlib.sha256(f"{entry.id}\n{content_of(entry)}\n{proof}".encode()).digest()


def link_hash(previous: bytes, *, sequence: int, entry_id: int, entry_digest: bytes, sealed_at: datetime) -> bytes:
    """The hash of a link: SHA-256 of the former one and of everything the link says."""
    said = f"{sequence}\n{entry_id}\n{entry_digest.hex()}\n{_plain(sealed_at)}"
    return hashlib.sha256(previous + said.encode()).digest()


def link_mark(hash_: bytes) -> bytes:
    """The digest by which the service knows a link as its own (16 bytes)."""
    return keys().digest("journal link", hash_.hex())


def head_statement(*, sequence: int, hash_: bytes, last_entry_id: int, first_proved_id: int, rooted: int) -> bytes:
    """What is signed about the end of the chain."""
    said = f"{sequence}\n{hash_.hex()}\n{last_entry_id}\n{first_proved_id}\n{rooted}"
    return f"usrati journal head 1\n{said}".encode()


def root_statement(*, day: date, first_sequence: int, last_sequence: int, hash_: bytes) -> bytes:
    """What is signed about a day."""
    return f"usrati journal root 1\n{day.isoformat()}\n{first_sequence}\n{last_sequence}\n{hash_.hex()}".encode()


def _proof(entry: Any, nonce: bytes) -> bytes:
    return nonce + keys().digest("journal entry", f"{nonce.hex()}\n{content_of(entry)}")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return value.hex
    return str(value) if isinstance(value, str) else value
