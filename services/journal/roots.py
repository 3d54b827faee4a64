"""The signed root of each day: read, written out to be published, and read again to be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.journal.chain import root_statement
from services.journal.models import JournalRoot
from services.signing import Signature


@dataclass(frozen=True)
class Root:
    """The hash of the last link of a day (UTC), which covers every link before it, signed."""

    day: date
    first_sequence: int
    last_sequence: int
    hash: bytes
    signature: Signature

    @property
    def statement(self) -> bytes:
        """What is signed."""
        return root_statement(
            day=self.day, first_sequence=self.first_sequence, last_sequence=self.last_sequence, hash_=self.hash
        )


def roots_of(session: Session) -> list[Root]:
    """Every root, the oldest first."""
    rows = session.scalars(sa.select(JournalRoot).order_by(JournalRoot.day))
    return [
        Root(row.day, row.first_sequence, row.last_sequence, row.hash, Signature(row.key_id, row.signature))
        for row in rows
    ]


def write_root(root: Root) -> dict[str, Any]:
    """A root as JSON: bytes in hexadecimal."""
    return {
        "day": root.day.isoformat(),
        "first": root.first_sequence,
        "last": root.last_sequence,
        "hash": root.hash.hex(),
        "key": root.signature.key_id,
        "signature": root.signature.value.hex(),
    }


def read_root(written: Mapping[str, Any]) -> Root:
    """What :func:`write_root` wrote. Raises KeyError, TypeError or ValueError on anything else."""
    return Root(
        date.fromisoformat(written["day"]),
        int(written["first"]),
        int(written["last"]),
        bytes.fromhex(written["hash"]),
        Signature(str(written["key"]), bytes.fromhex(written["signature"])),
    )
