"""Step 1: the people of the household: list, add, correct, remove, change the head."""

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField

from portal.access import access, current_actor
from portal.birth_fields import BIRTH_FIELDS, BirthDateForm
from portal.citizen import pages
from portal.citizen.codes import keep_attempt
from portal.citizen.file import my_household
from portal.database import act
from portal.forms import Form, IdcsField, OneOf, Required
from portal.htmx import page
from portal.languages import current_language
from portal.shell import say_next
from services.errors import NotAllowed, NotFound
from services.households.household_view import HouseholdView, MemberView
from services.households.members import (
    MemberAdded,
    NotAdded,
    StillGuardian,
    add_member,
    change_head,
    correct_relation,
    remove_member,
)
from services.households.membership_codes import begin_membership_code
from services.households.questionnaire import RELATION
from services.households.rights import ensure_open
from services.messages import N_, Words

RELATION_MISSING = N_("Relation: choose who this person is")
NOT_ADDED = N_(
    "We could not add this person. Check the number and the date of birth on the slip. If they are right, this "
    "person can confirm with a code on his own phone, or at any counter."
)
ALREADY_HERE = N_("This person is already in your household.")
ADDED = N_("This person is now in your household.")
REMOVED = N_("This person is no longer in your household.")
GUARDIAN_STAYS = N_("This person is the guardian of a child of the household, so he stays as long as the child does.")
CHECK_RELATIONS = N_("The head has changed. Check below what each person is to the new head.")


class AddMemberForm(BirthDateForm):
    """Who is added."""

    order = ("idcs", *BIRTH_FIELDS, "relation")

    idcs = IdcsField(validators=[Required(N_("Identity number: write the 10 digits on this person's slip"))])
    relation = StringField(validators=[OneOf(RELATION.by_value, RELATION_MISSING)])


class RelationForm(Form):
    """What a member is to the head."""

    relation = StringField(validators=[OneOf(RELATION.by_value, RELATION_MISSING)])


class HeadForm(Form):
    """The new head, and what the former one becomes."""

    member = StringField(validators=[Required(N_("Head of household: choose one person"))])
    relation = StringField(validators=[OneOf(RELATION.by_value.keys() - {"head"}, RELATION_MISSING)])


def my_own_household() -> HouseholdView:
    """The household that the subject may change. Raises NotFound for anybody else, StateConflict once it is sent."""
    household = my_household()
    if household is None or not household.may_be_changed_by(current_actor().person_id):
        raise NotFound("household")
    ensure_open(household)
    return household


def member_at(household: HouseholdView, position: int) -> MemberView:
    """The member at that position. Raises NotFound."""
    member = household.member_at(position)
    if member is None:
        raise NotFound("member")
    return member


@pages.get("/household/members")
@access("citizen")
def members() -> Any:
    """Everybody in the household, and what can be done."""
    return page("citizen/members", step=1, household=my_own_household(), relations=RELATION.by_value)


@pages.route("/household/members/add", methods=["GET", "POST"])
@access("citizen")
def add() -> Any:
    """Add one person, whom the register must confirm; every failure looks the same."""
    household = my_own_household()
    form = AddMemberForm()
    refused = False
    if form.submitted():
        wish = {
            "actor": current_actor(),
            "household_id": household.id,
            "idcs": form.idcs.data,
            "birth_date": form.birth_date,
            "relation": form.relation.data,
        }
        if "send_code" in request.form:
            return _send_code(wish)
        if (added := _add(form, wish)) is not None:
            return added
        refused = not form.relation.errors
    choices = [choice for choice in RELATION.choices if choice.value != "head" or household.head is None]
    return page(
        "citizen/add_member", form.status, step=1, form=form, errors=form.problems, refused=refused, choices=choices
    )


@pages.route("/household/members/<int:position>", methods=["GET", "POST"])
@access("citizen")
def member(position: int) -> Any:
    """One member: correct what he is to the head."""
    household = my_own_household()
    found = member_at(household, position)
    form = RelationForm(data={"relation": found.relation})
    if form.submitted():
        act(
            correct_relation,
            actor=current_actor(),
            household_id=household.id,
            member_id=found.id,
            relation=form.relation.data,
        )
        return redirect(url_for("citizen.members"), 303)
    may_be_head = household.head in (None, found) and not found.is_minor
    choices = [choice for choice in RELATION.choices if choice.value != "head" or may_be_head]
    context = {"member": found, "household": household, "choices": choices}
    return page("citizen/member", form.status, step=1, form=form, errors=form.problems, **context)


@pages.post("/household/members/<int:position>/remove")
@access("citizen")
def remove(position: int) -> Response:
    """Take a member out of the household."""
    household = my_own_household()
    found = member_at(household, position)
    outcome = act(remove_member, actor=current_actor(), household_id=household.id, member_id=found.id)
    say_next(Words(GUARDIAN_STAYS if isinstance(outcome, StillGuardian) else REMOVED))
    return redirect(url_for("citizen.members"), 303)


@pages.route("/household/head", methods=["GET", "POST"])
@access("citizen")
def head() -> Any:
    """Choose another head of the household."""
    household = my_own_household()
    form = HeadForm()
    if household.head is None or form.member.data == str(household.head.position):
        form.relation.validators = ()
    if form.submitted():
        chosen = next((one for one in household.members if str(one.position) == form.member.data), None)
        if chosen is None:
            raise NotFound("member")
        if _change_head(household, chosen.id, form.relation.data or None):
            say_next(Words(CHECK_RELATIONS))
        return redirect(url_for("citizen.members"), 303)
    adults = [one for one in household.members if not one.is_minor]
    choices = [choice for choice in RELATION.choices if choice.value != "head"]
    context = {"household": household, "adults": adults, "choices": choices}
    return page("citizen/head", form.status, step=1, form=form, errors=form.problems, **context)


def _add(form: AddMemberForm, wish: dict[str, Any]) -> Response | None:
    """Add the person and go to the list; None where the form now says why not."""
    try:
        outcome = act(add_member, **wish)
    except NotAllowed as error:
        form.relation.errors = (Words(str(error)),)
        return None
    if isinstance(outcome, NotAdded):
        form.idcs.errors = (Words(NOT_ADDED),)
        return None
    say_next(Words(ADDED if isinstance(outcome, MemberAdded) else ALREADY_HERE))
    return redirect(url_for("citizen.members"), 303)


def _change_head(household: HouseholdView, member_id: UUID, relation: str | None) -> tuple[MemberView, ...]:
    return act(
        change_head,
        actor=current_actor(),
        household_id=household.id,
        member_id=member_id,
        relation_of_former_head=relation,
    )


def _send_code(wish: dict[str, Any]) -> Response:
    begun = act(begin_membership_code, **wish, address=request.remote_addr or "", locale=current_language().code)
    keep_attempt("join", begun)
    return redirect(url_for("citizen.member_code"), 303)
