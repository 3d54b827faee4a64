"""Making a backup of an installation, while it runs."""

import os
import shutil
from datetime import datetime
from pathlib import Path

from services import journal
from services.backups import sqlite
from services.backups.errors import BackupError
from services.backups.manifest import Manifest, digest_of
from services.backups.parts import FILES, KINDS, copy_file, files_in
from services.database import Database
from services.journal import Actor
from services.migrations import revision_of
from services.settings import Settings

# What a process makes again by itself, and what belongs to this run of it.
NOT_KEPT = {"metrics", "static"}


def back_up(settings: Settings, database: Database, folder: Path, *, actor: Actor, now: datetime) -> Manifest:
    """Copy everything of one moment into ``folder``, while the service runs; the keys stay out of it.

    The folder appears when it is whole. Raises BackupError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty: name a folder for this backup alone")
    with database.reading() as session:
        revision = revision_of(session)
    if revision is None:
        raise BackupError("there is nothing to back up: the database has no tables")
    unfinished = folder.absolute().with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    kind = database.url.get_backend_name()
    counts = KINDS[kind].save(database, unfinished)
    # After the database: no row speaks of a file that is not in the copy.
    _copy_files(settings.data_dir, _left_out(settings.data_dir, database, folder, unfinished), unfinished / FILES)
    files = {str(path.relative_to(unfinished)): digest_of(path) for path in files_in(unfinished)}
    manifest = Manifest(now.isoformat(), kind, revision, counts, files)
    manifest.write(unfinished)
    _put_on_disk(unfinished)
    unfinished.replace(folder)
    with database.writing() as session:
        journal.record(session, actor=actor, action="installation.backed_up", now=now)
    return manifest


def _left_out(top: Path, database: Database, folder: Path, unfinished: Path) -> set[Path]:
    paths = {unfinished, *(top / name for name in NOT_KEPT)}
    if folder.absolute().is_relative_to(top):
        paths.add(top / folder.absolute().relative_to(top).parts[0])
    if database.url.get_backend_name() == "sqlite":
        path = sqlite.path_of(database)
        paths |= {path.with_name(path.name + rest) for rest in ("", "-wal", "-shm", ".lock", ".migrating")}
    return paths


def _copy_files(top: Path, left_out: set[Path], target: Path) -> None:
    for path in files_in(top):
        if left_out.isdisjoint({path, *path.parents}):
            copy_file(path, target / path.relative_to(top))


def _put_on_disk(folder: Path) -> None:
    for path in (*files_in(folder), folder):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
