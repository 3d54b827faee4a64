"""Ours verifies, for ever; anything else does not."""

import base64
import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.orm import Session

from services.database import Database
from services.signing import Signature, ensure_signing_key, public_keys, rotate_signing_key, sign, verify
from services.signing.models import SigningKey

PAPER = "usrati receipt 1\n7KQ29XMP4D · وصل".encode()


def test_what_was_signed_verifies_and_nothing_else_does(session: Session, now: datetime) -> None:
    signature = sign(session, PAPER, now)
    assert verify(session, PAPER, signature)
    assert not verify(session, PAPER + b" ", signature)
    assert not verify(session, PAPER, Signature(signature.key_id, bytes(64)))
    assert not verify(session, PAPER, Signature(signature.key_id, b"short"))
    assert not verify(session, PAPER, Signature("00000000", signature.value))


def test_old_keys_verify_after_rotation(session: Session, now: datetime) -> None:
    before = sign(session, PAPER, now)
    new = rotate_signing_key(session, now=now + timedelta(days=1))
    after = sign(session, PAPER, now + timedelta(days=1))
    assert before.key_id != after.key_id == new.key_id
    assert verify(session, PAPER, before)
    assert verify(session, PAPER, after)
    assert [key.retired_at for key in public_keys(session)] == [None, now + timedelta(days=1)]


def test_the_published_key_is_enough_to_verify(session: Session, now: datetime) -> None:
    signature = sign(session, PAPER, now)
    (published,) = public_keys(session)
    assert published.key_id == signature.key_id
    Ed25519PublicKey.from_public_bytes(published.public).verify(signature.value, PAPER)


def test_a_key_put_into_the_table_by_hand_is_not_believed(session: Session, now: datetime) -> None:
    forger = Ed25519PrivateKey.generate()
    ours = sign(session, PAPER, now).key_id
    forged = Signature(ours, forger.sign(PAPER))
    public = {"public": forger.public_key().public_bytes_raw()}
    session.execute(sa.update(SigningKey).values(public))
    assert not verify(session, PAPER, forged)
    (row,) = session.execute(sa.select(SigningKey.__table__)).mappings()
    added = {**row, **public, "id": uuid4(), "key_id": "f0f0f0f0", "retired_at": now}
    session.execute(sa.insert(SigningKey.__table__).values(added))
    assert not verify(session, PAPER, Signature("f0f0f0f0", forged.value))


def test_the_private_part_is_sealed(session: Session, now: datetime) -> None:
    ensure_signing_key(session, now=now)
    (row,) = session.scalars(sa.select(SigningKey))
    raw = base64.b64decode(row.private)
    assert len(raw) == 32
    assert raw not in row.private_sealed
    assert row.private.encode() not in row.private_sealed


def test_processes_that_make_the_first_key_at_once_make_one(database: Database, now: datetime) -> None:
    together = threading.Barrier(4)
    made: set[str] = set()

    def start() -> None:
        together.wait()
        with database.writing() as session:
            made.add(ensure_signing_key(session, now=now).key_id)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


@pytest.mark.parametrize("content", [b"", b"\0" * 100_000])
def test_any_length_is_signed(session: Session, now: datetime, content: bytes) -> None:
    assert verify(session, content, sign(session, content, now))
