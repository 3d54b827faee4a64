"""Where the time of a page goes: the five functions of our own and of the libraries that cost most."""

import cProfile
import io
import pstats
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import structlog

from benchmarks.families import Cast
from portal import create_app
from services.settings import Settings

TIMES, MOST = 200, 5
ROOMS = re.compile(
    r"site-packages/([^/]+)|python3\.\d+/(?!site-packages)([^/]+)|(portal/templates)|((?:portal|services)/[^/]+)"
)
PAGES = {"form page": "/fr/form/home", "request page": "/fr/requests/{reference}", "score page": "/fr/score"}


def profile_pages(settings: Settings, cast: Cast) -> dict[str, list[tuple[str, float]]]:
    """Of each page, the rooms and libraries in which most of its time passes, as shares of it."""
    # What it logs is counted in, and goes nowhere.
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    app = create_app(settings)
    cookies = {"form page": cast.filling, "request page": cast.five, "score page": cast.five}
    paths = {name: path.format(reference=cast.reference) for name, path in PAGES.items()}
    return {name: _profile(app, path, cookies[name]) for name, path in paths.items()}


def _profile(app: Any, path: str, cookie: str) -> list[tuple[str, float]]:
    for _ in range(5):
        _open(app, path, cookie)
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(TIMES):
        _open(app, path, cookie)
    profile.disable()
    spent: Counter[str] = Counter()
    for (file, _, function), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        spent[_room_of(file, function)] += own
    total = spent.total()
    return [(room, seconds / total) for room, seconds in spent.most_common(MOST)]


def _room_of(file: str, function: str) -> str:
    if file == "~":
        return _BUILT_IN.get(next((name for name in _BUILT_IN if name in function), ""), "Python's built-ins")
    if file.startswith("<"):
        return "sqlalchemy" if "sqlalchemy" in file else "Python's built-ins"
    relative = file.removeprefix(f"{Path(__file__).parents[1]}/")
    found = ROOMS.search(relative)
    return next(filter(None, found.groups())) if found else relative


_BUILT_IN = {"brotli": "brotli", "sqlite3": "sqlite3", "psycopg": "psycopg", "AESGCM": "cryptography"}


def _open(app: Any, path: str, cookie: str) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT_ENCODING": "br",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    said: list[str] = []
    answer = app(environ, lambda status, headers, error=None: said.append(status))
    b"".join(answer)
    assert said == ["200 OK"], f"{path}: {said}"
    getattr(answer, "close", lambda: None)()
