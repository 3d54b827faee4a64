"""``usrati demo``: invented families to try with."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from portal.cli import installation, refuse
from services.population.demo import demo_stories


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the stories as JSON and load nothing.")
def demo(as_json: bool) -> None:
    """Load the demonstration families and print who can sign in."""
    if as_json:
        click.echo(json.dumps([asdict(story) for story in demo_stories()], ensure_ascii=False, indent=1))
        return
    from services import demonstration

    settings, database = installation()
    if not settings.is_demo:
        refuse(["usrati demo: synthetic people are for USRATI_ENV=demo only"])
    for story in demonstration.load(database, now=datetime.now(UTC)):
        born = "/".join(reversed(story.birth_date.split("-")))
        click.echo(f"{story.idcs}  {story.sex}  {born:>10}  {story.mobile or 'no mobile':14} {story.story}")
