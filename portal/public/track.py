"""Following a request without signing in: its reference, then a fresh code by SMS."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from portal.access import access
from portal.citizen.codes import forget_attempt, keep_attempt, kept_attempt, refuse_code, resend_to
from portal.citizen.sign_in import CodeForm
from portal.database import act
from portal.forms import Form, Required, TypedField
from portal.htmx import page
from portal.languages import current_language
from portal.public import pages
from services.accounts.codes import CodeResult
from services.messages import N_, Words
from services.requests.references import InvalidReference, parse_reference
from services.requests.tracking import begin_tracking, finish_tracking


class ReferenceField(TypedField):
    """A reference, however it is written."""

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        """Keep its ten characters."""
        if validation_stopped or not self.data:
            return
        try:
            self.data = parse_reference(self.data)
        except InvalidReference as error:
            raise ValidationError(Words(error.reason)) from None


class TrackForm(Form):
    """Which request."""

    reference = ReferenceField(validators=[Required(N_("Reference: write the 10 characters of your receipt"))])


@pages.route("/track", methods=["GET", "POST"])
@access("public")
def track() -> Any:
    """Ask for the reference and send a code, whether there is such a request or not."""
    form = TrackForm()
    if form.submitted():
        begun = act(
            begin_tracking,
            reference=form.reference.data,
            address=request.remote_addr or "",
            locale=current_language().code,
        )
        keep_attempt("track", begun)
        return redirect(url_for("public.track_code"), 303)
    return page("public/track", form.status, step=3, form=form, errors=form.problems)


@pages.route("/track/code", methods=["GET", "POST"])
@access("public")
def track_code() -> Any:
    """Take the code and show the request, once."""
    attempt_id = kept_attempt("track")
    if attempt_id is None:
        return redirect(url_for("public.track"))
    form = CodeForm()
    if form.submitted():
        outcome = act(finish_tracking, attempt_id=attempt_id, code=form.code.data)
        if not isinstance(outcome, CodeResult):
            forget_attempt("track")
            return page("public/tracked", step=3, found=outcome)
        refuse_code(form.code, outcome.outcome)
    return page("citizen/code", form.status, form=form, errors=form.problems, resend="public.track_resend")


@pages.post("/track/resend")
@access("public")
def track_resend() -> Response:
    """Send another code."""
    return resend_to("track", "public.track_code", otherwise="public.track")
