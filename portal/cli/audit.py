"""``usrati audit``: whether the journal is what the service wrote, and every score what its formula gives."""

import json
import secrets
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from portal.cli import installation, refuse
from services.journal.roots import Root, read_root, roots_of, write_root
from services.journal.verifying import Verification
from services.scoring.replaying import Replaying

LATE = timedelta(minutes=1)


@click.group()
def audit() -> None:
    """The journal and the chain that seals it, and the stored scores."""


@audit.command("verify")
@click.option("--roots", "file", type=click.Path(path_type=Path), help="Compare with roots kept elsewhere.")
def audit_verify(file: Path | None) -> None:
    """Name every entry that was changed, removed or inserted. Status 2 where there is one."""
    kept = _kept_roots(file) if file else []
    _, database = installation()
    with database.reading() as session:
        verification = Verification(session, kept)
        with click.progressbar(length=verification.count(), label="Walking the chain") as bar:
            for links in verification.run():
                bar.update(links)
    _say_what_is_sealed(verification, len(kept))
    if verification.findings:
        more = [f"and {verification.unsaid} more"] if verification.unsaid else []
        refuse([*verification.findings, *more])


@audit.command("roots")
def audit_roots() -> None:
    """Print the signed root of each day, one JSON a line, to be published and kept elsewhere."""
    _, database = installation()
    with database.reading() as session:
        for root in roots_of(session):
            click.echo(json.dumps(write_root(root)))


@audit.command("scores")
@click.option("--sample", type=click.IntRange(min=1), help="Only so many of them, from a place drawn by lot.")
@click.option("--seed", type=click.IntRange(min=0), help="Draw the same sample again.")
def audit_scores(sample: int | None, seed: int | None) -> None:
    """Compute stored scores again. Status 1 where one is not equal to the bit."""
    _, database = installation()
    replaying = Replaying(database, sample=sample, seed=secrets.randbelow(10**9) if seed is None else seed)
    if sample is not None:
        click.echo(f"The sample of --seed {replaying.seed}")
    with click.progressbar(length=sum(replaying.shares), label="Computing scores again") as bar:
        for scores in replaying.run():
            bar.update(scores)
    click.echo(f"{replaying.equal} scores are equal to the bit, {replaying.differing} are not.")
    if replaying.erased:
        click.echo(f"{replaying.erased} were left out: their declaration was erased in its time.")
    if replaying.findings:
        more = [f"and {replaying.unsaid} more"] if replaying.unsaid else []
        for line in [*replaying.findings, *more]:
            click.echo(line, err=True)
        sys.exit(1)


def _kept_roots(file: Path) -> list[Root]:
    try:
        return [read_root(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        refuse([f"{file}: {type(error).__name__}: cannot be read"])
    except (KeyError, TypeError, ValueError):
        refuse([f"{file}: not what `usrati audit roots` prints"])


def _say_what_is_sealed(found: Verification, kept: int) -> None:
    if found.sealed_at is None:
        click.echo("Nothing is sealed yet.")
    else:
        click.echo(
            f"Sealed: {found.sealed} entries, up to entry {found.last_entry_id}, at {_moment(found.sealed_at)};"
            f" signed roots: {len(found.roots)} days" + (f"; kept roots compared: {kept}" if kept else "")
        )
    if found.waiting_since is not None:
        late = datetime.now(UTC) - found.waiting_since > LATE
        click.echo(
            f"Not sealed yet: {found.waiting} entries, the oldest of {_moment(found.waiting_since)}"
            + (": is a worker running?" if late else "")
        )
    click.echo("Not everything is as the service wrote it:" if found.findings else "All is as the service wrote it.")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
