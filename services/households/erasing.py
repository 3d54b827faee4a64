"""What is taken out of a household whose time is over, and the household itself.

A household that somebody is changing now is left for the next time.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.households.models import Declaration, Draft, DraftPage, Household, Member, MembershipClaim
from services.journal import system_actor

# A household of which only its requests are left: they name it until their own time is over.
ERASED = "erased"


def hold_households(session: Session, *, ids: Collection[UUID]) -> set[UUID]:
    """Those of these households that nobody else is changing, held until this transaction ends."""
    held = sa.select(Household.id).where(Household.id.in_(ids)).order_by(Household.id)
    return set(session.scalars(held.with_for_update(skip_locked=True)))


def record_erasure(
    session: Session,
    *,
    household_id: UUID | None = None,
    person_id: UUID | None = None,
    kind: str,
    now: datetime,
    **counts: str | int,
) -> None:
    """Journal what was erased of a household or person: its kind and how much, nothing of what it said."""
    journal.record(
        session,
        actor=system_actor(),
        action="household.data_erased" if household_id else "person.data_erased",
        now=now,
        household_id=household_id,
        person_id=person_id,
        kind=kind,
        **counts,
    )


def blank_declarations(session: Session, which: sa.ColumnElement[bool], *, now: datetime) -> int:
    """Take everything out of declarations but that there was one, and when; how many."""
    blank: dict[str, Any] = {"document": {}, "personal_sealed": None, "erased_at": now}
    chosen = sa.update(Declaration).where(which, Declaration.erased_at.is_(None)).values(**blank)
    drafts = _all(session, chosen.returning(Declaration.draft_id))
    _all(session, sa.delete(DraftPage).where(DraftPage.draft_id.in_(drafts)).returning(DraftPage.id))
    return len(drafts)


def empty_household(session: Session, *, household_id: UUID, kind: str, now: datetime) -> None:
    """Free its people and take out every answer; what its requests need to be followed stays."""
    declarations = blank_declarations(session, Declaration.household_id == household_id, now=now)
    people, declarant_id = _take_out_everything(session, household_id)
    session.execute(sa.update(Household).where(Household.id == household_id).values(state=ERASED))
    counts = {"people": people, "declarations": declarations}
    record_erasure(session, household_id=household_id, person_id=declarant_id, kind=kind, now=now, **counts)


def delete_household(session: Session, *, household_id: UUID, kind: str | None = None, now: datetime) -> None:
    """Remove the household and all that is left of it; nothing outside of its room may name it.

    Journaled as ``kind``, where that is given: not when its remains go with something else.
    """
    people, declarant_id = _take_out_everything(session, household_id)
    for model in (Declaration, Draft):
        session.execute(sa.delete(model).where(model.household_id == household_id))
    session.execute(sa.delete(Household).where(Household.id == household_id))
    if kind is not None:
        record_erasure(session, household_id=household_id, person_id=declarant_id, kind=kind, now=now, people=people)


def _take_out_everything(session: Session, household_id: UUID) -> tuple[int, UUID | None]:
    drafts = sa.select(Draft.id).where(Draft.household_id == household_id)
    _all(session, sa.delete(DraftPage).where(DraftPage.draft_id.in_(drafts)).returning(DraftPage.id))
    _all(session, sa.delete(MembershipClaim).filter_by(household_id=household_id).returning(MembershipClaim.id))
    people = _all(session, sa.delete(Member).where(Member.household_id == household_id).returning(Member.id))
    return len(people), session.scalar(sa.select(Household.declarant_id).where(Household.id == household_id))


def _all(session: Session, changing: Any) -> list[Any]:
    return list(session.scalars(changing.execution_options(synchronize_session=False)))
