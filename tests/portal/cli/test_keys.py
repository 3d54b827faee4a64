"""``usrati keys``: what an operator sees, and why nothing starts without its keys."""

import base64
import json

import pytest

from services.database import Database
from services.signing import Signature, public_keys, sign, verify
from tests.conftest import NOW
from tests.portal.cli.conftest import Usrati
from tests.services.crypto.people import add_people
from tests.services.crypto.rings import UseKeys, key, key_id


@pytest.fixture
def ring(use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch) -> UseKeys:
    """Change the ring of the environment, as before a restart."""

    def change(*names: str) -> None:
        keys = ",".join(base64.b64encode(key(name)).decode() for name in names)
        monkeypatch.setenv("USRATI_ENCRYPTION_KEYS", keys)
        use_keys(*names)

    return change


def test_a_new_key_is_32_bytes_at_random(usrati: Usrati) -> None:
    printed = usrati("keys", "new").stdout
    assert len(base64.b64decode(printed, validate=False)) == 32
    assert usrati("keys", "new").stdout != printed


def test_a_rotation_says_which_key_can_go(usrati: Usrati, ring: UseKeys, database: Database) -> None:
    ring("old")
    assert "not in use" not in usrati("keys", "list").stdout
    with database.writing() as session:
        add_people(session, 5)
    told = usrati("keys", "rotate").stdout
    assert f"Everything is sealed with the one key there is, {key_id('old')}" in told
    assert "Put it at the END of USRATI_ENCRYPTION_KEYS" in told
    ring("new", "old")
    assert f"{key_id('old')}  reads   in use since" in usrati("keys", "list", "--count").stdout
    told = usrati("keys", "rotate").stdout
    assert f"5 rows sealed again with the key {key_id('new')}." in told
    assert f"No longer used anywhere: {key_id('old')}." in told
    ring("new")
    told = usrati("keys", "list", "--count").stdout
    assert f"{key_id('new')}  writes  in use since" in told
    assert key_id("old") not in told


def test_whoever_writes_with_the_old_key_after_a_rotation_is_noticed(
    usrati: Usrati, ring: UseKeys, database: Database, use_keys: UseKeys
) -> None:
    ring("new", "old")
    usrati("keys", "rotate")
    use_keys("old")
    with database.writing() as session:
        add_people(session, 1)
    ring("new")
    told = usrati("keys", "list")
    assert told.exit_code == 2
    assert f"lacks the key {key_id('old')}" in told.stderr


@pytest.mark.parametrize("command", [["serve"], ["worker"], ["audit", "verify"], ["keys", "rotate"]])
def test_without_its_key_nothing_starts(usrati: Usrati, ring: UseKeys, database: Database, command: list[str]) -> None:
    ring("old")
    usrati("keys", "list")
    ring("other")
    told = usrati(*command)
    assert told.exit_code == 2
    assert told.stderr.startswith(f"USRATI_ENCRYPTION_KEYS lacks the key {key_id('old')}, with which")
    assert told.stderr.count("\n") == 1


def test_with_another_secret_nothing_starts(usrati: Usrati, monkeypatch: pytest.MonkeyPatch) -> None:
    usrati("keys", "list")
    monkeypatch.setenv("USRATI_SECRET_KEY", "another")
    told = usrati("worker")
    assert told.exit_code == 2
    assert told.stderr.startswith("USRATI_SECRET_KEY is not the one")


def test_public_keys_are_published(usrati: Usrati, database: Database) -> None:
    with database.writing() as session:
        signature: Signature = sign(session, b"paper", NOW)
    assert "signs from now on" in usrati("keys", "rotate", "--signing").stdout
    newest, oldest = json.loads(usrati("keys", "list", "--json").stdout)
    with database.reading() as session:
        assert [base64.b64decode(one["public"]) for one in (newest, oldest)] == [k.public for k in public_keys(session)]
        assert verify(session, b"paper", signature)
    assert oldest["id"] == signature.key_id
    assert (newest["retired_at"], oldest["algorithm"]) == (None, "Ed25519")
