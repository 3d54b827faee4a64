"""``usrati population``: the population register, as its operator meets it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from portal.cli import installation, refuse
from services.journal import Actor, Capacity
from services.population.loading import load_people
from services.population.register import close_register, open_register

OPERATOR = Actor(Capacity.OPERATOR, None)


@click.group()
def population() -> None:
    """The population register."""


@population.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def population_load(file: Path) -> None:
    """Load people from a CSV; every bad line is reported, the good are kept."""
    if not file.is_file():
        refuse([f"{file}: no such file"])
    _, database = installation()
    report = load_people(database, file, now=datetime.now(UTC))
    click.echo(f"loaded {report.loaded}, unchanged {report.unchanged}, refused {len(report.faults)}")
    if report.faults:
        refuse([f"{file}:{fault.line}: {fault.reason}" for fault in report.faults])


@population.command("close")
@click.option("--minutes", default=30, show_default=True)
def population_close(minutes: int) -> None:
    """Announce that the register answers nobody for a while."""
    _, database = installation()
    moment = datetime.now(UTC)
    with database.writing() as session:
        close_register(session, actor=OPERATOR, until=moment + timedelta(minutes=minutes), now=moment)


@population.command("open")
def population_open() -> None:
    """End the register's closure now."""
    _, database = installation()
    with database.writing() as session:
        open_register(session, actor=OPERATOR, now=datetime.now(UTC))
