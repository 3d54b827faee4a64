"""Step 3: a family's requests, and one of them."""

from typing import Any

from portal.access import access, current_actor
from portal.citizen import pages
from portal.citizen.file import my_household
from portal.database import now, read
from portal.htmx import page
from services.errors import NotFound
from services.population.register import DisplayName, facts_about
from services.programmes.catalogue import PROGRAMMES
from services.requests.references import InvalidReference, parse_reference
from services.requests.tracking import RequestView, find_request, requests_of


@pages.get("/requests")
@access("citizen")
def requests() -> Any:
    """Every request of the household, newest first."""
    household = my_household()
    found = read(requests_of, household_id=household.id, now=now()) if household else ()
    return page("citizen/requests", step=3, requests=found)


@pages.get("/requests/<reference>")
@access("citizen")
def request_page(reference: str) -> Any:
    """One request: where it stands, what comes next, what happened."""
    found = my_request(reference)
    asked = found.aids if found.application is None and found.may_act else ()
    to_ask = [PROGRAMMES[aid] for aid in asked if aid in PROGRAMMES]
    return page("citizen/request", step=3, found=found, payee=_payee_of(found), to_ask=to_ask)


def _payee_of(found: RequestView) -> DisplayName | None:
    payee_id = None if found.application is None else found.application.payee_id
    if payee_id is None:
        return None
    facts = read(facts_about, person_ids=[payee_id]).get(payee_id)
    return None if facts is None else facts.name


def my_request(reference: str) -> RequestView:
    """The request of that reference, if it is the subject's to see. Raises NotFound."""
    return read(find_request, actor=current_actor(), reference=reference_typed(reference), now=now())


def reference_typed(text: str) -> str:
    """The reference of an address, however it is written. Raises NotFound for what is none."""
    try:
        return parse_reference(text)
    except InvalidReference:
        raise NotFound("request") from None
