"""``usrati rescore``: every decided household scored anew, in one run that counts all at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from portal.cli import installation, refuse
from services.errors import StateConflict
from services.journal import operator
from services.scoring.compute import scoring_day

if TYPE_CHECKING:
    from services.database import Database
    from services.scoring.bulk.runs import Wish
    from services.scoring.bulk.scoring import Progress, Seconds

DAY = click.DateTime(["%Y-%m-%d"])
OPERATOR = operator(None)


@click.command()
@click.option("--model", "model_id", help="The model's id; it must be active.")
@click.option("--on", "on_day", type=DAY, help="The day as of which all are scored.")
@click.option("--takes-effect", type=DAY, help="From when the scores count for programmes; without it, from --on.")
@click.option("--dry-run", is_flag=True, help="Compute, say how long it takes, and write nothing.")
@click.option("--abandon", is_flag=True, help="Give up the run that was interrupted, and what it computed.")
def rescore(
    model_id: str | None, on_day: datetime | None, takes_effect: datetime | None, dry_run: bool, abandon: bool
) -> None:
    """Score every decided household anew; what was scored before is kept.

    The new scores count all at once, when the last is computed. After a kill −9 the same command goes on.
    """
    if abandon and not (model_id or on_day or takes_effect or dry_run):
        _give_up()
        return
    if abandon or model_id is None or on_day is None:
        refuse(["usrati rescore: needs --model ID and --on DATE, or --abandon alone"])
    from services.scoring.bulk.runs import NoSuchDay, Wish

    _, database = installation()
    wish = Wish(model_id, on_day.date(), (takes_effect or on_day).date())
    try:
        (_rehearse if dry_run else _run)(database, wish)
    except (LookupError, NoSuchDay, StateConflict) as error:
        refuse([f"usrati rescore: {error}"])


def _run(database: "Database", wish: "Wish") -> None:
    from services.scoring.bulk.driving import rescore

    with households_bar() as progress:
        done = rescore(database, wish, actor=OPERATOR, clock=lambda: datetime.now(UTC), progress=progress)
    again = f" ({done.begun.scored} of them before it was interrupted)" if done.begun.resumed else ""
    click.echo(
        f"scored {done.finished.scored} households{again}, {done.finished.caught_up} of them because they changed "
        f"meanwhile; left out {done.finished.left_out + done.unpacked} that cannot be read"
    )
    for household_id in done.finished.named:
        click.echo(f"left out: household {household_id}", err=True)
    _say_seconds(done.seconds)
    click.echo(f"current: {wish.model_id} on {wish.on}, in effect from {wish.takes_effect_on}")


def _rehearse(database: "Database", wish: "Wish") -> None:
    from services.scoring.bulk.rehearsing import rehearse
    from services.scoring.bulk.runs import check_wish

    with database.reading() as session:
        model = check_wish(session, wish, today=scoring_day(datetime.now(UTC)))
    with households_bar() as progress:
        done = rehearse(database, model=model, on=wish.on, progress=progress)
    click.echo(f"would score {done.scored} households and leave out {done.left_out} that cannot be read")
    _say_seconds(done.seconds)


def _give_up() -> None:
    from services.scoring.bulk.driving import alone
    from services.scoring.bulk.runs import abandon_run

    _, database = installation()
    try:
        with alone(database), database.writing() as session:
            run_id = abandon_run(session, actor=OPERATOR, now=datetime.now(UTC))
    except StateConflict as error:
        refuse([f"usrati rescore: {error}"])
    if run_id is None:
        refuse(["usrati rescore: no run is under way"])
    click.echo(f"run {run_id} is abandoned, and what it computed is gone")


@contextmanager
def households_bar() -> Iterator[Callable[["Progress"], None]]:
    """A bar over all households, and what moves it."""
    with click.progressbar(length=0, label="Households") as bar:

        def move(progress: "Progress") -> None:
            bar.length = progress.households or bar.length
            bar.update(progress.passed)

        yield move


def _say_seconds(seconds: "Seconds") -> None:
    click.echo(
        f"reading {seconds.reading:.1f} s, arithmetic {seconds.arithmetic:.1f} s, writing {seconds.writing:.1f} s, "
        f"committing {seconds.committing:.1f} s, packing {seconds.packing:.1f} s, finishing {seconds.finishing:.1f} s"
    )
