"""A message from the transaction that writes it to the gateway that takes it, or fails to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.database import Database
from services.messaging import NOBODY, GatewayFailed, SendKind, SendOutcome, send_later, send_message
from services.messaging.models import Message
from services.messaging.sending import BACK_OFF, MOST_TRIES
from services.messaging.states import Delivery, Refusal

MOBILE = "+212612345678"
KEY = "Your request %(reference)s is decided."


class FakeGateway:
    """Takes every message, or fails with what it was given."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.sent: list[tuple[str, str, str]] = []
        self.lifetimes: list[timedelta | None] = []
        self.idempotency_keys: list[str] = []

    def send(
        self, *, to: str, locale: str, text: str, idempotency_key: str, at: datetime, lifetime: timedelta | None
    ) -> None:
        self.idempotency_keys.append(idempotency_key)
        if self.fault is not None:
            raise self.fault
        self.sent.append((to, locale, text))
        self.lifetimes.append(lifetime)


def render(locale: str, key: str, params: Mapping[str, str]) -> str:
    return f"[{locale}] {key % params}"


def write(database: Database, now: datetime, kind: str = "decision", to: str | None = MOBILE) -> UUID:
    with database.writing() as session:
        params = {"reference": "7KQ2-9XMP-4D"}
        send_later(session, kind=kind, to=to, person_id=uuid4(), locale="fr", key=KEY, params=params, now=now)
        return session.scalars(sa.select(Message.id)).one()


def try_once(database: Database, message_id: UUID, gateway: FakeGateway, now: datetime) -> SendOutcome:
    with database.writing() as session:
        return send_message(session, message_id=message_id, gateway=gateway, render=render, now=now)


def stored(database: Database) -> Message:
    with database.reading() as session:
        return session.scalars(sa.select(Message)).one()


def jobs(database: Database) -> list[tuple[str, str, str]]:
    schema = "" if database.url.get_backend_name() == "sqlite" else "dbos."
    with database.reading() as session:
        rows = session.execute(
            sa.text(
                f"SELECT workflow_uuid, queue_name, workflow_input.inputs FROM {schema}workflow_status"
                f" JOIN {schema}workflow_input USING (workflow_uuid)"
            )
        )
        return [tuple(row) for row in rows]


@pytest.mark.parametrize(("kind", "queue"), [("code", "codes"), ("decision", "news")])
def test_a_message_and_its_job_are_committed_together(database: Database, now: datetime, kind: str, queue: str) -> None:
    message_id = write(database, now, kind=kind)
    [(job, its_queue, arguments)] = jobs(database)
    assert (job, its_queue) == (f"send:{message_id}", queue)
    assert str(message_id) in arguments
    assert MOBILE not in arguments


def test_a_transaction_that_fails_sends_nothing(database: Database, now: datetime) -> None:
    with pytest.raises(LookupError), database.writing() as session:  # noqa: PT012
        send_later(session, kind="code", to=MOBILE, person_id=None, locale="fr", key=KEY, params={}, now=now)
        raise LookupError
    assert jobs(database) == []


def test_a_message_without_a_number_waits_in_the_portal(database: Database, now: datetime) -> None:
    write(database, now, to=None)
    assert jobs(database) == []
    assert stored(database).parameters == '{"reference": "7KQ2-9XMP-4D"}'


def test_number_and_words_are_sealed_until_sent_and_then_wiped(database: Database, now: datetime) -> None:
    message_id = write(database, now)
    row = stored(database)
    assert MOBILE.encode() not in (row.to_sealed or b"")
    assert b"7KQ2" not in (row.parameters_sealed or b"")
    gateway = FakeGateway()
    outcome = try_once(database, message_id, gateway, now)
    assert outcome.kind is SendKind.SENT
    assert gateway.sent == [(MOBILE, "fr", "[fr] Your request 7KQ2-9XMP-4D is decided.")]
    row = stored(database)
    assert (row.to_sealed, row.parameters_sealed, row.parts) == (None, None, 1)
    assert row.sent_at is not None
    assert now <= row.sent_at < now + timedelta(seconds=5)


def test_a_sent_message_is_not_sent_again(database: Database, now: datetime) -> None:
    message_id, gateway = write(database, now), FakeGateway()
    results = [try_once(database, message_id, gateway, now).kind for _ in "12"]
    assert results == [SendKind.SENT, SendKind.ALREADY_SENT]
    assert len(gateway.sent) == 1


@pytest.mark.parametrize("fault", [GatewayFailed("busy"), TimeoutError("slow"), ConnectionRefusedError()])
def test_a_failing_gateway_is_tried_again_later(database: Database, now: datetime, fault: Exception) -> None:
    message_id, gateway = write(database, now), FakeGateway(fault)
    waits = [try_once(database, message_id, gateway, now).retry_after for _ in range(6)]
    assert waits == [*BACK_OFF, BACK_OFF[-1]]
    assert set(gateway.idempotency_keys) == {str(message_id)}
    gateway.fault = None
    outcome = try_once(database, message_id, gateway, now)
    assert outcome.kind is SendKind.SENT


def test_the_gateway_is_called_while_others_write(database: Database, now: datetime) -> None:
    message_id = write(database, now)

    class WritingGateway(FakeGateway):
        def send(
            self, *, to: str, locale: str, text: str, idempotency_key: str, at: datetime, lifetime: timedelta | None
        ) -> None:
            with database.writing() as session:
                session.execute(sa.update(Message).values(attempts=0))

    outcome = try_once(database, message_id, WritingGateway(), now)
    assert outcome.kind is SendKind.SENT


