"""``usrati models``: the formulas of this installation, from the file to the day they count."""

from datetime import UTC, datetime
from pathlib import Path

import click

from portal.cli import installation, refuse
from services.errors import NotFound, StateConflict
from services.programmes.catalogue import PROGRAMMES, limits_on
from services.scoring.activation import Loading, activate_model, load_model
from services.scoring.compute import scoring_day
from services.scoring.installed import InstalledModel, count_scores, every_model, model_named
from services.scoring.model_files import ModelFaults

LARGEST_FILE = 100_000
DONE = {
    Loading.LOADED: "loaded: it counts for nobody until `usrati models activate {}`",
    Loading.REPLACED: "replaced the file that was loaded before: it counts once `usrati models activate {}`",
    Loading.UNCHANGED: "is there already, with this very text: nothing changed",
}


@click.group()
def models() -> None:
    """The formulas of the score: those shipped, and those you load and activate."""


@models.command("list")
def models_list() -> None:
    """Every formula with its days, its state, how many scores it made, and its source."""
    _, database = installation()
    with database.reading() as session:
        try:
            found, counts = every_model(session), count_scores(session)
        except LookupError as error:
            refuse([str(error)])
    for one in found:
        click.echo(_told(one, counts[one.model.id]))


@models.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def models_load(file: Path) -> None:
    """Check a formula's file and keep it; every fault is told with its line.

    The same file again changes nothing. A formula that was activated, or has scored, never changes.
    """
    text = _text(file)
    _, database = installation()
    try:
        with database.writing() as session:
            loaded = load_model(session, text=text, programmes=tuple(PROGRAMMES), now=datetime.now(UTC))
    except ModelFaults as refused:
        refuse([f"{file}:{fault.line}: {fault.reason}" for fault in refused.faults])
    click.echo(f"{loaded.model.id} {DONE[loaded.did].format(loaded.model.id)}")


@models.command("activate")
@click.argument("model_id", metavar="ID")
def models_activate(model_id: str) -> None:
    """Have a loaded formula count on its days, from now on and for good; the journal keeps it."""
    _, database = installation()
    try:
        with database.writing() as session:
            activated = activate_model(session, model_id=model_id, now=datetime.now(UTC))
    except (NotFound, StateConflict, LookupError) as error:
        refuse([str(error)])
    click.echo(f"{model_id} is active" + ("" if activated else " already: nothing changed"))


@models.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--on", "on_day", type=click.DateTime(["%Y-%m-%d"]), help="As of which day; without it, today.")
def models_diff(before: str, after: str, on_day: datetime | None) -> None:
    """Score every household by the formulas A and B, and say who would move; nothing is written."""
    from portal.cli.differences import lines_of
    from portal.cli.rescore import households_bar
    from services.scoring.bulk.rehearsing import compare_models

    _, database = installation()
    on = on_day.date() if on_day else scoring_day(datetime.now(UTC))
    try:
        with database.reading() as session:
            pair = model_named(session, before), model_named(session, after)
    except LookupError as error:
        refuse([str(error)])
    first, second = ({limit.programme: limit.at_most_nano for limit in limits_on(on, model=one)} for one in pair)
    with households_bar() as progress:
        diff = compare_models(database, *pair, on=on, limits=(first, second), progress=progress)
    for line in lines_of(diff):
        click.echo(line)


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        refuse([f"{file}: {type(error).__name__}: cannot be read"])
    if len(content) > LARGEST_FILE:
        refuse([f"{file}: larger than {LARGEST_FILE} bytes: not a model"])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        refuse([f"{file}:{line}: not UTF-8"])


def _told(one: InstalledModel, scores: int) -> str:
    model = one.model
    official = "official" if model.official else "unofficial"
    if one.is_shipped:
        state = "active (shipped)"
    else:
        state = f"active {one.activated_at:%Y-%m-%d}" if one.activated_at else "loaded, not active"
    days = f"{model.valid_from} to {model.valid_until or '…'!s:10}"
    source = " ".join(model.source.split())
    return f"{model.id:40}  {official:10}  {days}  {state:18}  {f'{scores} scores':16}  {source}"
