"""A person with a mobile on file, and the messages written to her."""

import json
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.accounts.codes import BegunCode, begin_code
from services.crypto import blind_index
from services.database import Database
from services.messaging.models import Message
from services.population.models import Person

MOBILE = "+212600000101"


@pytest.fixture
def register(database: Database) -> Callable[..., UUID]:
    """Put a person into the population register; born 2 May 1984, with a mobile."""

    def add(idcs: str = "2345678906", **others: object) -> UUID:
        with database.writing() as session:
            person = Person(
                idcs_index=blind_index("idcs", idcs),
                idcs=idcs,
                **{"name_arabic": "فاطمة", "name_latin": "Fatima", "sex": "F", "nationality": "MA"},
                **{"birth_year": 1984, "birth_month": 5, "birth_day": 2, "mobile": MOBILE, **others},
            )
            session.add(person)
        return person.id

    return add


@pytest.fixture
def fatima(register: Callable[..., UUID]) -> UUID:
    return register()


@pytest.fixture
def begin(database: Database, now: datetime) -> Callable[..., BegunCode]:
    """Begin an attempt, committed; for whatever differs from signing in as one somebody."""

    def begin(person_id: UUID | None, **others: object) -> BegunCode:
        usual = {"purpose": "sign_in", "identity": "2345678906:F:1984-05-02", "subject_id": None}
        arguments = {**usual, "address": "192.0.2.7", "locale": "fr", "now": now, **others}
        with database.writing() as session:
            return begin_code(session, person_id=person_id, **arguments)

    return begin


@pytest.fixture
def sent(database: Database) -> Callable[[], list[Message]]:
    """The messages that go to somebody, oldest first."""

    def read() -> list[Message]:
        with database.reading() as session:
            rows = session.scalars(sa.select(Message).order_by(Message.created_at)).all()
            return [row for row in rows if row.to]

    return read


@pytest.fixture
def codes(sent: Callable[[], list[Message]]) -> Callable[[], list[str]]:
    """The codes that were sent to somebody, oldest first."""
    return lambda: [json.loads(message.parameters or "{}")["code"] for message in sent()]
