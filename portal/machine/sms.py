"""``/api/sms/report``: the gateway says what became of a message.

Kannel reports by GET. Whoever asks is answered the same: a report that is genuine, one that says
nothing new and one that is forged are told apart by nobody outside.
"""

from flask import Response, request

from portal.access import access
from portal.database import act
from portal.machine import pages
from services.messaging.reports import PATH, record_report

LONGEST_DETAIL = 2000


@pages.get(PATH)
@access("machine")
def sms_report() -> Response:
    """Record one delivery report; a database that is away is a fault, and the gateway comes again."""
    given = request.args
    act(
        record_report,
        message=given.get("message", ""),
        token=given.get("token", ""),
        state=given.get("state", ""),
        detail=given.get("detail", "")[:LONGEST_DETAIL],
    )
    return Response("received\n", 202, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
