"""The portal behind nginx and HAProxy, by the sample configurations: who a visitor is, and what he cannot say."""

import http.client
import json
import re
import socket
import ssl
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.accounts.models import CodeAttempt
from services.crypto import blind_index
from services.settings import Settings
from tests.deploy.proxies import NAME, PROXIES
from tests.journeys.installation import Installation, wait_until
from tests.portal.pages import Page
from tests.portal.walking import HttpBrowser, Walker

SPOOFED = "203.0.113.9"
NOBODY = {"idcs": "2345678906", "sex": "F", "birth_day": "2", "birth_month": "5", "birth_year": "1984"}


class TlsBrowser(HttpBrowser):
    """A browser at an address of its own, which knows the portal by its name and may lie in its headers."""

    def __init__(self, port: int, certificate: Path, address: str, lies: Mapping[str, str]) -> None:
        super().__init__(f"https://{NAME}")
        self.lies = lies
        self.opener.add_handler(_ThroughTls(port, ssl.create_default_context(cafile=certificate), address))

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Page:
        return super().send(method, path, body, {**headers, **self.lies, "Referer": f"{self.base}{path}"})


class _ThroughTls(urllib.request.HTTPSHandler):
    handler_order = 100

    def __init__(self, port: int, context: ssl.SSLContext, address: str) -> None:
        super().__init__()
        self.port, self.tls, self.address = port, context, address

    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(self.connect, request)

    def connect(self, host: str, timeout: float = 30) -> http.client.HTTPSConnection:
        connection = http.client.HTTPSConnection(host, timeout=timeout, context=self.tls)
        connection._create_connection = lambda *others: socket.create_connection(  # type: ignore[attr-defined]
            ("127.0.0.1", self.port), timeout, (self.address, 0)
        )
        return connection


class Front:
    """One portal, one proxy before it."""

    def __init__(self, installation: Installation, port: int, folder: Path) -> None:
        self.installation, self.port, self.folder = installation, port, folder

    def visitor(self, address: str = "127.0.0.2", **lies: str) -> Walker:
        named = {name.replace("_", "-") if name.istitle() else name: value for name, value in lies.items()}
        return Walker(TlsBrowser(self.port, self.folder / "usrati.crt", address, named))

    def counted_as(self) -> list[bytes]:
        """The addresses under which attempts were counted, last first."""
        return self.installation.rows(sa.select(CodeAttempt.address_index).order_by(CodeAttempt.begun_at.desc()))

    def said(self) -> str:
        return "".join(path.read_text() for path in self.folder.glob("*.log"))


@pytest.fixture(scope="module")
def portal(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("behind"))
    installation.environment |= {"USRATI_PUBLIC_URL": f"https://{NAME}", "USRATI_TRUSTED_PROXIES": "1"}
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


@pytest.fixture(params=sorted(PROXIES), scope="module")
def front(
    request: pytest.FixtureRequest, portal: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp(request.param)
    with PROXIES[request.param](folder, portal.base.removeprefix("http://")) as port:
        found = Front(portal, port, folder)
        wait_until(lambda: listens(port), f"{request.param} does not start", seconds=20)
        yield found


def listens(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


def address(of: str) -> bytes:
    return blind_index("code address", of)


@pytest.mark.parametrize("lie", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X_FORWARDED_FOR"])
def test_a_visitor_is_counted_by_his_address_whatever_he_says(front: Front, lie: str) -> None:
    walker = front.visitor("127.0.0.2", **{lie: SPOOFED})
    walker.get("/sign-in")
    assert walker.fill(**NOBODY).path == "/fr/sign-in/code"
    assert front.counted_as()[0] == address("127.0.0.2")
    assert address(SPOOFED) not in front.counted_as()


def test_two_visitors_are_two(front: Front) -> None:
    for number in (3, 4):
        walker = front.visitor(f"127.0.0.{number}")
        walker.get("/sign-in")
        walker.fill(**NOBODY)
    assert front.counted_as()[:2] == [address("127.0.0.4"), address("127.0.0.3")]


def test_cookies_travel_over_tls_only_and_forms_work(front: Front) -> None:
    page = front.visitor().get("/sign-in")
    cookies = page.headers.get_all("Set-Cookie")
    assert cookies
    assert any(cookie.startswith("__Host-") for cookie in cookies)
    assert all("Secure" in cookie for cookie in cookies)
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_whoever_speaks_of_another_host_is_led_nowhere_else(front: Front) -> None:
    walker = front.visitor(X_Forwarded_Host="evil.example", SCRIPT_NAME="/evil")
    page = walker.browser.send("GET", "/", None, {})
    assert (page.status, page.headers["Location"]) == (302, "/ar/")
    assert "evil" not in walker.get("/").text


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_is_for_machines_inside_stays_inside(front: Front, path: str) -> None:
    assert front.visitor().browser.send("GET", path, None, {}).status == 404


def test_the_proxy_names_each_request_and_the_portal_keeps_the_name(front: Front) -> None:
    mine = "a-visitors-own-id"
    page = front.visitor(X_Request_Id=mine).get("/")
    given = page.headers["X-Request-Id"]
    assert given != mine
    assert re.fullmatch(r"[0-9a-f-]{32,36}", given)
    log = (front.installation.folder / "processes.log").read_text()
    wait_until(lambda: given in (front.installation.folder / "processes.log").read_text(), "it was not logged")
    assert all(json.loads(line) for line in log.splitlines())


def test_no_log_says_who_or_what(front: Front) -> None:
    walker = front.visitor("127.0.0.5")
    walker.get("/requests/7KQ29XMP4D?page=secret")
    walker.get("/sign-in")
    walker.fill(**NOBODY)
    said = front.said() + (front.installation.folder / "processes.log").read_text()
    for secret in ("127.0.0.5", "7KQ29XMP4D", "page=secret", NOBODY["idcs"]):
        assert secret not in said


def test_a_slow_client_holds_the_proxy_and_not_the_portal(front: Front) -> None:
    slow = [socket.create_connection(("127.0.0.1", front.port)) for _ in range(20)]
    context = ssl.create_default_context(cafile=front.folder / "usrati.crt")
    talking = [context.wrap_socket(one, server_hostname=NAME) for one in slow]
    for one in talking:
        one.sendall(f"POST /fr/sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 1000\r\n\r\na".encode())
    # More than the portal has threads, and it still answers.
    assert front.visitor().get("/sign-in").status == 200
    for one in talking:
        one.close()


def test_without_a_trusted_proxy_nothing_forwarded_counts(settings: Settings, tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    try:
        installation.start()
        walker = Walker(HttpBrowser(installation.base))
        walker.headers = {"X-Forwarded-For": SPOOFED, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
        walker.get("/sign-in")
        walker.fill(**NOBODY)
        assert installation.rows(sa.select(CodeAttempt.address_index)) == [address("127.0.0.1")]
    finally:
        installation.stop()


def test_what_each_process_counts_adds_up(portal: Installation) -> None:
    def counted() -> dict[str, float]:
        with urllib.request.urlopen(f"{portal.base}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}

    home = 'usrati_requests_total{endpoint="public.home",method="GET",status="200"}'
    before = counted().get(home, 0)
    for _ in range(12):
        urllib.request.urlopen(f"{portal.base}/fr/").close()
    # An answer is counted when its last byte was handed over.
    wait_until(lambda: counted()[home] == before + 12, "some were not counted", seconds=10)
    # The worker is another process again, of another command.
    wait_until(lambda: any(name.startswith("usrati_jobs_total") for name in counted()), "the worker counts nothing")
