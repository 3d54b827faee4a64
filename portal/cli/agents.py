"""``usrati agents``: who belongs to the staff, from the command line of the machine."""

from datetime import UTC, datetime

import click

from portal.cli import installation, refuse
from services.accounts.agents.roles import ROLES
from services.accounts.agents.staff import NAME, Enrolment, add_agent, end_agent, fold_name, list_agents, reset_agent
from services.errors import NotFound, StateConflict
from services.journal import operator
from services.settings import Settings

LONGEST_FULL_NAME = 100


@click.group()
def agents() -> None:
    """The staff: operators now; names are given once."""


@agents.command("add")
@click.argument("name")
@click.option("--role", "roles", type=click.Choice(sorted(ROLES)), multiple=True, required=True, help="What he may do.")
@click.option("--full-name", prompt="Full name", help="As colleagues and families know him; asked for where missing.")
def agents_add(name: str, roles: tuple[str, ...], full_name: str) -> None:
    """Take somebody on, and print the one-time code with which he makes his password."""
    name, full_name = fold_name(name), " ".join(full_name.split())
    if not NAME.fullmatch(name):
        refuse([f"{name}: a name is 3 to 40 of a-z, 0-9, dot and dash, a letter first"])
    if not 0 < len(full_name) <= LONGEST_FULL_NAME:
        refuse([f"the full name is 1 to {LONGEST_FULL_NAME} characters"])
    settings, database = installation()
    try:
        with database.writing() as session:
            enrolment = add_agent(
                session, actor=operator(None), name=name, full_name=full_name, roles=roles, now=datetime.now(UTC)
            )
    except StateConflict as error:
        refuse([str(error)])
    _tell(settings, name, enrolment)


@agents.command("reset")
@click.argument("name")
def agents_reset(name: str) -> None:
    """Take password, telephone and sessions from somebody, and print a code to make them anew."""
    settings, database = installation()
    try:
        with database.writing() as session:
            enrolment = reset_agent(session, actor=operator(None), name=fold_name(name), now=datetime.now(UTC))
    except NotFound as error:
        refuse([str(error)])
    _tell(settings, fold_name(name), enrolment)


@agents.command("leave")
@click.argument("name")
def agents_leave(name: str) -> None:
    """Somebody leaves: nothing opens to him any more, at once."""
    _, database = installation()
    try:
        with database.writing() as session:
            end_agent(session, actor=operator(None), name=fold_name(name), now=datetime.now(UTC))
    except NotFound as error:
        refuse([str(error)])
    click.echo(f"{fold_name(name)} has left; every session is closed")


@agents.command("list")
def agents_list() -> None:
    """Everybody of the staff, those who left too."""
    _, database = installation()
    with database.reading() as session:
        for agent in list_agents(session, now=datetime.now(UTC)):
            if agent.left_at:
                state = f"left {agent.left_at:%Y-%m-%d}"
            elif agent.has_enrolled:
                signed_in = agent.last_signed_in_at
                state = f"signed in {signed_in:%Y-%m-%d %H:%M} UTC" if signed_in else "never signed in"
            elif agent.awaited_until:
                state = f"may enrol until {agent.awaited_until:%Y-%m-%d %H:%M} UTC"
            else:
                state = "did not enrol in time: usrati agents reset"
            click.echo(f"{agent.name:20}  {' '.join(agent.roles) or '-':10}  {state:32}  {agent.full_name}")


def _tell(settings: Settings, name: str, enrolment: Enrolment) -> None:
    click.echo(f"address    {settings.public_url}/fr/desk/enrol")
    click.echo(f"user name  {name}")
    click.echo(f"code       {enrolment.code}")
    click.echo(f"works once, until {enrolment.expires_at:%Y-%m-%d %H:%M} UTC; shown here only")
