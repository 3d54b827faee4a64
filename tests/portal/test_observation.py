"""One line in the log for each request, whatever answers it, and nothing in it about anybody."""

import json
import re

import pytest
import structlog
from structlog.testing import capture_logs

from tests.portal.conftest import OpenPortal, Portal
from tests.portal.stages import WIDOW


def test_each_request_leaves_one_line_and_an_id(portal: Portal) -> None:
    client = portal.app.test_client()
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        answers = [
            client.get(path, buffered=True) for path in ("/fr/sign-in", "/fr/nowhere", "/static/portal.css", "/")
        ]
    assert [(line["event"], line["endpoint"], line["status"]) for line in lines] == [
        ("request", "citizen.sign_in", 200),
        ("request", "none", 404),
        ("request", "static", 200),
        ("request", "choose_language", 302),
    ]
    assert [line["request_id"] for line in lines] == [answer.headers["X-Request-Id"] for answer in answers]
    assert len({line["request_id"] for line in lines}) == 4
    assert all(line["ms"] >= 0 and line["method"] == "GET" for line in lines)


@pytest.mark.parametrize("given", ["0123456789abcdef", "7d444840-9dc0-11d1-b245-5ffdce74fad2"])
def test_the_id_of_a_proxy_is_kept(portal: Portal, given: str) -> None:
    answer = portal.app.test_client().get("/healthz", headers={"X-Request-Id": given}, buffered=True)
    assert answer.headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "Fatima Zahra", "x\u00e9" * 8, '{"level":"error"}'])
def test_an_id_in_which_something_could_hide_is_replaced(portal: Portal, given: str) -> None:
    answer = portal.app.test_client().get("/healthz", headers={"X-Request-Id": given}, buffered=True)
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-Id"])


def test_a_fault_of_ours_is_one_request_of_status_500(open_portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = open_portal("enrolled", shows_faults=False)
    monkeypatch.setattr("portal.public.home.page", lambda name: int("Fatima"))
    with capture_logs() as lines:
        assert portal.app.test_client().get("/fr/", buffered=True).status_code == 500
    failed, request = lines
    assert (failed["event"], failed["error"], failed["endpoint"]) == ("request_failed", "ValueError", "public.home")
    assert (request["event"], request["status"]) == ("request", 500)
    assert "Fatima" not in json.dumps(lines)


def test_a_whole_sign_in_writes_nothing_personal(portal: Portal) -> None:
    with capture_logs() as lines:
        portal.visitor().sign_in(WIDOW, portal.sms)
    said = json.dumps(lines)
    for secret in (WIDOW.idcs, WIDOW.mobile, WIDOW.birth_date, "127.0.0.1", portal.sms.messages()[0]["text"]):
        assert secret not in said
    assert {tuple(sorted(line)) for line in lines} == {
        ("endpoint", "event", "log_level", "method", "ms", "status"),
    }
