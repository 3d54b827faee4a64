"""Kannel's sendsms: what is asked, and which answers are believed."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from services.messaging import GatewayFailed, KannelGateway, gateway_for
from services.messaging.gateways.kannel import kannel_gateway, read_answer
from services.messaging.reports import token_of
from services.messaging.states import Delivery, Refusal
from services.settings import Settings, SettingsError, load_settings

LOGIN = "username=usrati&password=secret&from=Usrati&smsc=one"
ACCEPTED = b"0: Accepted for delivery"
PORTAL_OF_A_HOTEL = b"<html><body>Welcome! Buy access.</body></html>"
ID = uuid4()


def answer_of(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Answering:
    """A socket that reads one request at a time and answers as told."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self.asked: list[str] = []
        self._answer = answer
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                wire, _ = self._server.accept()
            except OSError:
                return
            # Who asked may be gone before it was answered.
            with wire, suppress(OSError):
                self.asked.append(wire.recv(65536).decode("latin-1").split("\r\n")[0])
                self._answer(wire)

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@contextmanager
def answering(answer: bytes | Callable[[socket.socket], None]) -> Iterator[Answering]:
    server = Answering(answer if callable(answer) else lambda wire: wire.sendall(answer))
    try:
        yield server
    finally:
        server.close()


def gateway_at(port: int, query: str = LOGIN, **seconds: float) -> KannelGateway:
    settings = load_settings({"USRATI_SMS_URL": f"http://127.0.0.1:{port}/cgi-bin/sendsms?{query}"})
    gateway = kannel_gateway(settings)
    return KannelGateway(gateway._address, gateway._report_to, **seconds) if seconds else gateway


def send(gateway: KannelGateway, now: datetime, text: str = "Hello", lifetime: timedelta | None = None) -> Delivery:
    return gateway.send(to="+212612345678", locale="fr", text=text, idempotency_key=str(ID), at=now, lifetime=lifetime)


def refusal(port: int, now: datetime, **seconds: float) -> tuple[Refusal, bool]:
    with pytest.raises(GatewayFailed) as refused:
        send(gateway_at(port, **seconds), now)
    assert "secret" not in str(refused.value)
    return refused.value.reason, refused.value.hopeless


@pytest.mark.parametrize(
    ("text", "coding", "sent"),
    [
        ("C’est prêt", "2", "C’est prêt"),
        ("123456 à l’été", "0", "123456 à l'été"),
        ("123456 رمزكم", "2", "123456 رمزكم"),
        ("123456 ⴰⵣⵓⵍ", "2", "123456 ⴰⵣⵓⵍ"),
    ],
)
def test_a_text_goes_in_the_alphabet_that_holds_it(
    settings: Settings, now: datetime, text: str, coding: str, sent: str
) -> None:
    with answering(answer_of("202 Accepted", ACCEPTED)) as kannel:
        assert send(gateway_at(kannel.port), now, text) is Delivery.ACCEPTED
    method, target, _ = kannel.asked[0].split(" ")
    asked = {name: value for name, [value] in parse_qs(urlsplit(target).query, strict_parsing=True).items()}
    report = f"http://127.0.0.1:8000/api/sms/report?message={ID.hex}&token={token_of(ID)}&state=%d&detail=%D"
    assert method == "GET"
    assert asked == {
        "username": "usrati",
        "password": "secret",
        "from": "Usrati",
        "smsc": "one",
        "to": "+212612345678",
        "text": sent,
        "coding": coding,
        "charset": "UTF-8",
        "dlr-mask": "31",
        "dlr-url": report,
    }


def test_a_code_is_urgent_and_of_no_use_later(settings: Settings, now: datetime) -> None:
    with answering(answer_of("202 Accepted", b"3: Queued for later delivery")) as kannel:
        assert send(gateway_at(kannel.port), now, lifetime=timedelta(minutes=5)) is Delivery.QUEUED
    assert "&priority=3&validity=5 " in kannel.asked[0]


@pytest.mark.parametrize(
    ("status", "body", "reason", "hopeless"),
    [
        (200, PORTAL_OF_A_HOTEL, Refusal.NONSENSE, False),
        (200, b"", Refusal.NONSENSE, False),
        (200, b"OK", Refusal.NONSENSE, False),
        (200, b"0: Accepted for delivery<script>", Refusal.NONSENSE, False),
        (202, PORTAL_OF_A_HOTEL, Refusal.NONSENSE, False),
        (202, b"1: Something else", Refusal.NONSENSE, False),
        (204, b"", Refusal.NONSENSE, False),
        (302, b"", Refusal.REDIRECTED, False),
        (307, ACCEPTED, Refusal.REDIRECTED, False),
        (400, b"Empty receiver number not allowed, rejected", Refusal.NUMBER_REFUSED, True),
        (400, b"Number(s) has/have been denied by white- and/or black-lists.", Refusal.NUMBER_REFUSED, True),
        (400, b"Sender missing and no global set, rejected", Refusal.BAD_REQUEST, False),
        (401, b"", Refusal.LOGIN_REFUSED, False),
        (403, b"Authorization failed for sendsms", Refusal.LOGIN_REFUSED, False),
        (403, b"Not routable. Do not try again.", Refusal.NOT_ROUTABLE, False),
        (404, b"Unknown request.", Refusal.NONSENSE, False),
        (500, b"Internal Server Error", Refusal.NONSENSE, False),
        (503, b"Temporal failure, try again later.", Refusal.BUSY, False),
        (503, ACCEPTED, Refusal.BUSY, False),
    ],
)
def test_only_kannels_own_words_mean_taken(status: int, body: bytes, reason: Refusal, hopeless: bool) -> None:
    with pytest.raises(GatewayFailed) as refused:
        read_answer(status, body)
    assert (refused.value.reason, refused.value.hopeless) == (reason, hopeless)


