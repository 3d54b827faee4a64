"""Enrolling: with the code that the agent was given he makes a password and ties his telephone to it."""

from typing import Any
from uuid import UUID

from flask import redirect, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.access import access
from portal.database import act, now, read
from portal.desk import pages
from portal.forms import Form, PasswordField, Required, TypedField
from portal.htmx import page
from portal.printing import square_code
from portal.shell import say_next
from services.accounts.agents.enrolling import (
    EnrolmentView,
    choose_password,
    confirm_enrolment,
    end_enrolment,
    find_enrolment,
    open_enrolment,
)
from services.accounts.agents.passwords import hash_password, password_fault
from services.accounts.agents.staff import fold_name
from services.messages import N_, Words

DOES_NOT_OPEN = N_(
    "Code: it does not go with this user name, was used, or is older than a day. Ask for a new one if it is right."
)
DIFFERENT = N_("Password again: the two are different. Write the same password twice.")
NOT_SHOWN = N_("Code: your telephone does not show this one now. Wait for the next one, or check its clock.")
DONE = N_("Your account is ready. Sign in with it.")
GROUP = 4


class EnrolForm(Form):
    """The code that was given, and the password that is chosen."""

    name = TypedField(validators=[Required(N_("User name: write the one that you were given"))])
    code = TypedField(validators=[Required(N_("Code: write the one that you were given"))])
    password = PasswordField(validators=[Required(N_("Password: choose one"))])
    password_again = PasswordField(validators=[Required(N_("Password again: write your password a second time"))])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the password by its rules, and the two against each other."""
        valid = bool(super().validate(extra_validators))
        if self.password.data:
            fault = password_fault(self.password.data, name=fold_name(self.name.data or ""))
            if fault is not None:
                self.password.errors = (Words(fault),)
            elif self.password_again.data and self.password_again.data != self.password.data:
                self.password_again.errors = (Words(DIFFERENT),)
        return valid and not self.problems


class TelephoneForm(Form):
    """A first code of the telephone."""

    code = TypedField(validators=[Required(N_("Code: write the 6 digits that your telephone shows"))])


@pages.route("/enrol", methods=["GET", "POST"])
@access("public")
def enrol() -> Any:
    """Take the code, and a password."""
    form = EnrolForm()
    if form.submitted():
        address = request.remote_addr or ""
        enrolment_id = act(open_enrolment, name=form.name.data, code=form.code.data, address=address)
        if enrolment_id is not None:
            act(choose_password, enrolment_id=enrolment_id, password_hash=hash_password(form.password.data))
            session["enrolment"] = enrolment_id.hex
            return redirect(url_for("desk.enrol_telephone"), 303)
        form.code.errors = (Words(DOES_NOT_OPEN),)
    return page("desk/enrol", form.status, form=form, errors=form.problems)


@pages.route("/enrol/telephone", methods=["GET", "POST"])
@access("public")
def enrol_telephone() -> Any:
    """Show the secret of the telephone, and take its first code."""
    enrolment = _under_way()
    if enrolment is None:
        return redirect(url_for("desk.enrol"), 303)
    if enrolment.secret is None or enrolment.secret_address is None:
        return redirect(url_for("desk.enrol_recovery"), 303)
    form = TelephoneForm()
    if form.submitted():
        if act(confirm_enrolment, enrolment_id=UUID(session["enrolment"]), code=form.code.data):
            return redirect(url_for("desk.enrol_recovery"), 303)
        form.code.errors = (Words(NOT_SHOWN),)
    square = Markup(square_code(enrolment.secret_address))  # noqa: S704 (drawn by us)
    secret = [enrolment.secret[start : start + GROUP] for start in range(0, len(enrolment.secret), GROUP)]
    return page("desk/telephone", form.status, form=form, errors=form.problems, square=square, secret=" ".join(secret))


@pages.get("/enrol/recovery")
@access("public")
def enrol_recovery() -> Any:
    """Show the recovery codes, until the agent says that he has kept them."""
    enrolment = _under_way()
    if enrolment is None or not enrolment.recovery_codes:
        return redirect(url_for("desk.enrol"), 303)
    return page("desk/recovery", codes=enrolment.recovery_codes)


@pages.post("/enrol/recovery")
@access("public")
def recovery_kept() -> Response:
    """The codes are kept: nobody reads them here again."""
    enrolment_id = session.get("enrolment")
    if enrolment_id is not None:
        act(end_enrolment, enrolment_id=UUID(enrolment_id))
        session.clear()
        say_next(Words(DONE))
    return redirect(url_for("desk.sign_in"), 303)


def _under_way() -> EnrolmentView | None:
    enrolment_id = session.get("enrolment")
    return None if enrolment_id is None else read(find_enrolment, enrolment_id=UUID(enrolment_id), now=now())
