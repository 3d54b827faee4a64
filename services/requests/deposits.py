"""A number with which a counter opens a finished draft, for who would rather deposit it there."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.errors import StateConflict
from services.households.drafts import load_draft
from services.households.flow import flow_of
from services.households.rights import hold_household
from services.journal import Actor
from services.messages import N_
from services.requests.models import Deposit
from services.requests.references import new_reference

NOT_FINISHED = N_("Please answer the questions that are left first. Then you can take a deposit number.")


def make_deposit(session: Session, *, actor: Actor, household_id: UUID, now: datetime) -> str:
    """The deposit number of the household's finished draft, good as long as the draft is kept.

    The same number however often it is asked for. Raises NotFound for a household that is not
    the actor's to change, StateConflict without a draft or while a question is left.
    """
    view = hold_household(session, actor=actor, household_id=household_id, now=now)
    draft = None if view.draft_id is None else load_draft(session, draft_id=view.draft_id, now=now)
    if draft is None or view.missing or not flow_of(draft.answers, view.members).is_complete():
        raise StateConflict(NOT_FINISHED)
    number = session.scalar(sa.select(Deposit.number).where(Deposit.draft_id == draft.id))
    if number is None:
        number = new_reference()
        session.add(Deposit(number=number, draft_id=draft.id, created_at=now, expires_at=draft.expires_at))
        journal.record(session, actor=actor, action="deposit.made", now=now, household_id=household_id)
        session.flush()
    return number
