"""Whether the service does its work now, in a sentence for each of its parts."""

from typing import Any

from portal.access import access
from portal.database import now, read
from portal.ops import pages, show
from portal.staff import the_agent
from services.accounts.agents.roles import ROLES
from services.health.overview import find_facts


@pages.get("/")
@access("operator")
def overview() -> Any:
    """What works, and what waits for somebody."""
    facts = read(find_facts, now=now())
    troubles = sum(1 for fact in facts if fact.level == "wrong")
    roles = [ROLES[role].name for role in sorted(the_agent().roles)]
    return show("ops/overview", facts=facts, troubles=troubles, moment=now(), roles=roles)