def test_a_redirect_is_not_followed(settings: Settings, now: datetime) -> None:
    with answering(answer_of("202 Accepted", ACCEPTED)) as elsewhere:
        moved = answer_of("302 Found", b"", f"Location: http://127.0.0.1:{elsewhere.port}/")
        with answering(moved) as kannel:
            assert refusal(kannel.port, now) == (Refusal.REDIRECTED, False)
    assert elsewhere.asked == []


@pytest.mark.parametrize("noise", [b"", b"\x00\xff" * 50, b"220 smtp.example ESMTP\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_not_http_is_no_answer(settings: Settings, now: datetime, noise: bytes) -> None:
    with answering(noise) as kannel:
        reason, hopeless = refusal(kannel.port, now)
    assert reason in (Refusal.NONSENSE, Refusal.UNREACHABLE)
    assert not hopeless


def test_nobody_there_is_unreachable(settings: Settings, now: datetime) -> None:
    with answering(b"") as gone:
        pass
    assert refusal(gone.port, now) == (Refusal.UNREACHABLE, False)


def test_a_name_that_does_not_resolve_is_unreachable(settings: Settings, now: datetime) -> None:
    nowhere = kannel_gateway(load_settings({"USRATI_SMS_URL": f"http://no-such-host.invalid/sendsms?{LOGIN}"}))
    with pytest.raises(GatewayFailed) as refused:
        send(nowhere, now)
    assert refused.value.reason is Refusal.UNREACHABLE


def drip(wire: socket.socket) -> None:
    """One byte now and then: no time-out of a socket ever ends this."""
    for byte in answer_of("202 Accepted", ACCEPTED):
        time.sleep(0.05)
        wire.sendall(bytes([byte]))


@pytest.mark.parametrize("answer", [lambda wire: time.sleep(1), drip], ids=["silent", "dripping"])
def test_an_answer_that_takes_too_long_is_given_up(
    settings: Settings, now: datetime, answer: Callable[[socket.socket], None]
) -> None:
    with answering(answer) as kannel:
        begun = time.monotonic()
        assert refusal(kannel.port, now, answer_seconds=0.3) == (Refusal.TIMED_OUT, False)
    assert time.monotonic() - begun < 2


def test_a_long_answer_is_not_read_to_its_end(settings: Settings, now: datetime) -> None:
    with answering(answer_of("202 Accepted", ACCEPTED + b" " * 10_000_000)) as kannel:
        assert send(gateway_at(kannel.port), now) is Delivery.ACCEPTED


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://kannel:13013/cgi-bin/sendsms", "lacks username=…"),
        ("http://kannel:13013/cgi-bin/sendsms?username=a", "lacks password=…"),
        ("http://a:secret@kannel/cgi-bin/sendsms?username=a&password=secret", "go behind the ?"),
        (f"http://kannel/cgi-bin/sendsms?{LOGIN}&to=1", "must not hold to=…"),
        (f"http://kannel/cgi-bin/sendsms?{LOGIN}&from=other", "holds a name twice"),
        (f"http://kannel:port/cgi-bin/sendsms?{LOGIN}", "is no address"),
        (f"http://?{LOGIN}", "must name a host"),
        ("http://kannel/sendsms?username=é&password=secret", "in ASCII"),
        (f"http://kannel/send sms?{LOGIN}", "without spaces"),
    ],
)
def test_an_address_that_cannot_work_is_refused_before_the_start(url: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        gateway_for(load_settings({"USRATI_SMS_URL": url}))
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["usrati.example", "ftp://usrati.example", "http://usrati.example/%d"])
def test_an_address_for_reports_that_cannot_work_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="USRATI_SMS_REPORT_URL"):
        gateway_for(load_settings({"USRATI_SMS_URL": f"http://kannel/?{LOGIN}", "USRATI_SMS_REPORT_URL": url}))


def test_over_tls_the_certificate_counts(settings: Settings, now: datetime) -> None:
    with answering(answer_of("202 Accepted", ACCEPTED)) as kannel:
        url = f"https://127.0.0.1:{kannel.port}/cgi-bin/sendsms?{LOGIN}"
        with pytest.raises(GatewayFailed) as refused:
            send(kannel_gateway(load_settings({"USRATI_SMS_URL": url})), now)
    assert refused.value.reason is Refusal.UNREACHABLE
    assert not [line for line in kannel.asked if "secret" in line]


def test_a_gateway_shows_no_password(settings: Settings) -> None:
    gateway = gateway_at(13013)
    assert "secret" not in repr(gateway) + repr(gateway._address) + repr(vars(gateway))
