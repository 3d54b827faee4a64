"""The command ``usrati``. Exit 0 on success, 2 on bad input with one clear line on stderr."""

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import click

from portal import server
from portal.languages import render_message
from services import crypto, demonstration, workflows
from services.database import Database
from services.journal import Actor, Capacity
from services.migrations import migrate as migrate_database
from services.population.demo import demo_stories
from services.population.loading import load_people
from services.population.register import close_register, open_register
from services.scoring.command import score_document
from services.scoring.compute import scoring_day
from services.settings import Settings, SettingsError, load_settings

OPERATOR = Actor(Capacity.OPERATOR, None)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Usrati: a citizen portal for a scored social register."""


def refuse(faults: list[str]) -> NoReturn:
    """One line on stderr for each fault, and status 2."""
    for fault in faults:
        click.echo(fault, err=True)
    sys.exit(2)


def installation() -> tuple[Settings, Database]:
    """The settings of the environment and their database; a fault in them ends the command."""
    try:
        settings = load_settings(os.environ)
    except SettingsError as error:
        refuse(error.faults)
    crypto.install_keys(settings)
    return settings, Database(settings.database_url)


@main.command()
def migrate() -> None:
    """Create or upgrade every table. Safe to run again."""
    _, database = installation()
    migrate_database(database)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the stories as JSON and load nothing.")
def demo(as_json: bool) -> None:
    """Load the demonstration families and print who can sign in."""
    if as_json:
        click.echo(json.dumps([asdict(story) for story in demo_stories()], ensure_ascii=False, indent=1))
        return
    settings, database = installation()
    if not settings.is_demo:
        refuse(["usrati demo: synthetic people are for USRATI_ENV=demo only"])
    for story in demonstration.load(database, now=datetime.now(UTC)):
        born = "/".join(reversed(story.birth_date.split("-")))
        click.echo(f"{story.idcs}  {story.sex}  {born:>10}  {story.mobile or 'no mobile':14} {story.story}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, envvar="PORT", show_default=True)
@click.option("--workers", default=os.cpu_count() or 2, show_default=True, help="Server processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the portal."""
    settings, _ = installation()
    server.serve(settings, host=host, port=port, workers=workers)


@main.command()
def worker() -> None:
    """Run durable work: verification, scores, messages."""
    settings, database = installation()
    database.dispose()
    workflows.run_worker(settings, render_message)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--model", "model_id", help="The model's id; without it, the one in force on the day.")
@click.option("--on", "on_day", type=click.DateTime(["%Y-%m-%d"]), help="The day of scoring.")
def score(file: Path, model_id: str | None, on_day: datetime | None) -> None:
    """Score one declaration (JSON) and print every line of the calculation."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        refuse([f"{file}: {error.__class__.__name__}: cannot be read"])
    result = score_document(text, model_id=model_id, on=on_day.date() if on_day else scoring_day(datetime.now(UTC)))
    if result.faults:
        refuse(list(result.faults))
    click.echo(json.dumps(result.printed, ensure_ascii=False, indent=1))


@main.group()
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
