"""What every page that asks for a code does: refuse a wrong one, send another."""

from uuid import UUID

from flask import redirect, session, url_for
from werkzeug.wrappers import Response
from wtforms import Field

from portal.database import act
from portal.shell import say_next
from services.accounts.codes import BegunCode, CodeOutcome, Purpose, resend_code
from services.messages import N_, NN_, Words, counted

WRONG = N_("Code: this one is not right. Check the message and write its 6 digits.")
OVER = N_("Code: this one no longer works. Ask for a new code below.")
BEGIN_AGAIN = N_("This took too long. Please begin again.")
SENT = N_("A new code is on its way.")
WAIT_SECONDS = NN_(
    "Wait %(count)s second before asking for another code.", "Wait %(count)s seconds before asking for another code."
)
WAIT_MINUTES = NN_(
    "Wait %(count)s minute before asking for another code.", "Wait %(count)s minutes before asking for another code."
)
LONGEST_IN_SECONDS = 90


def keep_attempt(purpose: Purpose, begun: BegunCode) -> None:
    """Remember the attempt in the browser that began it: one of each purpose, whatever its tabs do."""
    session[f"{purpose}_attempt"] = begun.attempt_id.hex


def kept_attempt(purpose: Purpose) -> UUID | None:
    """The attempt that this browser began last; a code works for it alone."""
    kept = session.get(f"{purpose}_attempt")
    return None if kept is None else UUID(kept)


def forget_attempt(purpose: Purpose) -> None:
    """The code was right: nothing more is to be typed."""
    session.pop(f"{purpose}_attempt", None)


def refuse_code(field: Field, outcome: CodeOutcome) -> None:
    """Say beside the field why the code does not open."""
    field.errors = (Words(OVER if outcome is CodeOutcome.OVER else WRONG),)


def resend_to(purpose: Purpose, endpoint: str, otherwise: str) -> Response:
    """Send another code for this browser's attempt, and go back to its page."""
    attempt_id = kept_attempt(purpose)
    if attempt_id is None:
        return redirect(url_for(otherwise), 303)
    resent = act(resend_code, attempt_id=attempt_id)
    if not resent.sent and not resent.wait_seconds:
        say_next(Words(BEGIN_AGAIN))
        return redirect(url_for(otherwise), 303)
    say_next(Words(SENT) if resent.sent else too_soon(resent.wait_seconds))
    return redirect(url_for(endpoint), 303)


def too_soon(seconds: int) -> Words:
    """How long to wait, in seconds or in minutes."""
    return counted(WAIT_SECONDS, seconds) if seconds <= LONGEST_IN_SECONDS else counted(WAIT_MINUTES, -(-seconds // 60))
