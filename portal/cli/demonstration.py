"""``usrati demo``: invented families to try with."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from portal.cli import installation, refuse
from services import journal
from services.population.demo import demo_stories


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the stories as JSON and load nothing.")
@click.option("--code", is_flag=True, help="Print the code that the operator's telephone would show now.")
def demo(as_json: bool, code: bool) -> None:
    """Load the demonstration families and its operator, and print who can sign in."""
    if as_json:
        click.echo(json.dumps([asdict(story) for story in demo_stories()], ensure_ascii=False, indent=1))
        return
    from services import demonstration
    from services.accounts.agents.demonstration import demo_operator, load_demo_operator

    settings, database = installation()
    if not settings.is_demo:
        refuse(["usrati demo: synthetic people are for USRATI_ENV=demo only"])
    if code:
        click.echo(demo_operator().code(datetime.now(UTC)))
        return
    for story in demonstration.load(database, now=datetime.now(UTC)):
        born = "/".join(reversed(story.birth_date.split("-")))
        click.echo(f"{story.idcs}  {story.sex}  {born:>10}  {story.mobile or 'no mobile':14} {story.story}")
    with database.writing() as session:
        operator = load_demo_operator(session, actor=journal.operator(None), now=datetime.now(UTC))
    if operator is None:
        click.echo("The operator of the demonstration was changed by hand: see usrati agents list")
    else:
        click.echo(f"Operator, at /fr/desk/sign-in: {operator.name}, password {operator.password}")
        click.echo("   the code of his telephone: usrati demo --code   (its key: " + operator.secret + ")")
