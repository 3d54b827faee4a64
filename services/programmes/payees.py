"""Who may receive what a programme pays: the order of the payees, as data, and who in a household fits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from services.crypto import blind_index
from services.households.household_view import HouseholdView, MemberView
from services.messages import N_, Words
from services.population.register import DisplayName, facts_about, guardians_of
from services.programmes.entitlement import GROWN_UP, NO_CHILDREN

PARENTS = frozenset({"head", "spouse"})
NOBODYS_CHILD = "other"


@dataclass(frozen=True)
class Role:
    """In which quality somebody is paid, and which adults of a household have it."""

    key: str
    words: str
    fits: Callable[[HouseholdView, MemberView], bool]


@dataclass(frozen=True)
class Payee:
    """Somebody who can be paid, in the first quality that he has."""

    person_id: UUID
    role: str
    name: DisplayName

    @property
    def token(self) -> str:
        """What stands for him on a page: the person's own id never leaves the server."""
        return blind_index("payee", self.person_id.hex).hex()

    @property
    def role_words(self) -> Words:
        """The quality in words."""
        return Words(ROLES[self.role].words)


def has_children(view: HouseholdView) -> bool:
    """Whether somebody under 21 counts as a child of this household."""
    return any(member.age < GROWN_UP and member.relation not in NO_CHILDREN for member in view.members)


def payees_of(session: Session, view: HouseholdView, *, roles: Sequence[str]) -> tuple[Payee, ...]:
    """Whom the household may name, the first in order first; whoever registered it where none fits.

    Adults alone, and the guardians of its children who live elsewhere. No statement where every
    guardian lives here.
    """
    adults = [member for member in view.members if not member.is_minor]
    found: dict[UUID, Payee] = {}
    for role in roles:
        for member in adults:
            if ROLES[role].fits(view, member):
                found.setdefault(member.person_id, Payee(member.person_id, role, member.name))
        if role == "guardian":
            found = {**_guardians_elsewhere(session, view), **found}
    if not found:
        fallback = [member for member in adults if _registered(view, member)] or adults
        found = {member.person_id: Payee(member.person_id, "registrant", member.name) for member in fallback}
    order = [*roles, "registrant"]
    return tuple(sorted(found.values(), key=lambda payee: order.index(payee.role)))


def _guardians_elsewhere(session: Session, view: HouseholdView) -> dict[UUID, Payee]:
    wards = [member.person_id for member in view.members if member.is_minor and member.guardian_id is None]
    guardians = {guardian for ward in wards for guardian in guardians_of(session, person_id=ward)}
    elsewhere = guardians - {member.person_id for member in view.members}
    if not elsewhere:
        return {}
    return {
        id_: Payee(id_, "guardian", facts.name) for id_, facts in facts_about(session, person_ids=elsewhere).items()
    }


def _is_husband(view: HouseholdView, member: MemberView) -> bool:
    is_married = member.relation == "spouse" or any(other.relation == "spouse" for other in view.members)
    return member.sex == "M" and member.relation in PARENTS and is_married


def _stands_for(view: HouseholdView, member: MemberView, *, relation: str | None = None) -> bool:
    """Whether a minor of the household stands here through this member."""
    wards = (other for other in view.members if other.is_minor and other.guardian_id == member.person_id)
    return any(relation is None or ward.relation == relation for ward in wards)


def _registered(view: HouseholdView, member: MemberView) -> bool:
    return member.person_id == view.declarant_id


ROLES = {
    role.key: role
    for role in (
        Role("husband", N_("Husband"), _is_husband),
        Role("custodian", N_("Mother or father who has the children"), lambda view, member: member.relation in PARENTS),
        Role(
            "kafala_holder",
            N_("Took a child in by kafala"),
            lambda view, member: _stands_for(view, member, relation=NOBODYS_CHILD),
        ),
        Role("guardian", N_("Guardian of the children"), _stands_for),
        Role("registrant", N_("Registered the household"), _registered),
    )
}
