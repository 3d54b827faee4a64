"""Registering a household: consent first, then the declarant's own place in it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services import journal
from services.errors import NotAllowed, StateConflict
from services.households.draft_life import REGISTRATION, start_draft
from services.households.household_view import ADULT_AGE, household_of, today_in_morocco
from services.households.models import Household, Member
from services.journal import Actor
from services.messages import N_
from services.population.register import facts_about

# Father, mother, spouse or an adult child may declare (domain §1, press).
DECLARANT_RELATIONS = ("head", "spouse", "child", "parent")

ADULTS_REGISTER = N_("Only an adult can register a household. Ask your guardian to do it.")
ALREADY_IN_ONE = N_("You are already a member of a household.")


def register_household(
    session: Session, *, actor: Actor, relation_of_declarant: str, consent_version: str, now: datetime
) -> UUID:
    """Make the declarant's household, with him in it and a draft open; ten clicks make one.

    Raises NotAllowed for a minor and for a relation that does not let one declare,
    StateConflict for whom a submitted declaration already holds in a household.
    """
    person_id = actor.person_id
    if person_id is None or relation_of_declarant not in DECLARANT_RELATIONS:
        raise NotAllowed("not a declarant")
    if (existing := _own_forming_household(session, person_id, now)) is not None:
        return existing
    if facts_about(session, person_ids=[person_id])[person_id].birth_date.age_on(today_in_morocco(now)) < ADULT_AGE:
        raise NotAllowed(ADULTS_REGISTER)
    household = Household(
        declarant_id=person_id, state="forming", created_at=now, consent_version=consent_version, consented_at=now
    )
    try:
        with session.begin_nested():
            session.add(household)
    except IntegrityError:
        winner = _own_forming_household(session, person_id, now)
        assert winner is not None
        return winner
    session.add(
        Member(household_id=household.id, person_id=person_id, position=1, relation=relation_of_declarant, added_at=now)
    )
    journal.record(
        session,
        actor=actor,
        action="household.registered",
        now=now,
        household_id=household.id,
        person_id=person_id,
        relation=relation_of_declarant,
        consent=consent_version,
    )
    start_draft(session, actor=actor, household_id=household.id, kind=REGISTRATION, now=now)
    return household.id


def _own_forming_household(session: Session, person_id: UUID, now: datetime) -> UUID | None:
    view = household_of(session, person_id=person_id, now=now)
    place = None if view is None else view.member_of(person_id)
    if view is None or place is None:
        return None
    if place.held:
        raise StateConflict(ALREADY_IN_ONE)
    return view.id if view.declarant_id == person_id and view.state == "forming" else None
