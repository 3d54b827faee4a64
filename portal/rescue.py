"""A page posted after its session was over: what was typed waits, sealed, for its owner."""

from typing import Any

from flask import redirect, request, session, url_for
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


def rescued_fields(person_id: Any) -> dict[str, list[str]] | None:
    """What this person had typed on this page when a session ended, if anything waits."""
    if session.get("rescued") != path_without_language():
        return None
    return read(rescued_post, person_id=person_id, path=path_without_language(), now=now())


def rescued_fields_saved(person_id: Any) -> None:
    """The page was saved: nothing waits any more."""
    if session.get("rescued") == path_without_language():
        session.pop("rescued")
        with_path = {"person_id": person_id, "path": path_without_language()}
        act(lambda writing, now: forget_rescued(writing, **with_path))
