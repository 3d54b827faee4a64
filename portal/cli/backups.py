"""``usrati backup`` and ``usrati restore``: a whole installation in one folder, and back."""

from datetime import UTC, datetime
from pathlib import Path

import click

from portal.cli import installation, refuse
from services.backups.errors import BackupError
from services.backups.making import back_up
from services.backups.restoring import restore as bring_back
from services.journal import Actor, Capacity

OPERATOR = Actor(Capacity.OPERATOR, None)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(folder: Path) -> None:
    """Copy the database and the files into FOLDER, while the service runs. Keys are not in it."""
    # Whoever brings in a new version makes a backup before he migrates.
    settings, database = installation(any_version=True)
    try:
        made = back_up(settings, database, folder, actor=OPERATOR, now=datetime.now(UTC))
    except BackupError as error:
        refuse([f"usrati backup: {error}"])
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
    click.echo(f"{made.rows} rows of {len(made.counts)} tables and {len(made.files)} files: {folder}, {size:.1f} MiB.")
    click.echo("Keep USRATI_SECRET_KEY and USRATI_ENCRYPTION_KEYS elsewhere: without them nobody can read it.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def restore(folder: Path) -> None:
    """Bring back what is in FOLDER, into a database with nobody in it. Stop the portal and the workers first."""
    settings, database = installation(checked=False)
    try:
        made = bring_back(settings, database, folder, actor=OPERATOR, now=datetime.now(UTC))
    except BackupError as error:
        refuse([f"usrati restore: {error}"])
    click.echo(f"{made.rows} rows of {len(made.counts)} tables are back as they were at {made.made_at}.")
