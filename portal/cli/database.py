"""``usrati migrate``: the tables of this version."""

import click

from portal.cli import installation


@click.command()
def migrate() -> None:
    """Create or upgrade every table. Safe to run again."""
    from services.migrations import migrate as migrate_database

    _, database = installation()
    migrate_database(database)
