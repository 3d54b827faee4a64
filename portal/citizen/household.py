"""Step 1: the consent, and the household as a list of things to do."""

from typing import Any

from flask import redirect, url_for
from wtforms import BooleanField, StringField

from portal.access import access, current_actor, current_subject
from portal.citizen import pages
from portal.citizen.file import my_household
from portal.database import act, now, read
from portal.forms import Form, Required
from portal.htmx import page
from services.households.draft_life import open_draft
from services.households.drafts import load_draft
from services.households.flow import flow_of
from services.households.questionnaire import RELATION, Step
from services.households.registration import DECLARANT_RELATIONS, register_household
from services.messages import N_
from services.requests.tracking import requests_of

CONSENT_VERSION = "2026-11"
ADDRESS = Step("address")


class StartForm(Form):
    """Consent to the use of the family's data, and the declarant's place in it."""

    relation = StringField(validators=[Required(N_("Your place in the household: choose one"))])
    consent = BooleanField(validators=[Required(N_("Your agreement: tick the box if you agree"))])


@pages.get("/household")
@access("citizen")
def household() -> Any:
    """What is there, and what remains to do."""
    found = my_household()
    if found is None:
        return redirect(url_for("citizen.start"))
    person_id = current_subject().person_id
    can_change = found.may_be_changed_by(person_id)
    draft = read(load_draft, draft_id=found.draft_id, now=now()) if found.draft_id and can_change else None
    flow = flow_of(draft.answers, found.members) if draft else None
    registered = flow is not None and flow.is_done(ADDRESS) and not found.missing
    is_closed = flow is None and found.state == "forming"
    was_sent = is_closed and can_change and bool(read(requests_of, household_id=found.id, now=now()))
    return page(
        "citizen/household",
        step=3 if flow is None else 2 if registered else 1,
        household=found,
        flow=flow,
        address_known=flow is not None and flow.is_done(ADDRESS),
        is_closed=is_closed,
        was_sent=was_sent,
        can_change=can_change,
        is_home=found.is_home_of(person_id),
        shown=found.shown_to(person_id),
        relations=RELATION.by_value,
    )


@pages.route("/household/start", methods=["GET", "POST"])
@access("citizen")
def start() -> Any:
    """Ask for consent before the first data, then make the household."""
    found = my_household()
    if found is not None and found.is_home_of(current_subject().person_id):
        return redirect(url_for("citizen.household"))
    form = StartForm()
    if form.submitted():
        act(
            register_household,
            actor=current_actor(),
            relation_of_declarant=form.relation.data,
            consent_version=CONSENT_VERSION,
        )
        return redirect(url_for("citizen.household"), 303)
    choices = [RELATION.by_value[value] for value in DECLARANT_RELATIONS]
    return page("citizen/start", form.status, step=1, form=form, errors=form.problems, choices=choices)


@pages.post("/household/draft")
@access("citizen")
def new_draft() -> Any:
    """Begin the form again where the last one was kept for its thirty days."""
    found = my_household()
    if found is not None:
        act(open_draft, actor=current_actor(), household_id=found.id)
    return redirect(url_for("citizen.household"), 303)
