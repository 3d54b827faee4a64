"""A page posted after its session was over: what was typed waits, sealed, for its owner."""

from flask import g, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.database import act, now, read
from services.accounts.rescue import forget_rescued, rescue_post, rescued_post
from services.accounts.sessions import FoundSession

NOT_TYPED = {"csrf_token", "switch_language"}


def ask_to_sign_in(ended: FoundSession | None) -> Response:
    """Send to the sign-in page, and back here afterwards; keep what was posted if we know whose it is."""
    session["return_to"] = path_without_language()
    if request.method == "POST" and ended is not None:
        fields = {name: request.form.getlist(name) for name in request.form if name not in NOT_TYPED}
        if act(rescue_post, person_id=ended.person_id, path=path_without_language(), fields=fields):
            session["rescued"] = path_without_language()
    if ended is not None:
        session["session_ended"] = True
    return redirect(url_for("citizen.sign_in"), 303)


def path_without_language() -> str:
    """``/fr/form/bills`` as ``/form/bills``: what was typed comes back in any language."""
    return "/" + request.path.split("/", 2)[2]


def rescued_fields() -> MultiDict[str, str] | None:
    """What this person had typed on this page when a session ended, if anything waits."""
    if session.get("rescued") != path_without_language() or not current_user.is_authenticated:
        return None
    fields = read(rescued_post, person_id=current_user.session.person_id, path=path_without_language(), now=now())
    g.shows_rescued = fields is not None
    return None if fields is None else MultiDict(fields)


def forget_rescued_fields() -> None:
    """The page was sent: nothing waits any more."""
    if session.get("rescued") != path_without_language() or not current_user.is_authenticated:
        return
    session.pop("rescued")
    where = {"person_id": current_user.session.person_id, "path": path_without_language()}
    act(lambda writing, now: forget_rescued(writing, **where))
