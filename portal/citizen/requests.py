"""Step 3: a family's requests, one request, and its receipt."""

from typing import Any

import segno
from flask import current_app
from markupsafe import Markup

from portal.access import access, current_actor
from portal.citizen import pages
from portal.citizen.file import my_household
from portal.database import now, read
from portal.htmx import page
from portal.languages import current_language
from services.errors import NotFound
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
    return page("citizen/request", step=3, found=my_request(reference))


@pages.get("/requests/<reference>/receipt")
@access("citizen")
def receipt(reference: str) -> Any:
    """What a family keeps: the reference, what happens next, who to call."""
    address = f"{current_app.config['SETTINGS'].public_url}/{current_language().code}/track"
    return page("citizen/receipt", step=3, found=my_request(reference), code=qr_code(address))


def my_request(reference: str) -> RequestView:
    """The request of that reference, if it is the subject's to see. Raises NotFound."""
    try:
        return read(find_request, actor=current_actor(), reference=parse_reference(reference), now=now())
    except InvalidReference:
        raise NotFound("request") from None


def qr_code(text: str) -> Markup:
    """``text`` as an inline drawing, for a telephone's camera."""
    drawn = segno.make(text, error="m").svg_inline(scale=4, border=1, omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 (drawn by us)
