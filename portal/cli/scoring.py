"""``usrati score``: one declaration scored, every line of the calculation shown."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from portal.cli import refuse
from services.scoring.command import score_document
from services.scoring.compute import scoring_day


@click.command()
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
