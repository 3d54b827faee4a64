"""When a register said no about somebody: look, correct, ask again, or withdraw."""

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.access import access, current_actor
from portal.citizen import pages
from portal.citizen.file import my_household
from portal.citizen.requests import my_request
from portal.database import act
from portal.htmx import page
from portal.shell import say_next
from services.errors import NotAllowed
from services.messages import N_, Words
from services.requests.corrections import ask_again as ask_register_again
from services.requests.corrections import open_correction, withdraw_request
from services.requests.states import Status

ASKED_AGAIN = N_("We are asking the register again.")
WITHDRAWN = N_("Your request is withdrawn.")


@pages.get("/requests/<reference>/correct")
@access("citizen")
def correct(reference: str) -> Any:
    """Who was not confirmed, and what the family can do."""
    found = my_request(reference)
    if found.status is not Status.NEEDS_YOU:
        return redirect(url_for("citizen.request_page", reference=found.reference))
    household = my_household()
    if household is None or not household.may_be_changed_by(current_actor().person_id):
        raise NotAllowed("correction")
    people = [person for one in found.unconfirmed if (person := household.member_of(one))]
    is_open = household.draft_id is not None
    return page("citizen/correction", step=3, found=found, people=people, is_open=is_open)


@pages.post("/requests/<reference>/correct")
@access("citizen")
def begin_correction(reference: str) -> Response:
    """Open what was sent, to change it."""
    act(open_correction, actor=current_actor(), reference=my_request(reference).reference)
    return redirect(url_for("citizen.household"), 303)


@pages.post("/requests/<reference>/ask-again")
@access("citizen")
def ask_again(reference: str) -> Response:
    """Have the register asked again, once a counter corrected it there."""
    return _then_follow(ask_register_again, reference, ASKED_AGAIN)


@pages.post("/requests/<reference>/withdraw")
@access("citizen")
def withdraw(reference: str) -> Response:
    """Take the request back before it is decided."""
    return _then_follow(withdraw_request, reference, WITHDRAWN)


def _then_follow(change: Any, reference: str, said: str) -> Response:
    found = my_request(reference)
    act(change, actor=current_actor(), reference=found.reference)
    say_next(Words(said))
    return redirect(url_for("citizen.request_page", reference=found.reference), 303)
