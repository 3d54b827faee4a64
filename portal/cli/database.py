"""``usrati migrate``: the tables of this version."""

from datetime import UTC, datetime

import click

from portal.cli import hold_keys, installation


@click.command()
def migrate() -> None:
    """Create or upgrade every table. Safe to run again."""
    from services.migrations import migrate as migrate_database
    from services.signing import ensure_signing_key

    _, database = installation(checked=False)
    migrate_database(database, waiting=_say_waiting)
    hold_keys(database)
    with database.writing() as session:
        ensure_signing_key(session, now=datetime.now(UTC))


def _say_waiting() -> None:
    click.echo("another migration of this database is under way: waiting for its end", err=True)
