"""From declared data to a session, and from anything else to the same code page."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.accounts.codes import CodeOutcome, CodeResult
from services.accounts.models import CodeAttempt
from services.accounts.sessions import find_session, language_of
from services.accounts.sign_in import SignedIn, begin_sign_in, finish_sign_in
from services.database import Database
from services.errors import Unavailable
from services.journal import system_actor
from services.journal.models import JournalEntry
from services.messaging.models import Message
from services.population.birth_dates import BirthDate
from services.population.register import close_register

Codes = Callable[[], list[str]]
BORN = BirthDate(1984, 5, 2)


def begin(database: Database, now: datetime, idcs: str = "2345678906", sex: str = "F", born: BirthDate = BORN) -> UUID:
    with database.writing() as session:
        begun = begin_sign_in(session, idcs=idcs, sex=sex, birth_date=born, address="192.0.2.7", locale="fr", now=now)
    return begun.attempt_id


def finish(database: Database, attempt_id: UUID, code: str, now: datetime) -> SignedIn | CodeResult:
    with database.writing() as session:
        return finish_sign_in(session, attempt_id=attempt_id, code=code, locale="zgh", now=now)


def test_the_right_code_opens_a_session(database: Database, fatima: UUID, codes: Codes, now: datetime) -> None:
    signed_in = finish(database, begin(database, now), codes()[0], now)
    assert isinstance(signed_in, SignedIn)
    assert signed_in.secret not in repr(signed_in)
    with database.reading() as session:
        found = find_session(session, secret=signed_in.secret, now=now)
        entry = session.scalars(sa.select(JournalEntry)).one()
        assert language_of(session, person_id=fatima) == "zgh"
    assert found is not None
    assert (found.person_id, found.locale) == (fatima, "zgh")
    assert (entry.action, entry.actor_id, entry.person_id) == ("account.signed_in", fatima, fatima)


def test_the_code_comes_in_the_language_of_the_page(
    database: Database, fatima: UUID, sent: Callable[[], list[Message]], now: datetime
) -> None:
    begin(database, now)
    [message] = sent()
    assert (message.to, message.locale, message.kind) == ("+212600000101", "fr", "code")


@pytest.mark.parametrize(
    "declared", [{"idcs": "3456789017"}, {"sex": "M"}, {"born": BirthDate(1984, 5)}, {"born": BirthDate(1984, 5, 3)}]
)
def test_wrong_data_begin_an_attempt_that_no_code_opens(
    database: Database, fatima: UUID, codes: Codes, now: datetime, declared: dict[str, object]
) -> None:
    attempt_id = begin(database, now, **declared)  # type: ignore[arg-type]
    assert codes() == []
    assert finish(database, attempt_id, "123456", now) == CodeResult(CodeOutcome.WRONG, tries_left=4)


def test_a_closed_register_leaves_no_trace(database: Database, fatima: UUID, now: datetime) -> None:
    with database.writing() as session:
        close_register(session, actor=system_actor(), until=now + timedelta(hours=1), now=now)
    with pytest.raises(Unavailable):
        begin(database, now)
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(CodeAttempt.id))) == 0


def test_of_sign_ins_at_once_with_one_code_one_opens_a_session(
    database: Database, fatima: UUID, codes: Codes, now: datetime
) -> None:
    attempt_id = begin(database, now)
    [code] = codes()
    outcomes: list[SignedIn | CodeResult] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(finish(database, attempt_id, code, now))) for _ in "1234"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1
    assert outcomes.count(CodeResult(CodeOutcome.OVER)) == 3


def test_a_wrong_code_is_remembered(database: Database, fatima: UUID, now: datetime) -> None:
    attempt_id = begin(database, now)
    finish(database, attempt_id, "", now)
    with database.reading() as session:
        assert session.get_one(CodeAttempt, attempt_id).tries == 1
