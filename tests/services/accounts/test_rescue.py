"""What was typed when a session was over waits an hour, sealed, for its owner."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.expiry import ERASURES
from services.accounts.models import RescuedPost
from services.accounts.rescue import forget_rescued, rescue_post, rescued_post
from services.accounts.sessions import open_session
from services.database import Database
from services.erasing import erase_due

PATH = "/form/address"
FIELDS = {"address": ["12, زنقة الأمل"], "aids": ["asd", "amo_tadamon"]}


def keep(database: Database, person_id: UUID, fields: dict[str, list[str]], now: datetime, path: str = PATH) -> bool:
    with database.writing() as session:
        return rescue_post(session, person_id=person_id, path=path, fields=fields, now=now)


def waiting(database: Database, person_id: UUID, now: datetime, path: str = PATH) -> dict[str, list[str]] | None:
    with database.reading() as session:
        return rescued_post(session, person_id=person_id, path=path, now=now)


def test_what_was_typed_waits_for_its_owner_alone(
    database: Database, fatima: UUID, register: Callable[..., UUID], now: datetime
) -> None:
    assert keep(database, fatima, FIELDS, now)
    assert waiting(database, fatima, now) == FIELDS
    assert waiting(database, register("3456789017"), now) is None
    assert waiting(database, fatima, now, path="/form/bills") is None


def test_it_waits_sealed(database: Database, fatima: UUID, now: datetime) -> None:
    keep(database, fatima, FIELDS, now)
    with database.reading() as session:
        assert b"asd" not in session.scalars(sa.select(RescuedPost.fields_sealed)).one()


def test_it_waits_an_hour(database: Database, fatima: UUID, now: datetime) -> None:
    keep(database, fatima, FIELDS, now)
    assert waiting(database, fatima, now + timedelta(minutes=59)) == FIELDS
    assert waiting(database, fatima, now + timedelta(hours=1)) is None
    assert waiting(database, fatima, now - timedelta(days=1)) is None


def test_a_later_post_of_the_same_page_replaces_it(database: Database, fatima: UUID, now: datetime) -> None:
    keep(database, fatima, FIELDS, now)
    keep(database, fatima, {"address": ["elsewhere"]}, now + timedelta(minutes=30))
    assert waiting(database, fatima, now + timedelta(minutes=80)) == {"address": ["elsewhere"]}


def test_once_forgotten_nothing_waits(database: Database, fatima: UUID, now: datetime) -> None:
    keep(database, fatima, FIELDS, now)
    with database.writing() as session:
        forget_rescued(session, person_id=fatima, path=PATH)
    assert waiting(database, fatima, now) is None


@pytest.mark.parametrize(
    ("fields", "path"), [({"text": ["x" * 5_000_000]}, PATH), (FIELDS, "/" + "x" * 200), (FIELDS, "/form/\0")]
)
def test_what_is_too_large_is_dropped(
    database: Database, fatima: UUID, now: datetime, fields: dict[str, list[str]], path: str
) -> None:
    assert not keep(database, fatima, fields, now, path=path)
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(RescuedPost.id))) == 0


def test_odd_text_comes_back_as_it_was(database: Database, fatima: UUID, now: datetime) -> None:
    fields = {"name": ["\0\u202e👩‍👧 ⴰⵣⵓⵍ \ud800"]}
    assert keep(database, fatima, fields, now)
    assert waiting(database, fatima, now) == fields


def test_posts_rescued_at_once_leave_one_of_them(database: Database, fatima: UUID, now: datetime) -> None:
    posts = [{"rooms": [str(n)]} for n in range(6)]
    threads = [threading.Thread(target=keep, args=(database, fatima, fields, now)) for fields in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waiting(database, fatima, now) in posts


def test_what_is_no_longer_needed_is_deleted(
    database: Database, fatima: UUID, begin: Callable[..., object], now: datetime
) -> None:
    begin(fatima)
    keep(database, fatima, FIELDS, now)
    with database.writing() as session:
        open_session(session, person_id=fatima, now=now)
    with database.writing() as session:
        assert forgotten(session, now + timedelta(minutes=59)) == {}
        assert forgotten(session, now + timedelta(hours=1)) == {"rescued_post": 1}
        assert forgotten(session, now + timedelta(days=2)).keys() == {"code_attempt", "limit_count"}
        assert forgotten(session, now + timedelta(days=8)).keys() == {"limit_count", "session"}


def forgotten(session: Session, now: datetime) -> dict[str, int]:
    """How much was erased of each kind of which something was."""
    return {kind: count for kind, count in erase_due(session, ERASURES, now=now).items() if count}
