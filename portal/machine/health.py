"""``/healthz`` and ``/readyz``: a word and a status, for balancers and alarms."""

from flask import Response

from portal.access import access
from portal.database import database
from portal.machine import pages
from services.health.readiness import find_unready


@pages.get("/healthz")
@access("machine")
def healthz() -> Response:
    """This process answers."""
    return _say("alive")


@pages.get("/readyz")
@access("machine")
def readyz() -> Response:
    """The database is there and migrated, the keys fit it, a worker lives; else 503 and what is missing."""
    unready = find_unready(database())
    return _say(f"not ready: {', '.join(unready)}", 503) if unready else _say("ready")


def _say(text: str, status: int = 200) -> Response:
    return Response(
        f"{text}\n", status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )
