"""Clients that send a byte a second, or never take their answer: everybody else is still served."""

import select
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from portal.patience import LONGEST_BODY, LONGEST_HEAD, UNKNOWN, length_of_request
from services.settings import Settings
from tests.deploy.proxies import NAME, PROXIES
from tests.deploy.test_proxies import Front, listens
from tests.faults.measuring import Waits, busy, for_seconds
from tests.journeys.installation import Installation, wait_until
from tests.portal.walking import HttpBrowser, Walker

HEAD = f"POST /fr/sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 500\r\nX-Slow: "
BODY = f"{HEAD}1\r\n\r\n"
GET = f"GET /fr/procedures HTTP/1.1\r\nHost: {NAME}\r\n\r\n"
# Which is longer than they are given, and shorter.
FULL, SHORT = (200, 30.0), (60, 1.0)
SIZES = [pytest.param(FULL, marks=pytest.mark.matrix), SHORT]


@pytest.fixture(scope="module")
def portal(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("patient"))
    installation.environment |= {"USRATI_PUBLIC_URL": f"https://{NAME}", "USRATI_TRUSTED_PROXIES": "1"}
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


def connected(port: int) -> socket.socket:
    one = socket.socket()
    # A phone that reads nothing has room for little.
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.connect(("127.0.0.1", port))
    return one


def trickle(clients: list[socket.socket], seconds: float, walker: Walker) -> Waits:
    """A byte of each client every second; between them, an ordinary family's pages."""
    waits, next_byte = Waits(), 0.0
    for _ in for_seconds(seconds):
        if time.monotonic() >= next_byte:
            next_byte = time.monotonic() + 1
            for one in list(clients):
                try:
                    one.sendall(b"a")
                except OSError:
                    clients.remove(one)
        waits.take(lambda: walker.get("/sign-in"))
        time.sleep(0.02)
    return waits


def assert_served(waits: Waits) -> None:
    print(waits)
    assert set(waits.statuses) == {200}
    # Whoever waits for a thread that is held waits for many seconds.
    times = busy()
    assert waits.share(0.5) < 0.3 * times
    assert waits.share(0.99) < 1.5 * times


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("begun", [HEAD, BODY], ids=["head", "body"])
def test_a_byte_a_second_holds_no_thread(portal: Installation, begun: str, size: tuple[int, float]) -> None:
    number, seconds = size
    with ExitStack() as open_ones:
        clients = [open_ones.enter_context(connected(int(portal.base.rpartition(":")[2]))) for _ in range(number)]
        for one in clients:
            one.sendall(begun.encode())
        waits = trickle(clients, seconds, Walker(HttpBrowser(portal.base)))
        assert_served(waits)
        # After 20 seconds they are let go: nobody can keep the places of all others.
        assert bool(clients) == (seconds < 20)


def test_who_never_takes_an_answer_holds_no_thread(portal: Installation) -> None:
    with ExitStack() as open_ones:
        for _ in range(60):
            one = open_ones.enter_context(connected(int(portal.base.rpartition(":")[2])))
            one.sendall(GET.encode() * 5)
        waits = trickle([], 2, Walker(HttpBrowser(portal.base)))
    assert_served(waits)


def test_who_connects_and_says_nothing_holds_no_thread(portal: Installation) -> None:
    with ExitStack() as open_ones:
        for _ in range(100):
            open_ones.enter_context(connected(int(portal.base.rpartition(":")[2])))
        waits = trickle([], 1, Walker(HttpBrowser(portal.base)))
    assert_served(waits)


@pytest.mark.matrix
@pytest.mark.parametrize("size", [FULL])
@pytest.mark.parametrize("proxy", sorted(PROXIES))
def test_nor_does_it_through_a_proxy(portal: Installation, tmp_path: Path, proxy: str, size: tuple[int, float]) -> None:
    number, seconds = size
    with ExitStack() as open_ones:
        port = open_ones.enter_context(PROXIES[proxy](tmp_path, portal.base.removeprefix("http://")))
        wait_until(lambda: listens(port), f"{proxy} does not start", seconds=20)
        context = ssl.create_default_context(cafile=tmp_path / "usrati.crt")
        clients: list[socket.socket] = []
        for _ in range(number):
            clients.append(open_ones.enter_context(context.wrap_socket(connected(port), server_hostname=NAME)))
            clients[-1].sendall(BODY.encode())
        assert_served(trickle(clients, seconds, Front(portal, port, tmp_path).visitor()))


def test_a_request_in_pieces_is_answered_and_the_next_one_too(portal: Installation) -> None:
    with connected(int(portal.base.rpartition(":")[2])) as one:
        for piece in (GET[:7], GET[7:-1], GET[-1:] + GET + GET[:20], GET[20:]):
            one.sendall(piece.encode())
            time.sleep(0.1)
        said = b""
        while said.count(b"HTTP/1.1 ") < 3:
            assert select.select([one], [], [], 5)[0], said
            said += one.recv(65536)
    assert said.count(b"HTTP/1.1 ") == 3


def test_what_is_too_long_is_refused_in_words(portal: Installation) -> None:
    walker = Walker(HttpBrowser(portal.base))
    walker.get("/sign-in")
    assert walker.post("/sign-in", {"idcs": "1" * 400_000}).status == 413


def say(**fields: str) -> Callable[[bytes], bytes]:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    head = "\r\n".join(["POST / HTTP/1.1", *lines, "", ""]).encode()
    return lambda body: head + body


@pytest.mark.parametrize(
    ("arrived", "length"),
    [
        (b"", None),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", None),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /next", 27),
        (say(Content_Length="3")(b"ab"), None),
        (say(Content_Length="3")(b"abc"), len(say(Content_Length="3")(b"abc"))),
        (say(content_length="3")(b"abcGET"), len(say(Content_Length="3")(b"abc"))),
        (say(Content_Length=str(LONGEST_BODY + 1))(b""), UNKNOWN),
        (say(Transfer_Encoding="chunked")(b"3\r\nabc\r\n"), None),
        (say(Transfer_Encoding="chunked")(b"3\r\nabc\r\n0\r\n\r\n"), len(say(Transfer_Encoding="chunked")(b"")) + 13),
        (b"a" * (LONGEST_HEAD + 1), UNKNOWN),
    ],
)
def test_a_request_is_whole_when_its_last_byte_is_there(arrived: bytes, length: int | None) -> None:
    assert length_of_request(arrived) == length
