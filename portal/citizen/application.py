"""Applying for a programme: one short page, checked once, then sent once whatever is clicked."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import access, current_actor
from portal.citizen import pages
from portal.citizen.application_form import ApplicationForm
from portal.citizen.file import my_household
from portal.database import act, now, read
from portal.htmx import page
from services.errors import NotFound
from services.households.household_view import HouseholdView
from services.papers.receipts import apply_with_receipt
from services.requests.applications.asking import Offer, offer_for


@pages.route("/programmes/<key>/apply", methods=["GET", "POST"])
@access("citizen")
def application(key: str) -> Any:
    """Ask, show what was answered, send it: the same address, so that nothing of it stands in one."""
    household, offer = my_offer(key)
    if offer.standing is not None and request.method == "GET":
        return redirect(url_for("citizen.request_page", reference=offer.standing))
    if offer.obstacle is not None:
        return page("citizen/application_closed", 200, step=3, offer=offer)
    form = ApplicationForm(offer)
    if not form.may_be_checked():
        return page("citizen/application", form.status, step=3, form=form, offer=offer, errors=form.problems)
    if "send" in request.form and "switch_language" not in request.form:
        return _send(household, offer, form)
    return page("citizen/application_check", step=3, form=form, offer=offer)


def my_offer(key: str) -> tuple[HouseholdView, Offer]:
    """What the subject's household can ask for; for its declarant and head alone. Raises NotFound."""
    household = my_household()
    if household is None or not household.may_be_changed_by(current_actor().person_id):
        raise NotFound("programme")
    return household, read(offer_for, household=household, programme=key, now=now())


def _send(household: HouseholdView, offer: Offer, form: ApplicationForm) -> Response:
    sent = act(
        apply_with_receipt,
        actor=current_actor(),
        household_id=household.id,
        programme=offer.programme.key,
        wish=form.wish(),
        submission_key=form.submission_key.data or "",
    )
    return redirect(url_for("citizen.receipt", reference=sent.reference), 303)
