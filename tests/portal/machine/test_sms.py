"""Delivery reports come in by one address, whose answer tells nothing."""

from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from services.database import Database
from services.messaging import send_later
from services.messaging.models import Message
from services.messaging.reports import report_address
from tests.portal.conftest import Portal

Answer = tuple[int, str, frozenset[tuple[str, str]]]


def ask(portal: Portal, target: str) -> Answer:
    answer = portal.app.test_client().get(target)
    told = frozenset((name, value) for name, value in answer.headers.items() if name not in ("Date", "X-Request-Id"))
    return answer.status_code, answer.text, told


def reported(portal: Portal, state: str) -> str:
    """The address that the gateway calls, as it fills it in."""
    with portal.database.writing() as session:
        send_later(
            session, kind="decision", to="+212612345678", person_id=None, locale="fr", key="x", params={},
            now=datetime.now(UTC),
        )  # fmt: skip
        message_id = session.scalars(sa.select(Message.id)).one()
    address = urlsplit(report_address("", message_id).replace("%d", state).replace("%D", "?smpp?dlr_err=011&"))
    return f"{address.path}?{address.query}"


def state_of(database: Database) -> tuple[str | None, str | None]:
    with database.reading() as session:
        return tuple(session.execute(sa.select(Message.delivery, Message.reason)).one())


def test_a_report_is_recorded_and_counted(portal: Portal) -> None:
    status, text, headers = ask(portal, reported(portal, "2"))
    assert (status, text) == (202, "received\n")
    assert dict(headers)["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in dict(headers)
    assert state_of(portal.database)[0] == "failed"
    told = portal.app.test_client().get("/metrics").text
    samples = [one for family in text_string_to_metric_families(told) for one in family.samples]
    [failed] = [
        one.value for one in samples if one.name == "usrati_deliveries_total" and one.labels["state"] == "failed"
    ]
    assert failed >= 1


def test_every_asker_gets_the_same_answer(portal: Portal) -> None:
    genuine = reported(portal, "1")
    expected = ask(portal, genuine)
    forged = genuine.replace("token=", "token=0")
    unknown = genuine.replace(genuine.split("message=")[1][:32], uuid4().hex)
    others = [genuine, forged, unknown, "/api/sms/report", "/api/sms/report?message=%00&token=%F0%9F&state=1"]
    assert [ask(portal, target) for target in others] == [expected] * len(others)
    assert state_of(portal.database) == ("delivered", None)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_else_is_done_there(portal: Portal, method: str) -> None:
    answer = getattr(portal.app.test_client(), method)("/api/sms/report")
    assert answer.status_code in (400, 405)
