"""The home page, and what becomes of a family's data."""

from typing import Any

from portal.access import access
from portal.htmx import page
from portal.public import pages


@pages.get("/")
@access("public")
def home() -> Any:
    """What to do, on one screen."""
    return page("public/home")


@pages.get("/privacy")
@access("public")
def privacy() -> Any:
    """Which data, what for, who sees them, how long, and the family's rights."""
    return page("public/privacy")
