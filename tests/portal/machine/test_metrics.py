"""What Prometheus reads, and who may."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from services.jobs import enqueue
from services.journal import system_actor
from services.messaging import send_later
from services.messaging.models import Message
from services.population.register import close_register
from services.workers import beat
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.stages import WIDOW

Sample = tuple[str, frozenset[tuple[str, str]]]


def read(portal: Portal, **options: object) -> dict[Sample, float]:
    answer = portal.app.test_client().get("/metrics", **options)  # type: ignore[arg-type]
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def value(found: dict[Sample, float], name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0.0)


def test_a_journey_is_counted_by_its_steps(portal: Portal) -> None:
    before = read(portal)
    portal.visitor().sign_in(WIDOW, portal.sms)
    walker = portal.family(WIDOW)
    walker.get("/household/start")
    walker.fill(relation="head", consent="y")
    after = read(portal)

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    assert more("usrati_actions_total", action="account.signed_in") == 1
    assert more("usrati_actions_total", action="household.registered") == 1
    assert more("usrati_messages_total", outcome="sent") == 1
    assert more("usrati_requests_total", endpoint="citizen.sign_in_code", method="POST", status="303") == 1
    assert more("usrati_request_seconds_count", endpoint="citizen.start") == 3


def test_a_request_is_counted_from_its_sending_to_its_decision(open_portal: OpenPortal) -> None:
    before = read(open_portal("enrolled"))
    portal = open_portal("decided")
    after = read(portal)
    for event in ("submit", "decide"):
        assert value(after, "usrati_request_events_total", event=event) >= value(
            before, "usrati_request_events_total", event=event
        )


def test_what_waits_is_shown(portal: Portal) -> None:
    now = datetime.now(UTC)
    assert value(read(portal), "usrati_register_silent_seconds") == 0
    with portal.database.writing() as session:
        enqueue(session, "verify_request", "an id", 1)
        enqueue(session, "expire_request", "an id", 1, delay=timedelta(days=30))
        beat(session, executor_id="one", now=now)
        close_register(session, actor=system_actor(), until=now + timedelta(hours=1), now=now - timedelta(minutes=5))
    found = read(portal)
    assert value(found, "usrati_queue_waiting", queue="cases") == 1
    assert value(found, "usrati_queue_waiting", queue="codes") == 0
    assert value(found, "usrati_workers_living") == 1
    assert 300 <= value(found, "usrati_register_silent_seconds") < 360
    assert value(found, "usrati_database_up") == 1


def test_what_the_gateway_did_not_take_yet_is_shown(portal: Portal) -> None:
    now = datetime.now(UTC)
    assert ("usrati_gateway_last_taken_seconds", frozenset()) not in read(portal)
    with portal.database.writing() as session:
        for ago in (600, 60):
            written = now - timedelta(seconds=ago)
            send_later(
                session, kind="decision", to=WIDOW.mobile, person_id=None, locale="fr", key="x", params={}, now=written
            )
    found = read(portal)
    assert value(found, "usrati_messages_waiting", queue="news") == 2
    assert 600 <= value(found, "usrati_messages_oldest_seconds", queue="news") < 660
    with portal.database.writing() as session:
        session.execute(sa.update(Message).values(sent_at=now))
    assert value(read(portal), "usrati_messages_waiting", queue="news") == 0
    assert 0 <= read(portal)[("usrati_gateway_last_taken_seconds", frozenset())] < 60


def test_without_a_database_the_counts_are_still_there(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.database import Database

    away = Database("postgresql://nobody@127.0.0.1:9/usrati")
    monkeypatch.setitem(portal.app.extensions, "database", away)
    found = read(portal)
    assert value(found, "usrati_database_up") == 0
    assert ("usrati_workers_living", frozenset()) not in found


def test_nothing_counted_is_personal(portal: Portal) -> None:
    portal.visitor().sign_in(WIDOW, portal.sms)
    told = portal.app.test_client().get("/metrics").text
    for secret in (WIDOW.idcs, WIDOW.mobile, WIDOW.birth_date):
        assert secret not in told


@pytest.mark.parametrize(
    ("environment", "address", "headers", "status"),
    [
        ({}, "127.0.0.1", {}, 200),
        ({}, "::1", {}, 200),
        ({}, "192.0.2.7", {}, 404),
        ({}, "127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404),
        ({}, "127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 404),
        ({"USRATI_METRICS_FROM": "10.1.0.0/16"}, "10.1.2.3", {}, 200),
        ({"USRATI_METRICS_FROM": "10.1.0.0/16"}, "127.0.0.1", {}, 404),
        ({"USRATI_METRICS_FROM": ""}, "127.0.0.1", {}, 404),
        ({}, "", {}, 404),
    ],
)
def test_only_whom_the_settings_name_may_read_them(
    open_portal: OpenPortal, environment: dict[str, str], address: str, headers: dict[str, str], status: int
) -> None:
    client = open_portal("enrolled", **environment).app.test_client()
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status
