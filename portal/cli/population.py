"""``usrati population``: the population register, as its operator meets it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import click

from portal.cli import installation, refuse
from services.journal import Actor, Capacity
from services.population.loading import load_people
from services.population.register import close_register, open_register

# 800 million numbers, of which a household and the people beside it keep 32.
MOST_HOUSEHOLDS = 25_000_000
OPERATOR = Actor(Capacity.OPERATOR, None)


@click.group()
def population() -> None:
    """The population register."""


@population.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def population_load(file: Path) -> None:
    """Load people from a CSV; every bad line is reported, the good are kept.

    The same file again changes nothing; after a kill −9, load it again.
    """
    if not file.is_file():
        refuse([f"{file}: no such file"])
    _, database = installation()
    report = load_people(database, file, now=datetime.now(UTC))
    refused = len(report.faults) + report.unlisted_faults
    click.echo(f"loaded {report.loaded}, changed {report.changed}, unchanged {report.unchanged}, refused {refused}")
    if report.faults:
        unlisted = [f"{report.unlisted_faults} more lines are refused"] if report.unlisted_faults else []
        refuse([*(f"{file}:{fault.line}: {fault.reason}" for fault in report.faults), *unlisted])


@population.command("generate")
@click.option("--households", type=click.IntRange(1, MOST_HOUSEHOLDS), required=True, help="How many households.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same country.")
def population_generate(households: int, seed: int) -> None:
    """Make a synthetic country: people, households, declarations and scores.

    The same again adds nothing; more households add only those; after a kill −9 it goes on.
    """
    from services.generation.country import ClockBehind, generate_country

    settings, database = installation()
    if not settings.is_demo:
        refuse(["usrati population generate: synthetic people are for USRATI_ENV=demo only"])
    begun = perf_counter(), process_time()
    batches = generate_country(database, households=households, seed=seed, actor=OPERATOR, now=datetime.now(UTC))
    added = people = 0
    try:
        with click.progressbar(length=households, label="Households") as bar:
            for batch in batches:
                added, people = added + batch.households, people + batch.people
                bar.update(batch.passed)
    except ClockBehind as error:
        refuse([str(error)])
    seconds, of_cpu = perf_counter() - begun[0], process_time() - begun[1]
    click.echo(
        f"added {added} households and {people} people in {seconds:.1f} s ({of_cpu:.1f} s of CPU); "
        f"{households - added} households were there before"
    )


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
