"""What an operator sees of a request: one line in the log and one measurement; never whose it was.

Around the whole app, so that static files and faults count too. A page is named by its endpoint:
an address holds references, an address of a visitor is his.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, request
from prometheus_client import Counter, Histogram
from structlog.contextvars import bind_contextvars, clear_contextvars
from werkzeug.wsgi import ClosingIterator

REQUESTS = Counter("usrati_requests", "Requests answered.", ["endpoint", "method", "status"])
SECONDS = Histogram(
    "usrati_request_seconds",
    "How long an answer took, until its last byte was handed over.",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
METHODS = {"GET", "HEAD", "POST"}
STATIC, NO_PAGE = "static", "none"
# A proxy's or a client's own id is taken where nothing can hide in it.
SAFE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
ENDPOINT = "usrati.endpoint"
log = structlog.get_logger("usrati.requests")


def init_app(app: Flask) -> None:
    """Observe every request of ``app``. Call it last: what is added later stays unseen."""
    app.url_value_preprocessor(_note_endpoint)
    app.wsgi_app = Observed(app.wsgi_app)  # type: ignore[method-assign]


@dataclass
class Observed:
    """The WSGI app within, each of its requests counted, timed and logged."""

    within: Any

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        seen = _Seen(environ)
        bind_contextvars(request_id=seen.id)

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            seen.status = int(status.split(" ", 1)[0])
            return start_response(status, [*headers, ("X-Request-Id", seen.id)], error)

        try:
            body: Iterable[bytes] = self.within(environ, start)
        except BaseException:
            seen.finish()
            raise
        if ENDPOINT not in environ:
            # A static file: the server sends it by itself, if it is left as it is.
            seen.finish()
            return body
        return ClosingIterator(body, seen.finish)


class _Seen:
    def __init__(self, environ: dict[str, Any]) -> None:
        self.environ = environ
        self.begun = perf_counter()
        self.status = 500
        given = environ.get("HTTP_X_REQUEST_ID", "")
        self.id = given if SAFE_ID.fullmatch(given) else secrets.token_hex(8)

    def finish(self) -> None:
        endpoint = self.environ.get(ENDPOINT, STATIC)
        asked = self.environ["REQUEST_METHOD"]
        method = asked if asked in METHODS else "other"
        took = perf_counter() - self.begun
        count, seconds = _measures(endpoint, method, self.status)
        count.inc()
        seconds.observe(took)
        log.info("request", method=method, endpoint=endpoint, status=self.status, ms=round(took * 1000, 1))
        clear_contextvars()


@cache
def _measures(endpoint: str, method: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(endpoint, method, status), SECONDS.labels(endpoint)


def _note_endpoint(endpoint: str | None, values: dict[str, Any] | None) -> None:
    request.environ[ENDPOINT] = endpoint or NO_PAGE
