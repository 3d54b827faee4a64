"""The home page."""

from typing import Any

from portal.access import access
from portal.htmx import page
from portal.public import pages


@pages.get("/")
@access("public")
def home() -> Any:
    """What to do, on one screen."""
    return page("public/home")
