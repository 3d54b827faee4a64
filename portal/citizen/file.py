"""The file a citizen's page is about: his household, and the draft of its declaration."""

from dataclasses import dataclass

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.access import current_actor, current_subject
from portal.database import now, read
from services.errors import NotFound
from services.households.drafts import DraftView, load_draft
from services.households.flow import Flow, flow_of
from services.households.household_view import HouseholdView, household_of


@dataclass(frozen=True)
class OpenForm:
    """A household with an open draft, and where its questionnaire stands."""

    household: HouseholdView
    draft: DraftView
    flow: Flow


def my_household() -> HouseholdView | None:
    """The household of the subject, if there is one; a minor's is his guardian's to see."""
    person_id = current_subject().person_id
    household = read(household_of, person_id=person_id, now=now())
    place = household.member_of(person_id) if household else None
    return None if place is not None and place.is_minor else household


def my_form() -> OpenForm | Response:
    """The subject's open form; where there is none, the page that says how to get one.

    Raises NotFound for a member who may not fill it in: it is the declarant's and the head's.
    """
    household = my_household()
    if household is None:
        return redirect(url_for("citizen.start"))
    if household.draft_id is None:
        return redirect(url_for("citizen.household"))
    if not household.may_be_changed_by(current_actor().person_id):
        raise NotFound("form")
    draft = read(load_draft, draft_id=household.draft_id, now=now())
    if draft is None:
        return redirect(url_for("citizen.household"))
    return OpenForm(household, draft, flow_of(draft.answers, household.members))
