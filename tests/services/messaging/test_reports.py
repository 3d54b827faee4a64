"""Delivery reports: believed only from the gateway, and never taken back."""

from datetime import datetime, timedelta
from itertools import permutations
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from services.database import Database
from services.messaging import send_later
from services.messaging.models import Message
from services.messaging.reports import record_report, report_address, token_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def message_id(database: Database, now: datetime) -> UUID:
    with database.writing() as session:
        send_later(
            session, kind="decision", to="+212612345678", person_id=None, locale="fr", key="x", params={}, now=now
        )
        return session.scalars(sa.select(Message.id)).one()


def report(database: Database, message_id: UUID, now: datetime, state: str, token: str = "", detail: str = "") -> bool:
    token = token or token_of(message_id)
    with database.writing() as session:
        return record_report(session, message=message_id.hex, token=token, state=state, detail=detail, now=now)


def stored(database: Database) -> tuple[str | None, datetime | None, str | None]:
    with database.reading() as session:
        return tuple(session.execute(sa.select(Message.delivery, Message.delivery_at, Message.reason)).one())


def test_an_address_of_reports_holds_an_id_and_a_proof(settings: object) -> None:
    message_id = uuid4()
    address = urlsplit(report_address("https://usrati.example", message_id))
    assert (address.netloc, address.path) == ("usrati.example", "/api/sms/report")
    assert address.query.endswith("&state=%d&detail=%D")
    asked = parse_qs(address.query.removesuffix("&state=%d&detail=%D"))
    assert asked == {"message": [message_id.hex], "token": [token_of(message_id)]}


def test_a_report_is_kept_once(database: Database, message_id: UUID, now: datetime) -> None:
    before = REGISTRY.get_sample_value("usrati_deliveries_total", {"state": "delivered"}) or 0
    assert report(database, message_id, now, "1")
    assert not report(database, message_id, now + MINUTE, "1")
    assert stored(database) == ("delivered", now, None)
    assert REGISTRY.get_sample_value("usrati_deliveries_total", {"state": "delivered"}) == before + 1


@pytest.mark.parametrize("order", list(permutations(["8", "4", "1"])))
def test_reports_that_overtake_each_other_end_in_the_same(
    database: Database, message_id: UUID, now: datetime, order: tuple[str, ...]
) -> None:
    for state in order:
        report(database, message_id, now, state)
    assert stored(database)[0] == "delivered"


@pytest.mark.parametrize("final", ["1", "2", "16"])
def test_a_final_state_stays(database: Database, message_id: UUID, now: datetime, final: str) -> None:
    report(database, message_id, now, final)
    before = stored(database)
    for state in ("1", "2", "4", "8", "16"):
        assert not report(database, message_id, now + MINUTE, state)
    assert stored(database) == before


@pytest.mark.parametrize("state", ["", "0", "3", "99", "delivered", "١"])
def test_a_state_that_kannel_does_not_know_is_no_report(
    database: Database, message_id: UUID, now: datetime, state: str
) -> None:
    assert not report(database, message_id, now, state)
    assert stored(database) == (None, None, None)


@pytest.mark.parametrize("token", ["0" * 32, "é", "x"])
def test_nobody_else_can_report(database: Database, message_id: UUID, now: datetime, token: str) -> None:
    assert not report(database, message_id, now, "1", token=token)
    assert not report(database, message_id, now, "1", token=token_of(uuid4()))
    assert stored(database) == (None, None, None)


@pytest.mark.parametrize("message", ["", "x" * 32, "1" * 31, "{" + "1" * 30 + "}", "٣" * 32])
def test_what_is_no_id_is_no_report(database: Database, now: datetime, message: str) -> None:
    with database.writing() as session:
        assert not record_report(session, message=message, token="0" * 32, state="1", detail="", now=now)


def test_of_a_failure_only_the_networks_number_is_kept(database: Database, message_id: UUID, now: datetime) -> None:
    detail = "?smpp?dlr_err=011&?orig_msg?dlr_mask=31&text=123456 is your code"
    report(database, message_id, now, "2", detail=detail)
    assert stored(database) == ("failed", now, "network:011")


def test_a_detail_out_of_bounds_is_left_out(database: Database, message_id: UUID, now: datetime) -> None:
    report(database, message_id, now, "16", detail="dlr_err=" + "9" * 500)
    assert stored(database) == ("rejected", now, None)
