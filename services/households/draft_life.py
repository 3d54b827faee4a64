"""How a draft begins, goes on after a submission, and ends when it was kept for its time."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.errors import StateConflict
from services.households.household_view import HouseholdView
from services.households.models import Draft, DraftPage
from services.households.rights import CLOSED_FOR_CHANGES, DRAFT_IS_OVER, hold_household, lock_household
from services.journal import Actor, system_actor
from services.retention import kept_for

REGISTRATION = "registration"
CORRECTION = "correction"
# The state of the household in which a draft of each kind can begin.
BEGINS_IN = {REGISTRATION: "forming", CORRECTION: "declared"}


def end_of_draft(opened_at: datetime) -> datetime:
    """Until when a draft that is opened then is kept."""
    return opened_at + kept_for("draft", opened_at)


def start_draft(session: Session, *, actor: Actor, household_id: UUID, kind: str, now: datetime) -> UUID:
    """Begin a draft of ``kind`` for a household that this transaction holds and that has none."""
    draft = Draft(household_id=household_id, kind=kind, opened_at=now, expires_at=end_of_draft(now))
    session.add(draft)
    session.flush()
    journal.record(session, actor=actor, action="draft.opened", now=now, household_id=household_id, kind=kind)
    return draft.id


def open_draft(session: Session, *, actor: Actor, household_id: UUID, kind: str = REGISTRATION, now: datetime) -> UUID:
    """The household's open draft of ``kind``; where there is none, a new one.

    It begins with all that was last submitted, for nothing is asked twice; what waited thirty
    days without being sent is gone. Raises NotFound, and StateConflict where the household's
    state has no such draft.
    """
    view = hold_household(session, actor=actor, household_id=household_id, now=now)
    if view.draft_id is not None and view.draft_kind == kind:
        return view.draft_id
    if view.draft_id is not None or BEGINS_IN[kind] != view.state:
        raise StateConflict(CLOSED_FOR_CHANGES.get(view.state, DRAFT_IS_OVER))
    _drop_expired(session, Draft.household_id == household_id, now)
    draft_id = start_draft(session, actor=actor, household_id=household_id, kind=kind, now=now)
    _copy_last_submitted(session, view, draft_id, now)
    return draft_id


def expired_drafts(now: datetime) -> sa.Select[UUID, UUID]:
    """The id and household of each open draft whose time is over."""
    return sa.select(Draft.id, Draft.household_id).where(Draft.state == "open", Draft.expires_at <= now)


def drop_expired_drafts(session: Session, *, draft_ids: Collection[UUID], now: datetime) -> int:
    """End those of these drafts whose time is over and forget their answers; how many."""
    return _drop_expired(session, Draft.id.in_(draft_ids), now)


def forget_member_answers(session: Session, *, draft_id: UUID, position: int) -> None:
    """Take the pages of one member out of a draft."""
    session.execute(sa.delete(DraftPage).where(DraftPage.draft_id == draft_id, DraftPage.position == position))


def _drop_expired(session: Session, whose: sa.ColumnElement[bool], now: datetime) -> int:
    found = session.execute(expired_drafts(now).where(whose).order_by(Draft.household_id)).all()
    ended = 0
    for draft_id, household_id in found:
        lock_household(session, household_id=household_id)
        ending = sa.update(Draft).where(Draft.id == draft_id, Draft.state == "open").values(state="expired")
        if not session.scalars(ending.returning(Draft.id)).all():
            continue
        session.execute(sa.delete(DraftPage).where(DraftPage.draft_id == draft_id))
        journal.record(session, actor=system_actor(), action="draft.expired", now=now, household_id=household_id)
        ended += 1
    return ended


def _copy_last_submitted(session: Session, view: HouseholdView, draft_id: UUID, now: datetime) -> None:
    positions = [0, *(member.position for member in view.members)]
    last = (
        sa.select(Draft.id)
        .where(Draft.household_id == view.id, Draft.state == "submitted")
        .order_by(Draft.opened_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    kept = sa.select(DraftPage).where(DraftPage.draft_id == last, DraftPage.position.in_(positions))
    for page in session.scalars(kept).all():
        session.add(
            DraftPage(
                id=uuid4(),
                draft_id=draft_id,
                page=page.page,
                position=page.position,
                version=page.version,
                answers=page.answers,
                personal=page.personal,
                saved_at=now,
            )
        )
    session.flush()
