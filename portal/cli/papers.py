"""``usrati papers``: whether a paper is genuine, by the published keys alone."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from portal.cli import installation, refuse


@click.group()
def papers() -> None:
    """The papers that families hold."""


@papers.command("verify")
@click.argument("text")
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The public keys, as /v/keys and `usrati keys list --json` give them. Without it: those of this database.",
)
@click.option("--fact", "facts", multiple=True, metavar="NAME=VALUE", help="A fact that the paper prints; all or none.")
def verify(text: str, keys_file: Path | None, facts: tuple[str, ...]) -> None:
    """Say whether TEXT, what the square code of a paper holds, is genuine. With --keys no network is needed.

    Exit 1 where it is not: something was changed, or nobody of us signed it.
    """
    from services.papers.offline import NotGenuine, verify_square
    from services.papers.printed import fingerprint

    said = _facts(facts)
    keys = _keys(keys_file)
    try:
        paper = verify_square(text, keys=keys, facts=said)
    except LookupError as error:
        refuse([str(error.args[0])])
    except NotGenuine as reason:
        click.echo(f"not genuine: {reason}", err=True)
        sys.exit(1)
    click.echo(f"genuine: {paper.kind.words}, in {paper.locale}, issued {paper.issued_at:%Y-%m-%d %H:%M} UTC")
    click.echo(f"code {paper.code}, key {paper.key_id}, fingerprint {fingerprint(paper.digest)}")
    names = " ".join(fact.name for fact in paper.kind.printed)
    click.echo("the facts are those that were signed" if said else f"its facts were not compared: --fact {names}")


def _facts(typed: tuple[str, ...]) -> Mapping[str, str]:
    without = [one for one in typed if "=" not in one]
    if without:
        refuse([f"--fact {one}: write it as NAME=VALUE" for one in without])
    return {name.strip(): value.strip() for name, _, value in (one.partition("=") for one in typed)}


def _keys(file: Path | None) -> Mapping[str, bytes]:
    from services.signing import published_keys, read_keys

    if file is not None:
        try:
            return read_keys(file.read_text(encoding="utf-8"))
        except ValueError as error:
            refuse([f"{file}: {error}"])
    _, database = installation()
    with database.reading() as session:
        return {key.key_id: key.public for key in published_keys(session)}
