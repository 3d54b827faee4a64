"""``usrati retention``: what is kept how long, and what of it is due to be erased."""

from collections import Counter
from datetime import UTC, datetime

import click

from portal.cli import installation
from services.expiry import due_now, erase_everything_due
from services.retention import MOROCCO, Kept, kept_on

UNITS = {"years": "year", "days": "day", "hours": "hour"}
LASTS = {"household": "household", "register": "register", "good": "for good"}


@click.command()
@click.option("--erase", is_flag=True, help="Erase what is due now; the worker does it every hour.")
def retention(erase: bool) -> None:
    """Print what is kept how long, since when that is so, and how much of it is due now."""
    now = datetime.now(UTC)
    _, database = installation()
    if erase:
        erased: Counter[str] = Counter()
        for batch in erase_everything_due(database, now=now):
            erased.update(batch)
        for kind, count in sorted(erased.items()):
            if count:
                click.echo(f"erased {count} of {kind}")
        click.echo(f"erased {erased.total()} in all")
        return
    with database.reading() as session:
        due = due_now(session, now=now)
    click.echo(f"{'kind':<24}{'kept':<12}{'counted from':<18}{'since':<12}{'grade':<7}due now")
    for row in kept_on(now.astimezone(MOROCCO).date()):
        waiting = "" if row.key not in due else str(due[row.key])
        line = f"{row.key:<24}{_kept(row):<12}{row.since or '':<18}{row.valid_from!s:<12}{row.grade:<7}{waiting}"
        click.echo(line.rstrip())


def _kept(row: Kept) -> str:
    if row.unit is None:
        return LASTS[row.lasts or ""]
    return f"{row.count} {UNITS[row.unit]}{'s' if row.count > 1 else ''}"
