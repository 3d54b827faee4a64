"""``usrati doctor``: what is wrong with this installation, in plain sentences."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from portal.languages import LANGUAGES, count_missing
from services import crypto
from services.database import Database
from services.health.findings import Finding, Level, fine, note, wrong
from services.health.stored import examine_database
from services.health.surroundings import examine_machine
from services.settings import Settings, SettingsError, load_settings

# What Amazigh lacks is said in Arabic.
MAY_LACK = {"zgh"}
COLOURS = {Level.FINE: "green", Level.NOTE: "yellow", Level.WRONG: "red"}


@click.command()
def doctor() -> None:
    """Examine this installation; exit 1 where something is wrong with it."""
    found = []
    for finding in examine(datetime.now(UTC)):
        found.append(finding)
        level = click.style(f"{finding.level:5}", COLOURS[finding.level])
        click.echo(f"{level}  {finding.subject:10}  {finding.sentence}")
    count = sum(finding.level is Level.WRONG for finding in found)
    click.echo("Nothing is wrong." if not count else f"{count} {'thing is' if count == 1 else 'things are'} wrong.")
    sys.exit(1 if count else 0)


def examine(now: datetime) -> Iterator[Finding]:
    """Every finding, settings first; with settings that cannot be read, nothing else can be."""
    try:
        settings = load_settings(os.environ)
    except SettingsError as error:
        yield from (wrong("settings", f"{fault}.") for fault in error.faults)
        return
    yield check_environment(settings)
    crypto.install_keys(settings)
    database = Database(settings.database_url)
    yield from examine_database(database, now=now)
    yield from examine_machine(settings, database)
    yield from check_catalogues()
    database.dispose()


def check_environment(settings: Settings) -> Finding:
    """Whether this is a demonstration."""
    if settings.is_demo:
        return note("settings", "This is a demonstration: its keys are public. USRATI_ENV=production is for families.")
    return fine("settings", f"Production, at {settings.public_url}.")


def check_catalogues() -> Iterator[Finding]:
    """Whether each language can say everything."""
    for code in LANGUAGES:
        missing, known = count_missing(code)
        if not missing:
            yield fine("languages", f"{code}: all {known} sentences.")
        elif code in MAY_LACK:
            yield note("languages", f"{code}: {missing} of {known} sentences are said in Arabic.")
        else:
            yield wrong("languages", f"{code}: {missing} of {known} sentences are missing and show in English.")
