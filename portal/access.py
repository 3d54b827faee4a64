"""Who may come in: every route names its audience, and whose file it is about.

Views ask :func:`current_subject` for the file and :func:`current_actor` for who acts, never for
the signed-in user, so that whoever helps a citizen walks the citizen's own pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

import structlog
from flask import Flask, Response, current_app, g, request
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from portal import rescue, staff
from portal.database import act, now, read
from portal.languages import current_language
from services.accounts.sessions import FoundSession, find_session, remember_language, touch_session
from services.journal import Actor, citizen

AUDIENCES = ("public", "citizen", "agent", "operator", "machine")
# Signed in as one of the staff, with a role that opens such pages (services/accounts/agents/roles.py).
OF_STAFF = ("agent", "operator")
LAST_SEEN_PRECISION = timedelta(minutes=1)
View = TypeVar("View", bound=Callable[..., Any])
logins = LoginManager()
log = structlog.get_logger()


@dataclass(frozen=True)
class Subject:
    """Whose file a page is about."""

    person_id: UUID


class SignedIn(UserMixin):
    """The person whose live session the cookie names."""

    def __init__(self, found: FoundSession) -> None:
        self.session = found

    def get_id(self) -> str:
        """The session's id: a person has no id that leaves the server."""
        return str(self.session.id)


def init_app(app: Flask) -> None:
    """Have Flask-Login find the session by our own cookie."""
    logins.session_protection = None
    logins.init_app(app)


@logins.request_loader
def load_signed_in(_request: Any) -> SignedIn | None:
    """The live session named by the cookie; one that is over is kept aside for the rescue."""
    secret = request.cookies.get(cookie_name())
    if not secret or len(secret) > 100 or g.get("asks_nobody"):
        return None
    found = read(find_session, secret=secret, now=now())
    if found is None:
        return None
    if found.state != "live":
        g.ended_session = found
        return None
    if abs(now() - found.last_seen_at) > LAST_SEEN_PRECISION:
        found = note_use(found, secret)
    return SignedIn(found)


def note_use(found: FoundSession, secret: str) -> FoundSession:
    """The session, seen now. Who only reads goes on where nothing can be written."""
    try:
        act(touch_session, session_id=found.id)
    except (DBAPIError, PoolExhausted) as error:
        log.warning("use_not_noted", error=type(error).__name__)
        return found
    return read(find_session, secret=secret, now=now()) or found


def ask_nobody() -> None:
    """Make this page as for a visitor, unless it is known who is here: the database may be away."""
    g.asks_nobody = True


def access(audience: str) -> Callable[[View], View]:
    """Declare the audience of a view: ``public``, ``citizen`` (signed in), one of the staff's, or ``machine``."""
    assert audience in AUDIENCES

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if audience in OF_STAFF:
                ask_nobody()
                led_away = staff.let_in(audience)
                return view(*args, **kwargs) if led_away is None else led_away
            if audience == "citizen" and not current_user.is_authenticated:
                return rescue.ask_to_sign_in(g.get("ended_session"))
            if audience == "citizen" and request.method == "POST":
                write_in_this_language()
            return view(*args, **kwargs)

        guarded.audience = audience  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare


def write_in_this_language() -> None:
    """Messages come in the language of the page on which this person last did something."""
    language = current_language().code
    if current_user.session.locale != language:
        act(remember_language, actor=current_actor(), locale=language)


def current_subject() -> Subject:
    """Whose file this page is about."""
    return Subject(current_user.session.person_id)


def current_actor() -> Actor:
    """Who acts on this page."""
    return citizen(current_user.session.person_id)


def cookie_name() -> str:
    """``__Host-`` pins the cookie to this host over TLS, where there is TLS."""
    return "__Host-usrati" if current_app.config["SETTINGS"].secure_cookies else "usrati"


def keep_signed_in(response: Response, secret: str) -> Response:
    """Give the browser the secret of a new session."""
    response.set_cookie(
        cookie_name(), secret, secure=current_app.config["SETTINGS"].secure_cookies, httponly=True, samesite="Lax"
    )
    return response


def forget_cookie(response: Response) -> Response:
    """Take the secret back."""
    response.delete_cookie(
        cookie_name(), secure=current_app.config["SETTINGS"].secure_cookies, httponly=True, samesite="Lax"
    )
    return response
