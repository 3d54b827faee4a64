"""What a role opens, and for how long its holder may be away. A role is a row of this table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.messages import N_


@dataclass(frozen=True)
class Role:
    """``opens``: the audiences of pages to which the holder belongs. Of two roles, the stricter times count."""

    key: str
    name: str
    opens: frozenset[str]
    idle: timedelta
    longest: timedelta


ROLES: Mapping[str, Role] = {
    role.key: role
    for role in (
        Role(
            "operator",
            N_("Operator of the service"),
            frozenset({"operator"}),
            idle=timedelta(minutes=15),
            longest=timedelta(hours=10),
        ),
    )
}
# Whoever is signed in as one of the staff, whatever his roles.
EVERY_AGENT = "agent"


def opened_by(roles: Collection[str]) -> frozenset[str]:
    """The audiences to which somebody with these roles belongs."""
    return frozenset({EVERY_AGENT}).union(*(ROLES[role].opens for role in roles if role in ROLES))


def times_of(roles: Collection[str]) -> tuple[timedelta, timedelta]:
    """How long a session with these roles may be idle, and last; without any role, the strictest."""
    held = [ROLES[role] for role in roles if role in ROLES] or list(ROLES.values())
    return min(role.idle for role in held), min(role.longest for role in held)
