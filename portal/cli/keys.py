"""``usrati keys``: the keys that seal personal data, and those that sign papers."""

import base64
import json
import secrets
from datetime import UTC, datetime

import click

from portal.cli import installation, refuse
from services import journal
from services.crypto import keys as ring
from services.crypto.custody import marked_keys, release_unused
from services.crypto.resealing import Resealing, count_stale, keys_in_use
from services.database import Database
from services.signing import keys_document, public_keys, published_keys, rotate_signing_key

OPERATOR = journal.Actor(journal.Capacity.OPERATOR, None)
HOW_TO_ROTATE = """\
To change the key that seals personal data, while the service runs:
 1. `usrati keys new` prints a fresh key. Keep it where the others are kept.
 2. Put it at the END of USRATI_ENCRYPTION_KEYS everywhere, and restart every portal and worker: all can read it.
 3. Move it to the FRONT everywhere, and restart them again: all write with it.
 4. `usrati keys rotate` seals again what the old keys had sealed, and says which of them can go."""


@click.group()
def keys() -> None:
    """The keys that seal personal data, and those that sign papers."""


@keys.command("new")
def keys_new() -> None:
    """Print a fresh key for USRATI_ENCRYPTION_KEYS."""
    click.echo(base64.b64encode(secrets.token_bytes(32)).decode())


@keys.command("list")
@click.option("--count", is_flag=True, help="Count what each key seals; reads the whole database.")
@click.option("--json", "as_json", is_flag=True, help="Print the public signing keys as JSON, to be published.")
def keys_list(count: bool, as_json: bool) -> None:
    """Name the sealing keys and print the public signing keys. No secret is shown."""
    _, database = installation()
    with database.reading() as session:
        signing = public_keys(session)
        published = published_keys(session)
        marked = marked_keys(session)
        counts = keys_in_use(session) if count else {}
    if as_json:
        click.echo(json.dumps(keys_document(published), indent=1))
        return
    click.echo("sealing keys (USRATI_ENCRYPTION_KEYS)")
    first = ring().first_id.hex()
    for key_id in dict.fromkeys([*(key_id.hex() for key_id in ring().ids), *marked, *counts]):
        role = "writes" if key_id == first else "reads "
        since = f"in use since {marked[key_id]:%Y-%m-%d}" if key_id in marked else "not in use"
        click.echo(f"  {key_id}  {role}  {since}" + (f"  {counts.get(key_id, 0)} values" if count else ""))
    click.echo("signing keys (Ed25519, public part in base64)")
    for key in signing:
        until = f"retired {key.retired_at:%Y-%m-%d}" if key.retired_at else "signs"
        click.echo(f"  {key.key_id}  {_base64(key.public)}  made {key.created_at:%Y-%m-%d}  {until}")


@keys.command("rotate")
@click.option("--signing", is_flag=True, help="Make a new key that signs papers; what the old ones signed verifies.")
def keys_rotate(signing: bool) -> None:
    """Seal everything again with the first of USRATI_ENCRYPTION_KEYS, while the service runs.

    Interrupted, it goes on where it was when it is run again.
    """
    _, database = installation()
    if signing:
        _rotate_signing(database)
        return
    with database.reading() as session:
        stale = count_stale(session)
    first = ring().first_id.hex()
    if not stale and len(ring().ids) == 1:
        click.echo(f"Everything is sealed with the one key there is, {first}.\n{HOW_TO_ROTATE}")
        return
    damaged = _reseal(database, stale)
    _say_what_can_go(database, first)
    if damaged:
        refuse(damaged)


def _reseal(database: Database, stale: int) -> list[str]:
    resealing = Resealing(database)
    done = 0
    with click.progressbar(length=stale, label="Sealing rows again") as bar:
        for rows in resealing.run():
            done += rows
            bar.update(rows)
    if done:
        with database.writing() as session:
            now = datetime.now(UTC)
            key = ring().first_id.hex()
            journal.record(session, actor=OPERATOR, action="keys.rotated", now=now, key=key, rows=done)
    click.echo(f"{done} rows sealed again with the key {ring().first_id.hex()}.")
    return [f"{place.column} of the row {place.row_id} does not open: left as it is" for place in resealing.damaged]


def _say_what_can_go(database: Database, first: str) -> None:
    with database.writing() as session:
        in_use = keys_in_use(session)
        unused = release_unused(session, in_use=in_use, now=datetime.now(UTC))
    for key_id in unused:
        click.echo(
            f"No longer used anywhere: {key_id}. When every portal and worker has been restarted with {first} in front,"
            " take it out of USRATI_ENCRYPTION_KEYS and restart them."
        )
    for key_id in sorted(in_use.keys() - {first}):
        click.echo(
            f"Still used: {key_id}, by {in_use[key_id]} values. Something may still write with it: restart every portal"
            f" and worker with {first} in front, then run this again."
        )


def _rotate_signing(database: Database) -> None:
    with database.writing() as session:
        now = datetime.now(UTC)
        made = rotate_signing_key(session, now=now)
        journal.record(session, actor=OPERATOR, action="keys.signing_rotated", now=now, key=made.key_id)
    click.echo(f"{made.key_id} signs from now on; what the former keys signed still verifies.")


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
