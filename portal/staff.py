"""Who of the staff is here: a cookie of their own, beside the citizens' and never in its place."""

from datetime import timedelta

from flask import Response, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as Answer

from portal.database import act, now, read
from portal.rescue import page_to_return_to
from services.accounts.agents.sessions import FoundAgent, find_agent_session, touch_agent_session
from services.errors import NotAllowed
from services.messages import N_

LAST_SEEN_PRECISION = timedelta(minutes=1)
LONGEST_SECRET = 100
NOT_YOUR_ROLE = N_("Your role does not open this page. If you need it for your work, ask whoever manages the accounts.")


def current_agent() -> FoundAgent | None:
    """The agent whose live session the cookie names."""
    if "agent" not in g:
        g.agent = _find_agent()
    found: FoundAgent | None = g.agent
    return found


def the_agent() -> FoundAgent:
    """The agent on whose page this is asked."""
    found = current_agent()
    assert found is not None
    return found


def let_in(audience: str) -> Answer | None:
    """The way to the staff's door for whoever is not signed in. Raises NotAllowed where no role opens this."""
    agent = current_agent()
    if agent is None:
        session["desk_return_to"] = page_to_return_to()
        session["desk_ended"] = cookie_name() in request.cookies
        return redirect(url_for("desk.sign_in"), 303)
    if not agent.may_open(audience):
        raise NotAllowed(NOT_YOUR_ROLE)
    return None


def cookie_name() -> str:
    """``__Host-`` pins the cookie to this host over TLS, where there is TLS."""
    return "__Host-usrati_desk" if current_app.config["SETTINGS"].secure_cookies else "usrati_desk"


def keep_agent_signed_in(response: Response, secret: str) -> Response:
    """Give the browser the secret of a new session; it comes along from our own pages only."""
    secure = current_app.config["SETTINGS"].secure_cookies
    response.set_cookie(cookie_name(), secret, secure=secure, httponly=True, samesite="Strict")
    return response


def forget_agent_cookie(response: Response) -> Response:
    """Take the secret back."""
    secure = current_app.config["SETTINGS"].secure_cookies
    response.delete_cookie(cookie_name(), secure=secure, httponly=True, samesite="Strict")
    return response


def _find_agent() -> FoundAgent | None:
    secret = request.cookies.get(cookie_name())
    if not secret or len(secret) > LONGEST_SECRET:
        return None
    found = read(find_agent_session, secret=secret, now=now())
    if found is not None and now() - found.last_seen_at > LAST_SEEN_PRECISION:
        act(touch_agent_session, session_id=found.session_id)
        found = read(find_agent_session, secret=secret, now=now())
    return found
