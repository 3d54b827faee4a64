"""Who acts. Every service function that touches a household takes one of these."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Capacity(StrEnum):
    """In which capacity somebody acts."""

    CITIZEN = "citizen"
    AGENT_FOR_CITIZEN = "agent_for_citizen"
    REVIEWER = "reviewer"
    PARTNER = "partner"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """``id`` is the person's, agent's or partner's random id (none for the system);
    ``for_person`` is whom an agent acts for; ``purpose`` is the purpose he stated."""

    capacity: Capacity
    id: UUID | None
    for_person: UUID | None = None
    purpose: str | None = None

    @property
    def person_id(self) -> UUID | None:
        """The citizen in whose name this is done."""
        return self.for_person if self.capacity is Capacity.AGENT_FOR_CITIZEN else self.id


def citizen(person_id: UUID) -> Actor:
    """A citizen acting for himself."""
    return Actor(Capacity.CITIZEN, person_id)


def operator(agent_id: UUID | None) -> Actor:
    """An operator: signed in, or without an id at the machine's own command line."""
    return Actor(Capacity.OPERATOR, agent_id)


def system_actor() -> Actor:
    """The worker, acting by rule."""
    return Actor(Capacity.SYSTEM, None)
