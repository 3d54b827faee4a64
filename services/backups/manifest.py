"""What a backup says of itself: enough to know whether it is whole, and what came back of it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.backups.errors import BackupError

NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """``counts``: rows of each table. ``files``: the SHA-256 of each file, by its path in the folder."""

    made_at: str
    kind: str
    revision: str
    counts: dict[str, int]
    files: dict[str, str]

    @property
    def rows(self) -> int:
        """How many rows it holds."""
        return sum(self.counts.values())

    def write(self, folder: Path) -> None:
        """Add it to a finished ``folder``."""
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup of which every file is as it was written. Raises BackupError."""
    try:
        manifest = Manifest(**json.loads((folder / NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise BackupError(f"{folder} is no backup, or one that was never finished") from None
    for name, digest in manifest.files.items():
        if not (folder / name).is_file():
            raise BackupError(f"{folder / name} is missing from the backup")
        if digest_of(folder / name) != digest:
            raise BackupError(f"{folder / name} is not what was backed up")
    return manifest


def digest_of(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def count_rows(session: Session) -> dict[str, int]:
    """The rows of every table, the queue's included."""
    inspector = sa.inspect(session.connection())
    schemas = [None, "dbos"] if session.get_bind().dialect.name == "postgresql" else [None]
    counts = {}
    for schema in schemas:
        for name in sorted(inspector.get_table_names(schema)):
            table = sa.table(name, schema=schema)
            counts[str(table)] = session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    return counts
