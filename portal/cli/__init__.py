"""The command ``usrati``. Exit 0 on success, 2 on bad input with one clear line on stderr.

One file a capability; each is imported when one of its commands is asked for, so that none pays
for what it does not use.
"""

import os
import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

from services.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from services.database import Database

# Each command, by the file of this folder that holds it under its own name.
COMMANDS = {
    "agents": "agents",
    "audit": "audit",
    "backup": "backups",
    "demo": "demonstration",
    "doctor": "doctor",
    "keys": "keys",
    "migrate": "database",
    "models": "models",
    "papers": "papers",
    "population": "population",
    "rescore": "rescore",
    "restore": "backups",
    "retention": "retention",
    "score": "scoring",
    "serve": "server",
    "worker": "server",
}


class Commands(click.Group):
    """A group that finds its commands by the table above."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Every command, in the alphabet's order."""
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command, its file imported now; None where there is none of this name."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"portal.cli.{COMMANDS[name]}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Usrati: a citizen portal for a scored social register."""


def refuse(faults: list[str]) -> NoReturn:
    """One line on stderr for each fault, and status 2."""
    for fault in faults:
        click.echo(fault, err=True)
    sys.exit(2)


def chosen_settings() -> Settings:
    """The settings of the environment; a fault in them ends the command."""
    try:
        return load_settings(os.environ)
    except SettingsError as error:
        refuse(error.faults)


def installation(*, checked: bool = True, any_version: bool = False) -> tuple[Settings, "Database"]:
    """The settings of the environment and their database; a fault in them ends the command.

    ``checked``: the database is of this version, unless ``any_version`` will do, and its keys are these.
    """
    from services import crypto
    from services.database import Database

    settings = chosen_settings()
    crypto.install_keys(settings)
    database = Database(settings.database_url)
    click.get_current_context().call_on_close(database.dispose)
    if checked:
        hold_keys(database, any_version=any_version)
    return settings, database


def hold_keys(database: "Database", *, any_version: bool = False) -> None:
    """End the command unless the database is of this version, and its keys are these."""
    from sqlalchemy.exc import SQLAlchemyError

    from services.crypto.custody import hold_keys
    from services.migrations import version_fault

    try:
        with database.reading() as session:
            fault = None if any_version else version_fault(session)
        faults = [fault] if fault else hold_keys(database, now=datetime.now(UTC))
    except SQLAlchemyError as error:
        faults = [f"the database does not answer ({type(error).__name__}): is it there, and was it migrated?"]
    # A server forks after this, and a worker makes its own: no connection may be left.
    database.dispose()
    if faults:
        refuse(faults)
