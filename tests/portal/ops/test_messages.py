"""What the operator sees of messages, in the browser of one who has the role."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from portal.languages import LANGUAGES
from portal.ops.messages import KIND_WORDS, PERIODS, STANDING_WORDS, lasting, reason_words
from services.messaging import send_later
from services.messaging.models import Message
from services.messaging.states import REFUSAL_WORDS, Refusal
from services.requests.news import NEWS
from services.scoring.bulk.telling import KIND
from tests.portal.conftest import Portal
from tests.portal.pages import said

MOBILE = "+212698765432"
KEY = "%(code)s is your Usrati code. Never give it to anyone."


def write(portal: Portal, kind: str = "code", ago: timedelta = timedelta(0), **values: object) -> UUID:
    now = datetime.now(UTC)
    with portal.database.writing() as session:
        before = set(session.scalars(sa.select(Message.id)))
        params = {"code": "482913"}
        send_later(session, kind=kind, to=MOBILE, person_id=None, locale="zgh", key=KEY, params=params, now=now - ago)
        [message_id] = set(session.scalars(sa.select(Message.id))) - before
        if values:
            session.execute(sa.update(Message).where(Message.id == message_id).values(values))
    return message_id


def failed(portal: Portal, **values: object) -> UUID:
    sent = datetime.now(UTC)
    return write(
        portal, to_sealed=None, sent_at=sent, delivery_at=sent, delivery="failed", reason="network:011", parts=1,
        attempts=2, **values,
    )  # fmt: skip


def test_without_messages_it_says_so(portal: Portal) -> None:
    page = portal.agent().get("/ops/messages")
    for words in ("Nothing waits.", "It has taken no message yet.", "No message was written in this time."):
        assert said(words) in page.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_is_shown_with_its_reason_and_nothing_of_a_person(portal: Portal, language: str) -> None:
    message_id = failed(portal)
    write(portal, "decision", attempts=1, reason="busy", next_try_at=datetime.now(UTC))
    page = portal.agent(language=language).get("/ops/messages")
    assert str(message_id) in page.words
    assert said("The phone network says: fault %(code)s.", language, code="011") in page.words
    assert said("The gateway says: not now.", language) in page.words
    for secret in (MOBILE, MOBILE[-8:], "482913", said(KEY, language, code="482913")):
        assert secret not in page.text


def test_only_the_chosen_time_and_standing_are_listed(portal: Portal) -> None:
    old, new = write(portal, ago=timedelta(hours=2)), write(portal)
    walker = portal.agent()
    page = walker.get("/ops/messages?standing=waiting")
    assert str(new) in page.words
    assert str(old) not in page.words
    assert str(old) in walker.get("/ops/messages?standing=waiting&period=day").words
    assert str(new) not in walker.get("/ops/messages").words


def test_one_message_is_found_by_its_whole_id(portal: Portal) -> None:
    message_id = failed(portal)
    walker = portal.agent()
    assert str(message_id) in walker.get(f"/ops/messages?standing=waiting&message={message_id}").words
    for nothing in (uuid4(), str(message_id)[:8], "%00x", MOBILE):
        page = walker.get(f"/ops/messages?standing=waiting&message={nothing}")
        assert said("There is no message with this id. What is too old has been erased.") in page.words


@pytest.mark.parametrize("query", ["period=year", "standing=nonsense", "period=&standing=", "period=%00&standing=%F0"])
def test_a_choice_that_there_is_not_is_the_first(portal: Portal, query: str) -> None:
    page = portal.agent().get(f"/ops/messages?{query}")
    assert (page.status, said("The last hour") in page.words) == (200, True)


def test_the_page_is_the_operators_alone(portal: Portal) -> None:
    failed(portal)
    assert portal.agent("other.one", roles=()).get("/ops/messages").status == 403
    assert portal.visitor().get("/ops/messages").path == "/fr/desk/sign-in"
    assert portal.family().get("/ops/messages").path == "/fr/desk/sign-in"


def test_every_kind_and_reason_has_its_words() -> None:
    assert set(KIND_WORDS) == {"code", KIND, *NEWS}
    assert set(REFUSAL_WORDS) == set(Refusal) - {Refusal.NOBODY}
    assert reason_words("of another day") is None
    assert reason_words(None) is None
    assert set(PERIODS) == {"hour", "day", "week"}
    assert len(STANDING_WORDS) == 10


@pytest.mark.parametrize(
    ("time", "read"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=119), "119 s"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(hours=36), "36 h"),
        (timedelta(days=3), "3 jours"),
    ],
)
def test_a_time_is_said_in_its_unit(time: timedelta, read: str) -> None:
    words = lasting(time)
    assert said(words.key, "fr", **words.params) == read
