"""Who may change a household, and the lock under which it changes.

The household's row is the one lock. Whoever changes who is in it, opens a draft or submits one
holds it alone; whoever saves a page shares it, so that saves of two pages never wait.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.errors import NotFound, StateConflict
from services.households.household_view import HouseholdView, find_household
from services.households.models import Draft, Household
from services.journal import Actor
from services.messages import N_

DRAFT_IS_OVER = N_(
    "These answers were already sent, or waited for more than 30 days. Open the page of your household to go on."
)
# Why nobody can come or go, by the state of the household.
CLOSED_FOR_CHANGES = {
    "declared": N_("We are checking what you declared. You can change your household after our answer."),
    "active": N_(
        "Your household is registered. If something in it has changed, any counter can help you, free of charge."
    ),
}


def hold_household(
    session: Session, *, actor: Actor, household_id: UUID, now: datetime, shared: bool = False
) -> HouseholdView:
    """The household as it stands, held until this transaction ends, for one who may change it.

    Raises NotFound for anybody else: somebody else's and none at all look alike.
    """
    lock_household(session, household_id=household_id, shared=shared)
    view = find_household(session, household_id=household_id, now=now)
    if view is None or not view.may_be_changed_by(actor.person_id):
        raise NotFound("household")
    return view


def hold_open_household(session: Session, *, actor: Actor, household_id: UUID, now: datetime) -> HouseholdView:
    """The same, for changing who is in it. Raises also StateConflict while nothing may change."""
    view = hold_household(session, actor=actor, household_id=household_id, now=now)
    ensure_open(view)
    return view


def ensure_open(view: HouseholdView) -> None:
    """Raise StateConflict, with the reason, while nobody may come or go."""
    if not view.members_may_change:
        raise StateConflict(CLOSED_FOR_CHANGES[view.state])


def hold_draft(session: Session, *, actor: Actor, draft_id: UUID, now: datetime, shared: bool = False) -> HouseholdView:
    """The household of an open draft, held as above.

    Raises NotFound for whom it is not, StateConflict once the draft is submitted or expired.
    """
    household_id = session.scalar(sa.select(Draft.household_id).where(Draft.id == draft_id))
    if household_id is None:
        raise NotFound("draft")
    view = hold_household(session, actor=actor, household_id=household_id, now=now, shared=shared)
    if view.draft_id != draft_id:
        raise StateConflict(DRAFT_IS_OVER)
    return view


def lock_household(session: Session, *, household_id: UUID, shared: bool = False) -> None:
    """Wait for whoever changes this household, then keep others from it."""
    session.execute(sa.select(Household.id).where(Household.id == household_id).with_for_update(read=shared))