def test_news_is_given_up_after_days(database: Database, now: datetime) -> None:
    message_id = write(database, now)
    with database.writing() as session:
        session.execute(sa.update(Message).values(attempts=MOST_TRIES - 1))
    gateway = FakeGateway(GatewayFailed("gone"))
    outcome = try_once(database, message_id, gateway, now)
    assert outcome.kind is SendKind.GIVEN_UP
    row = stored(database)
    assert (row.to_sealed, row.next_try_at, row.reason) == (None, None, Refusal.FAILED)
    assert row.given_up_at is not None


def test_a_code_too_old_to_be_used_is_not_sent(database: Database, now: datetime) -> None:
    message_id, gateway = write(database, now, kind="code"), FakeGateway()
    late = now + timedelta(minutes=5)
    outcome = try_once(database, message_id, gateway, late)
    assert (outcome.kind, gateway.sent) == (SendKind.GIVEN_UP, [])
    assert stored(database).parameters_sealed is None


def test_a_code_is_not_kept_for_a_try_that_comes_too_late(database: Database, now: datetime) -> None:
    message_id, gateway = write(database, now, kind="code"), FakeGateway(GatewayFailed("busy"))
    late = now + timedelta(minutes=4, seconds=58)
    outcome = try_once(database, message_id, gateway, late)
    assert outcome.kind is SendKind.GIVEN_UP


def test_a_clock_set_back_still_sends_a_code(database: Database, now: datetime) -> None:
    message_id, gateway = write(database, now, kind="code"), FakeGateway()
    earlier = now - timedelta(hours=2)
    outcome = try_once(database, message_id, gateway, earlier)
    assert outcome.kind is SendKind.SENT


def test_a_message_to_nobody_is_queued_and_dropped(database: Database, now: datetime) -> None:
    message_id, gateway = write(database, now, kind="code", to=NOBODY), FakeGateway()
    assert len(jobs(database)) == 1
    outcome = try_once(database, message_id, gateway, now)
    assert (outcome.kind, gateway.sent) == (SendKind.GIVEN_UP, [])
    assert (stored(database).to_sealed, stored(database).parameters_sealed) == (None, None)


def test_a_message_that_is_gone_is_given_up(database: Database, now: datetime) -> None:
    outcome = try_once(database, uuid4(), FakeGateway(), now)
    assert outcome.kind is SendKind.GIVEN_UP


def test_a_session_that_has_begun_sends_what_it_wrote(database: Database, now: datetime) -> None:
    gateway = FakeGateway()
    with database.writing() as session:
        send_later(session, kind="decision", to=MOBILE, person_id=None, locale="ar", key="Done.", params={}, now=now)
        message_id = session.scalars(sa.select(Message.id)).one()
        send_message(session, message_id=message_id, gateway=gateway, render=render, now=now)
    assert gateway.sent == [(MOBILE, "ar", "[ar] Done.")]


def test_a_message_without_a_turn_is_put_back_as_if_untried(database: Database, now: datetime) -> None:
    message_id, gateway, asked = write(database, now, kind="code"), FakeGateway(), []

    def wait_turn(*, urgent: bool) -> bool:
        asked.append(urgent)
        return False

    with database.writing() as session:
        outcome = send_message(
            session, message_id=message_id, gateway=gateway, render=render, now=now, wait_turn=wait_turn
        )
    assert (outcome.kind, asked, gateway.sent) == (SendKind.POSTPONED, [True], [])
    assert stored(database).attempts == 0


def test_a_number_that_no_gateway_takes_is_given_up_with_its_reason(database: Database, now: datetime) -> None:
    refused = GatewayFailed(reason=Refusal.NUMBER_REFUSED, hopeless=True)
    message_id = write(database, now)
    assert try_once(database, message_id, FakeGateway(refused), now).kind is SendKind.GIVEN_UP
    row = stored(database)
    assert (row.reason, row.to_sealed, row.parts) == ("number_refused", None, 1)


def test_a_message_that_waits_says_until_when_and_why(database: Database, now: datetime) -> None:
    message_id = write(database, now)
    try_once(database, message_id, FakeGateway(GatewayFailed(reason=Refusal.BUSY)), now)
    row = stored(database)
    assert (row.reason, row.attempts) == ("busy", 1)
    assert row.next_try_at is not None
    assert row.next_try_at >= now + BACK_OFF[0]


def test_what_was_reported_before_the_answer_came_is_not_sent_again(database: Database, now: datetime) -> None:
    message_id, gateway = write(database, now), FakeGateway()
    with database.writing() as session:
        session.execute(sa.update(Message).values(delivery=Delivery.DELIVERED, delivery_at=now))
    assert try_once(database, message_id, gateway, now).kind is SendKind.SENT
    assert (gateway.sent, stored(database).delivery) == ([], Delivery.DELIVERED)


def test_a_report_that_overtakes_the_answer_stays(database: Database, now: datetime) -> None:
    message_id = write(database, now)

    class QuickNetwork(FakeGateway):
        def send(  # type: ignore[override]
            self, *, to: str, locale: str, text: str, idempotency_key: str, at: datetime, lifetime: timedelta | None
        ) -> Delivery:
            with database.writing() as session:
                session.execute(sa.update(Message).values(delivery=Delivery.DELIVERED, delivery_at=now))
            return Delivery.ACCEPTED

    assert try_once(database, message_id, QuickNetwork(), now).kind is SendKind.SENT
    assert stored(database).delivery == Delivery.DELIVERED


def test_the_gateway_is_told_how_long_a_code_is_still_of_use(database: Database, now: datetime) -> None:
    message_id, gateway = write(database, now, kind="code"), FakeGateway()
    try_once(database, message_id, gateway, now + timedelta(minutes=2))
    [lifetime] = gateway.lifetimes
    assert lifetime is not None
    assert timedelta(minutes=2, seconds=50) < lifetime <= timedelta(minutes=3)
