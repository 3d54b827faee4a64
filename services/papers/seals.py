"""What exactly is signed of a paper, so that anyone with the published keys can check it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def digest_of(content: Mapping[str, str | int | datetime]) -> bytes:
    """SHA-256 of what a paper says: JSON with sorted keys, no spaces, instants in UTC to the microsecond."""
    plain = {name: _instant(value) if isinstance(value, datetime) else value for name, value in content.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).digest()


def inputs_digest(document: Mapping[str, Any]) -> bytes:
    """SHA-256 of a declaration: JSON with sorted keys, no spaces. It holds random ids: nobody guesses it."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).digest()


def seal_of(*, code: str, kind: str, locale: str, issued_at: datetime, digest: bytes) -> bytes:
    """The bytes that are signed; they begin by saying what they are."""
    lines = ("usrati paper 1", code, kind, locale, _instant(issued_at), digest.hex())
    return "\n".join(lines).encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
