"""PostgreSQL: its own pg_dump and pg_restore."""

import os
import shutil
import subprocess
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.backups.errors import BackupError
from services.backups.manifest import count_rows
from services.database import Database

FILE = "database.dump"
OF_DEBIAN = Path("/usr/lib/postgresql")


def save(database: Database, folder: Path) -> dict[str, int]:
    """Write one moment of the database into ``folder``; returns the rows of each table at that moment."""
    with database.write_engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        moment = connection.scalar(sa.text("SELECT pg_export_snapshot()"))
        _run("pg_dump", database, "--format=custom", f"--snapshot={moment}", f"--file={folder / FILE}")
        with Session(connection) as session:
            return count_rows(session)


def load(folder: Path, database: Database) -> None:
    """Put what ``folder`` holds into the database, in one transaction."""
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run("pg_restore", database, *options, str(folder / FILE))
    database.dispose()


def find_tool(name: str) -> str | None:
    """Where a program of PostgreSQL is: on the path, or the newest of Debian's versions."""
    found = shutil.which(name)
    newest = sorted(OF_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return found or (str(newest[-1]) if newest else None)


def tool_version(name: str) -> str | None:
    """What a program of PostgreSQL says of itself; None where it is missing."""
    tool = find_tool(name)
    if tool is None:
        return None
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    return said.strip() or name


def _run(name: str, database: Database, *arguments: str) -> None:
    tool = find_tool(name)
    if tool is None:
        raise BackupError(f"{name} is missing: install postgresql-client")
    # The password goes through the environment: everybody may read a command line.
    address = database.url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    password = {"PGPASSWORD": str(database.url.password)} if database.url.password else {}
    command = [tool, "--no-password", f"--dbname={address}", *arguments]
    ended = subprocess.run(  # noqa: S603 (our own words and the installation's own address)
        command, env={**os.environ, **password}, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise BackupError(f"{name}: {(ended.stderr.strip().splitlines() or ['failed'])[0]}")
