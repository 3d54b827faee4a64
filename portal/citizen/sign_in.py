"""Signing in: identity number, sex and birth date, then a code by SMS.

The code page is the same for everybody, registered or not.
"""

from typing import Any

from flask import redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import StringField

from portal.access import access, current_actor, forget_cookie, keep_signed_in
from portal.birth_fields import BIRTH_FIELDS, BirthDateForm
from portal.citizen import pages
from portal.citizen.codes import forget_attempt, keep_attempt, kept_attempt, refuse_code, resend_to
from portal.database import act
from portal.forms import CodeField, Form, IdcsField, Required
from portal.htmx import page
from portal.languages import current_language
from portal.shell import say_next
from services.accounts.sessions import sign_out as end_sessions
from services.accounts.sign_in import SignedIn, begin_sign_in, finish_sign_in
from services.messages import N_, Words


class SignInForm(BirthDateForm):
    """Who signs in."""

    order = ("idcs", "sex", *BIRTH_FIELDS)

    idcs = IdcsField(validators=[Required(N_("Identity number: write the 10 digits on your slip"))])
    sex = StringField(validators=[Required(N_("Sex: choose woman or man"))])


class CodeForm(Form):
    """The code of the SMS."""

    code = CodeField(validators=[Required(N_("Code: write the 6 digits of the message"))])


@pages.route("/sign-in", methods=["GET", "POST"])
@access("public")
def sign_in() -> Any:
    """Ask who signs in, and send the code."""
    if current_user.is_authenticated:
        return redirect(url_for("citizen.household"))
    form = SignInForm()
    if form.submitted():
        begun = act(
            begin_sign_in,
            idcs=form.idcs.data,
            sex=form.sex.data,
            birth_date=form.birth_date,
            address=request.remote_addr or "",
            locale=current_language().code,
        )
        keep_attempt("sign_in", begun)
        return redirect(url_for("citizen.sign_in_code"), 303)
    return page("citizen/sign_in", form.status, form=form, errors=form.problems, ended=session.get("session_ended"))


@pages.route("/sign-in/code", methods=["GET", "POST"])
@access("public")
def sign_in_code() -> Any:
    """Take the code, and open the session."""
    # A second click on the right code finds the session that the first one opened.
    attempt_id = kept_attempt("sign_in")
    if current_user.is_authenticated or attempt_id is None:
        return redirect(url_for("citizen.sign_in"), 303)
    form = CodeForm()
    if form.submitted():
        outcome = act(finish_sign_in, attempt_id=attempt_id, code=form.code.data, locale=current_language().code)
        if isinstance(outcome, SignedIn):
            return _come_in(outcome)
        refuse_code(form.code, outcome.outcome)
    return page("citizen/code", form.status, form=form, errors=form.problems, resend="citizen.sign_in_resend")


@pages.post("/sign-in/resend")
@access("public")
def sign_in_resend() -> Response:
    """Send another code, at the earliest half a minute after the last."""
    return resend_to("sign_in", "citizen.sign_in_code", otherwise="citizen.sign_in")


@pages.get("/session/stay")
@access("citizen")
def stay() -> Any:
    """Being asked is enough: the session's last use is now."""
    return "", 204


@pages.post("/sign-out")
@access("citizen")
def sign_out() -> Response:
    """End this person's sessions everywhere."""
    act(end_sessions, actor=current_actor(), session_id=current_user.session.id)
    session.clear()
    say_next(Words(N_("You are signed out.")))
    return forget_cookie(redirect(url_for("public.home"), 303))


def _come_in(signed_in: SignedIn) -> Response:
    target = session.pop("return_to", None)
    forget_attempt("sign_in")
    session.pop("session_ended", None)
    address = f"/{current_language().code}{target}" if target else url_for("citizen.household")
    return keep_signed_in(redirect(address, 303), signed_in.secret)
