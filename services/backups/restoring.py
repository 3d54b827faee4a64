"""Bringing an installation back from a backup."""

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.backups import sqlite
from services.backups.errors import BackupError
from services.backups.manifest import Manifest, count_rows, read_manifest
from services.backups.parts import FILES, KINDS, copy_file, files_in
from services.crypto.custody import key_faults
from services.database import Database
from services.journal import Actor
from services.journal.verifying import Verification
from services.migrations import is_known, migrate
from services.population.models import Person
from services.settings import Settings


def restore(settings: Settings, database: Database, folder: Path, *, actor: Actor, now: datetime) -> Manifest:
    """Bring a backup into an installation in which nobody is registered yet.

    Every file is checked before anything is touched. Afterwards every table is counted, the
    tables are brought to this version, the keys are tried and the journal's chain is walked.
    Raises BackupError.
    """
    manifest = read_manifest(folder)
    _refuse_where_impossible(manifest, database)
    KINDS[manifest.kind].load(folder, database)
    for path in files_in(folder / FILES):
        copy_file(path, settings.data_dir / path.relative_to(folder / FILES))
    with database.reading() as session:
        _check_counts(session, manifest)
    migrate(database)
    with database.reading() as session:
        _check_keys_and_journal(session)
    with database.writing() as session:
        journal.record(session, actor=actor, action="installation.restored", now=now, made_at=manifest.made_at)
    return manifest


def _refuse_where_impossible(manifest: Manifest, database: Database) -> None:
    if manifest.kind != database.url.get_backend_name():
        raise BackupError(f"this is a backup of {manifest.kind}, and USRATI_DATABASE_URL names another kind")
    if not is_known(manifest.revision):
        raise BackupError("the backup was made by a newer version of the program: install that one first")
    if _is_inhabited(database):
        raise BackupError("people are in this database already: restore into an empty one")


def _check_keys_and_journal(session: Session) -> None:
    faults = key_faults(session)
    if faults:
        raise BackupError(f"everything is back, but cannot be read: {'; '.join(faults)}")
    chain = Verification(session)
    for _ in chain.run():
        pass
    if chain.findings:
        more = f" (and {len(chain.findings) - 1} more: `usrati audit verify`)" if chain.findings[1:] else ""
        raise BackupError(
            f"everything is back as it was backed up, but it was changed before: {chain.findings[0]}{more}"
        )


def _check_counts(session: Session, manifest: Manifest) -> None:
    found = count_rows(session)
    for table, count in manifest.counts.items():
        if found.get(table) != count:
            raise BackupError(f"{table} has {found.get(table)} rows and had {count}: the restoration is not whole")


def _is_inhabited(database: Database) -> bool:
    if database.url.get_backend_name() == "sqlite" and not sqlite.path_of(database).exists():
        return False
    with database.reading() as session:
        there = sa.inspect(session.connection()).has_table(Person.__tablename__)
        return there and session.scalar(sa.select(Person.id).limit(1)) is not None
