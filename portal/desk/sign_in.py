"""Signing in as one of the staff: name and password, then a code of the telephone or a recovery code."""

from typing import Any
from uuid import UUID

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal.access import access
from portal.database import act
from portal.desk import pages
from portal.forms import Form, PasswordField, Required, TypedField
from portal.htmx import page
from portal.languages import current_language
from portal.shell import say_next
from portal.staff import current_agent, forget_agent_cookie, keep_agent_signed_in, the_agent
from services.accounts.agents.sessions import sign_agent_out
from services.accounts.agents.sign_in import (
    AgentSignedIn,
    SecondFactor,
    begin_agent_sign_in,
    find_candidate,
    finish_agent_sign_in,
)
from services.messages import N_, Words

NOT_RIGHT = N_("User name or password: they do not go together. Check both and try again.")
CODE_NOT_RIGHT = N_("Code: this one is not right, or was used before. Wait for the next one, or check your clock.")
BEGIN_AGAIN = N_("This took too long, or too many codes were wrong. Please begin again.")
FIRST_PAGE = "ops.overview"


class PasswordForm(Form):
    """Who signs in, and his password."""

    name = TypedField(validators=[Required(N_("User name: write the one that you were given"))])
    password = PasswordField(validators=[Required(N_("Password: write your password"))])


class SecondFactorForm(Form):
    """A code of the telephone, or a recovery code."""

    code = TypedField(validators=[Required(N_("Code: write the 6 digits that your telephone shows"))])


@pages.route("/sign-in", methods=["GET", "POST"])
@access("public")
def sign_in() -> Any:
    """Ask for name and password."""
    if current_agent() is not None:
        return redirect(url_for(FIRST_PAGE))
    form = PasswordForm()
    if form.submitted():
        candidate = act(find_candidate, name=form.name.data, address=request.remote_addr or "")
        right = candidate.bears(form.password.data)
        begun = act(begin_agent_sign_in, candidate=candidate, right=right)
        if begun is not None:
            session["desk_sign_in"] = begun.hex
            return redirect(url_for("desk.sign_in_code"), 303)
        form.name.errors = (Words(NOT_RIGHT),)
    ended = bool(session.get("desk_ended"))
    return page("desk/sign_in", form.status, form=form, errors=form.problems, ended=ended)


@pages.route("/sign-in/code", methods=["GET", "POST"])
@access("public")
def sign_in_code() -> Any:
    """Take the second factor, and open the session."""
    begun = session.get("desk_sign_in")
    if begun is None:
        return redirect(url_for("desk.sign_in"), 303)
    form = SecondFactorForm()
    if form.submitted():
        address = request.remote_addr or ""
        outcome = act(finish_agent_sign_in, sign_in_id=UUID(begun), code=form.code.data, address=address)
        if isinstance(outcome, AgentSignedIn):
            return _come_in(outcome)
        if outcome is SecondFactor.OVER:
            session.pop("desk_sign_in")
            say_next(Words(BEGIN_AGAIN))
            return redirect(url_for("desk.sign_in"), 303)
        form.code.errors = (Words(CODE_NOT_RIGHT),)
    return page("desk/code", form.status, form=form, errors=form.problems)


@pages.get("/stay")
@access("agent")
def stay() -> Any:
    """Being asked is enough: the session's last use is now."""
    return "", 204


@pages.post("/sign-out")
@access("agent")
def sign_out() -> Response:
    """End this agent's sessions everywhere."""
    act(sign_agent_out, agent=the_agent())
    session.clear()
    say_next(Words(N_("You are signed out.")))
    return forget_agent_cookie(redirect(url_for("desk.sign_in"), 303))


def _come_in(signed_in: AgentSignedIn) -> Response:
    target = session.get("desk_return_to")
    # Nothing of what stood in the browser before goes on, the token of its forms included.
    session.clear()
    address = f"/{current_language().code}{target}" if target else url_for(FIRST_PAGE)
    return keep_agent_signed_in(redirect(address, 303), signed_in.secret)
