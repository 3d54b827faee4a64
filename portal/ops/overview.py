"""Whether the service does its work now, in a sentence for each of its parts."""

from typing import Any

from portal.access import access
from portal.database import now, read
from portal.ops import pages, show
from services.health.overview import find_facts


@pages.get("/")
@access("operator")
def overview() -> Any:
    """What works, and what waits for somebody."""
    facts = read(find_facts, now=now())
    return show("ops/overview", facts=facts, troubles=sum(1 for fact in facts if fact.level == "wrong"), moment=now())
