"""``usrati score``: one declaration scored, every line of the calculation shown."""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import click

from portal.cli import refuse
from services.scoring.command import score_document
from services.scoring.compute import scoring_day
from services.scoring.formula import Model, model_holding
from services.scoring.shipped import shipped_models
from services.settings import SettingsError, load_settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--model", "model_id", help="The model's id; without it, the one in force on the day.")
@click.option("--on", "on_day", type=click.DateTime(["%Y-%m-%d"]), help="The day of scoring.")
def score(file: Path, model_id: str | None, on_day: datetime | None) -> None:
    """Score one declaration (JSON) and print every line of the calculation.

    Models that were loaded are known where there is a database; the shipped ones need none.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        refuse([f"{file}: {error.__class__.__name__}: cannot be read"])
    on = on_day.date() if on_day else scoring_day(datetime.now(UTC))
    result = score_document(text, model=_model(model_id, on), on=on)
    if result.faults:
        refuse(list(result.faults))
    click.echo(json.dumps(result.printed, ensure_ascii=False, indent=1))


def _model(model_id: str | None, on: date) -> Model:
    shipped = shipped_models()
    try:
        if model_id in shipped:
            return shipped[model_id]
        installed = _installed(model_id, on)
        if installed is not None:
            return installed
        if model_id is not None:
            raise LookupError(f"no model {model_id!r}; there is {', '.join(shipped)}")
        return model_holding(shipped.values(), on)
    except LookupError as error:
        refuse([str(error)])


def _installed(model_id: str | None, on: date) -> Model | None:
    """The model as the database has it; None where there is no database, or none that answers."""
    address = _address()
    if address is None:
        return None
    from sqlalchemy.exc import SQLAlchemyError

    from services.database import Database
    from services.scoring.installed import model_named, model_on

    database = Database(address)
    try:
        with database.reading() as session:
            return model_on(session, on) if model_id is None else model_named(session, model_id)
    except SQLAlchemyError:
        click.echo("the database does not answer or was not migrated: only the shipped models are known", err=True)
        return None
    finally:
        database.dispose()


def _address() -> str | None:
    """The address of the database, unless it is a file that is not there."""
    try:
        address = load_settings(os.environ).database_url
    except SettingsError:
        return None
    prefix, _, path = address.partition("sqlite:///")
    return address if prefix or Path(path).is_file() else None
