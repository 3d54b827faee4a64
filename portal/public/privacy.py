"""What is kept of a family, what for, how long, who sees it, and a family's rights."""

from typing import Any

from portal.access import access
from portal.database import now
from portal.htmx import page
from portal.public import pages
from services.retention import kept_of_families


@pages.get("/privacy")
@access("public")
def privacy() -> Any:
    """Which data, what for, who sees them, how long, and the rights of law 09-08."""
    return page("public/privacy", kept=kept_of_families(now()))
