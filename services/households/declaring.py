"""Submitting the draft: the declaration that cannot change any more, and what it does to the household."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services import journal
from services.errors import NotFound, StateConflict
from services.households.declaration import assemble, split_personal
from services.households.draft_life import REGISTRATION
from services.households.drafts import DraftView, load_draft
from services.households.flow import flow_of
from services.households.household_view import HouseholdView
from services.households.models import Declaration, Draft, Household, Member
from services.households.rights import DRAFT_IS_OVER, hold_household, lock_household
from services.journal import Actor
from services.messages import N_

NOT_FINISHED = N_("The form is not finished. Go back to it and answer what is left.")
SOMEBODY_ELSEWHERE = N_(
    "A person of your household is already counted in another household, and must leave it first. "
    "Any counter can help you."
)


def submit_draft(session: Session, *, actor: Actor, draft_id: UUID, now: datetime) -> UUID:
    """Make the declaration of a finished draft; ten clicks make one. Returns the declaration's id.

    Its members are held by this household from here on. Raises NotFound for whom the draft is
    not; StateConflict for a draft that is expired or not finished, and where another household
    holds one of the members.
    """
    household_id = session.scalar(sa.select(Draft.household_id).where(Draft.id == draft_id))
    if household_id is None:
        raise NotFound("draft")
    view = hold_household(session, actor=actor, household_id=household_id, now=now)
    made = session.scalar(sa.select(Declaration.id).where(Declaration.draft_id == draft_id))
    if made is not None:
        return made
    draft = load_draft(session, draft_id=draft_id, now=now)
    if draft is None:
        raise StateConflict(DRAFT_IS_OVER)
    if view.missing or not flow_of(draft.answers, view.members).is_complete():
        raise StateConflict(NOT_FINISHED)
    _hold_members(session, view)
    declaration = _declare(session, actor, view, draft, now)
    session.execute(sa.update(Draft).where(Draft.id == draft_id).values(state="submitted"))
    _set_state(session, view.id, "declared", unless="active")
    journal.record(
        session,
        actor=actor,
        action="declaration.submitted",
        now=now,
        household_id=view.id,
        number=declaration.number,
        kind=draft.kind,
    )
    session.flush()
    return declaration.id


def activate_household(session: Session, *, actor: Actor, household_id: UUID, now: datetime) -> None:
    """What was declared is decided: the household stands. Again does nothing."""
    lock_household(session, household_id=household_id)
    if _set_state(session, household_id, "active", unless="active"):
        journal.record(session, actor=actor, action="household.activated", now=now, household_id=household_id)


def release_household(session: Session, *, actor: Actor, household_id: UUID, now: datetime) -> None:
    """What was declared is withdrawn or expired: the members are free, the household forms again.

    An active household stays as it is.
    """
    lock_household(session, household_id=household_id)
    state = session.scalar(sa.select(Household.state).where(Household.id == household_id))
    if state != "declared":
        return
    session.execute(sa.update(Member).where(Member.household_id == household_id).values(held=False))
    # A correction under way goes on as what it is now: the next registration.
    still_open = sa.update(Draft).where(Draft.household_id == household_id, Draft.state == "open")
    session.execute(still_open.values(kind=REGISTRATION))
    _set_state(session, household_id, "forming", unless="active")
    journal.record(session, actor=actor, action="household.released", now=now, household_id=household_id)


def _declare(session: Session, actor: Actor, view: HouseholdView, draft: DraftView, now: datetime) -> Declaration:
    document, personal = split_personal(assemble(draft.answers, view.members))
    last = session.scalar(sa.select(sa.func.max(Declaration.number)).where(Declaration.household_id == view.id))
    declaration = Declaration(
        household_id=view.id,
        draft_id=draft.id,
        number=(last or 0) + 1,
        declared_at=now,
        declared_by=actor.person_id,
        document=dict(document),
        personal=json.dumps(personal),
    )
    session.add(declaration)
    session.flush()
    return declaration


def _hold_members(session: Session, view: HouseholdView) -> None:
    # In the order of the persons: two households that claim the same ones wait, and never for each other.
    members = sorted(view.members, key=lambda member: member.person_id.bytes)
    held: list[dict[str, Any]] = [{"id": member.id, "held": True} for member in members]
    try:
        with session.begin_nested():
            session.execute(sa.update(Member), held)
    except IntegrityError:
        raise StateConflict(SOMEBODY_ELSEWHERE) from None


def _set_state(session: Session, household_id: UUID, state: str, *, unless: str) -> bool:
    changed = session.execute(
        sa.update(Household)
        .where(Household.id == household_id, Household.state != unless)
        .values(state=state)
        .returning(Household.id)
    )
    return changed.first() is not None
