"""A page posted after its session was over: what was typed waits, sealed, for its owner."""

from collections.abc import Collection

from flask import g, redirect, request, session, url_for
from flask.globals import request_ctx
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.database import act, now, read
from portal.languages import current_language
from services.accounts.rescue import LONGEST_PATH, forget_rescued, rescue_post, rescued_post
from services.accounts.sessions import FoundSession

NOT_TYPED = {"csrf_token", "switch_language"}
NOT_PAGES = {"/session/stay", "/desk/stay"}
# They promise to keep nothing of what is written there.
NEVER_KEPT = {"/score/what-if"}
# Several tabs may each hold a page when the session ends; their paths travel in a cookie.
MOST_RESCUED = 5


def ask_to_sign_in(ended: FoundSession | None) -> Response:
    """Send to the sign-in page, and back here afterwards; keep what was posted if we know whose it is."""
    session["return_to"] = page_to_return_to()
    path = path_without_language()
    if path in NEVER_KEPT:
        return redirect(url_for("citizen.sign_in"), 303)
    if request.method == "POST" and ended is not None:
        fields = {name: request.form.getlist(name) for name in request.form if name not in NOT_TYPED}
        if act(rescue_post, person_id=ended.person_id, path=path, fields=fields):
            session["rescued"] = [*(other for other in paths_rescued() if other != path), path][-MOST_RESCUED:]
    if ended is not None:
        session["session_ended"] = True
    return redirect(url_for("citizen.sign_in"), 303)


def page_to_return_to() -> str | None:
    """The page to open after signing in: this one, or the one on which the button stood; None for the household."""
    path = path_without_language()
    for candidate in (path, path.rpartition("/")[0]):
        if candidate and candidate not in NOT_PAGES and "GET" in methods_of(candidate):
            return candidate if len(candidate) <= LONGEST_PATH else None
    return None


def methods_of(path: str) -> Collection[str]:
    """How the address of ``path`` can be asked."""
    adapter = request_ctx.url_adapter
    return () if adapter is None else adapter.allowed_methods(f"/{current_language().code}{path}")


def paths_rescued() -> list[str]:
    """The pages on which something typed waits."""
    found: list[str] = session.get("rescued", [])
    return found


def path_without_language() -> str:
    """``/fr/form/bills`` as ``/form/bills``: what was typed comes back in any language."""
    return "/" + request.path.split("/", 2)[2]


def rescued_fields() -> MultiDict[str, str] | None:
    """What this person had typed on this page when a session ended, if anything waits."""
    path = path_without_language()
    if path not in paths_rescued() or not current_user.is_authenticated:
        return None
    fields = read(rescued_post, person_id=current_user.session.person_id, path=path, now=now())
    g.shows_rescued = fields is not None
    return None if fields is None else MultiDict(fields)


def forget_rescued_fields() -> None:
    """The page was sent: nothing waits any more."""
    path = path_without_language()
    if path not in paths_rescued() or not current_user.is_authenticated:
        return
    session["rescued"] = [other for other in paths_rescued() if other != path]
    where = {"person_id": current_user.session.person_id, "path": path}
    act(lambda writing, now: forget_rescued(writing, **where))
