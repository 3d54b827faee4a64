"""Step 1, when a person could not be added: his own code says why, to him."""

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.access import access, current_actor
from portal.citizen import pages
from portal.citizen.codes import forget_attempt, kept_attempt, refuse_code, resend_to
from portal.citizen.sign_in import CodeForm
from portal.database import act
from portal.htmx import page
from services.households.membership_codes import Confirmed, confirm_membership


@pages.route("/household/members/code", methods=["GET", "POST"])
@access("citizen")
def member_code() -> Any:
    """Take the code of the person, or of the child's guardian."""
    attempt_id = kept_attempt("join")
    if attempt_id is None:
        return redirect(url_for("citizen.add"))
    form = CodeForm()
    if form.submitted():
        outcome = act(confirm_membership, actor=current_actor(), attempt_id=attempt_id, code=form.code.data)
        if isinstance(outcome, Confirmed):
            forget_attempt("join")
            return page("citizen/member_answer", step=1, outcome=outcome)
        refuse_code(form.code, outcome.outcome)
    return page("citizen/member_code", form.status, step=1, form=form, errors=form.problems)


@pages.post("/household/members/code/resend")
@access("citizen")
def member_resend() -> Response:
    """Send another code."""
    return resend_to("join", "citizen.member_code", otherwise="citizen.add")
