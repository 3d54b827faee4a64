"""What every page that asks for a code does: refuse a wrong one, send another."""

from uuid import UUID

from flask import redirect, session, url_for
from werkzeug.wrappers import Response
from wtforms import Field

from portal.database import act
from services.accounts.codes import CodeOutcome, resend_code
from services.messages import N_, Words

WRONG = N_("Code: this one is not right. Check the message and write its 6 digits.")
OVER = N_("Code: this one no longer works. Ask for a new code below.")
BEGIN_AGAIN = N_("This took too long. Please begin again.")
SENT = N_("A new code is on its way.")
TOO_SOON = N_("Wait %(seconds)s seconds before asking for another code.")


def attempt_id() -> UUID:
    """The attempt that this browser began; a code works for it alone."""
    return UUID(session["attempt"])


def refuse_code(field: Field, outcome: CodeOutcome) -> None:
    """Say beside the field why the code does not open."""
    field.errors = (Words(OVER if outcome is CodeOutcome.OVER else WRONG),)


def resend_to(endpoint: str, otherwise: str) -> Response:
    """Send another code for this browser's attempt, and go back to its page."""
    if "attempt" not in session:
        return redirect(url_for(otherwise), 303)
    resent = act(resend_code, attempt_id=attempt_id())
    if not resent.sent and not resent.wait_seconds:
        session["notice"] = [BEGIN_AGAIN, {}]
        return redirect(url_for(otherwise), 303)
    session["notice"] = [SENT, {}] if resent.sent else [TOO_SOON, {"seconds": resent.wait_seconds}]
    return redirect(url_for(endpoint), 303)
