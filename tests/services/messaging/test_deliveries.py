"""What an operator is told of messages."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.messaging import KIND_CODE, NOBODY, send_later
from services.messaging.deliveries import (
    TROUBLES,
    Spread,
    Standing,
    Waiting,
    count_messages,
    find_backlog,
    find_message,
    latest_messages,
    measure_times,
)
from services.messaging.models import Message

MOBILE = "+212612345678"
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def write(session: Session, now: datetime, kind: str = "decision", to: str | None = MOBILE, **values: object) -> UUID:
    before = set(session.scalars(sa.select(Message.id)))
    send_later(session, kind=kind, to=to, person_id=None, locale="ar", key="x", params={"code": "1"}, now=now)
    [message_id] = set(session.scalars(sa.select(Message.id))) - before
    if values:
        session.execute(sa.update(Message).where(Message.id == message_id).values(values))
    return message_id


STANDINGS = {
    Standing.WAITING: {},
    Standing.RETRYING: {"attempts": 2, "reason": "busy"},
    Standing.SENT: {"to_sealed": None, "sent": True, "delivery": "accepted"},
    Standing.BUFFERED: {"to_sealed": None, "sent": True, "delivery": "buffered"},
    Standing.DELIVERED: {"to_sealed": None, "sent": True, "delivery": "delivered"},
    Standing.FAILED: {"to_sealed": None, "sent": True, "delivery": "failed", "reason": "network:011"},
    Standing.REJECTED: {"to_sealed": None, "sent": True, "delivery": "rejected"},
    Standing.GIVEN_UP: {"to_sealed": None, "given_up": True, "reason": "too_old"},
    Standing.IN_PORTAL: {"to_sealed": None},
}


def write_one_of_each(session: Session, now: datetime) -> dict[Standing, UUID]:
    written = {}
    for standing, values in STANDINGS.items():
        stored = {name: value for name, value in values.items() if name not in ("sent", "given_up")}
        if "sent" in values:
            stored |= {"sent_at": now + SECOND, "delivery_at": now + 3 * SECOND}
        if "given_up" in values:
            stored["given_up_at"] = now + SECOND
        written[standing] = write(session, now, **(stored or {"attempts": 0}))
    return written


def test_each_message_stands_somewhere(session: Session, now: datetime) -> None:
    written = write_one_of_each(session, now)
    assert set(STANDINGS) == set(Standing)
    for standing, message_id in written.items():
        found = find_message(session, message_id=message_id)
        assert found is not None
        assert (found.standing, found.kind, found.locale) == (standing, "decision", "ar")


def test_messages_are_counted_by_kind_and_standing(session: Session, now: datetime) -> None:
    write_one_of_each(session, now)
    write(session, now, KIND_CODE)
    write(session, now - HOUR, KIND_CODE)
    codes, news = count_messages(session, since=now - MINUTE)
    assert (codes.kind, codes.written, codes.standing) == (KIND_CODE, 1, {Standing.WAITING: 1})
    assert (news.kind, news.written, news.standing) == ("decision", 9, dict.fromkeys(Standing, 1))


def test_what_was_for_nobody_is_no_message(session: Session, now: datetime) -> None:
    message_id = write(session, now, KIND_CODE, NOBODY, reason="nobody", given_up_at=now, to_sealed=None)
    assert count_messages(session, since=now - HOUR) == ()
    assert latest_messages(session, standing=tuple(Standing), since=now - HOUR) == ()
    assert find_message(session, message_id=message_id) is None


def test_what_waits_is_told_by_queue(session: Session, now: datetime) -> None:
    assert find_backlog(session, now=now).last_taken_at is None
    write_one_of_each(session, now - MINUTE)
    write(session, now - HOUR, attempts=3, reason="unreachable")
    write(session, now - SECOND, KIND_CODE)
    backlog = find_backlog(session, now=now)
    assert backlog.waiting == {"codes": Waiting(1, SECOND), "news": Waiting(3, HOUR)}
    assert (backlog.last_taken_at, backlog.reason) == (now - MINUTE + SECOND, "unreachable")


def test_times_are_those_of_half_and_of_nine_in_ten(session: Session, now: datetime) -> None:
    assert measure_times(session, since=now) == measure_times(session, since=now + HOUR)
    for number in range(1, 11):
        sent = now + number * SECOND
        write(session, now, sent_at=sent, to_sealed=None, delivery="delivered", delivery_at=sent + MINUTE)
    write(session, now, sent_at=now - HOUR, to_sealed=None)
    times = measure_times(session, since=now)
    assert times.until_sent == Spread(5 * SECOND, 9 * SECOND)
    assert times.until_delivered == Spread(MINUTE, MINUTE)


def test_a_clock_set_back_makes_no_time_less_than_none(session: Session, now: datetime) -> None:
    write(session, now + HOUR, sent_at=now, to_sealed=None)
    assert measure_times(session, since=now).until_sent == Spread(timedelta(0), timedelta(0))


@pytest.mark.parametrize("standing", TROUBLES)
def test_troubles_are_listed_latest_first(session: Session, now: datetime, standing: Standing) -> None:
    early = write_one_of_each(session, now - MINUTE)
    late = write_one_of_each(session, now)
    write_one_of_each(session, now - HOUR)
    found = latest_messages(session, standing=(standing,), since=now - 2 * MINUTE)
    assert [one.id for one in found] == [late[standing], early[standing]]


def test_nothing_of_a_person_is_told(session: Session, now: datetime) -> None:
    message_id = write(session, now)
    told = repr(find_message(session, message_id=message_id))
    assert MOBILE not in told
    assert "code" not in told
    assert find_message(session, message_id=uuid4()) is None
