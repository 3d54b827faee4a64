"""Who is in a household: adding, removing, correcting a relation, changing the head."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.errors import NotAllowed, NotFound, StateConflict
from services.households.admission import (
    HEAD_IS_ADULT,
    admit,
    ask_for_look_up,
    check_wish,
    count_refusal,
    look_up,
    record_wish,
)
from services.households.draft_life import forget_member_answers
from services.households.household_view import HouseholdView, MemberView
from services.households.models import Member
from services.households.relations import UNSURE, relations_after
from services.households.rights import hold_open_household
from services.journal import Actor
from services.messages import N_
from services.population.birth_dates import BirthDate
from services.population.register import facts_about, guardians_of

DECLARANT_STAYS = N_("The person who registered the household cannot be removed from it.")
CHANGE_HEAD_FIRST = N_("Choose another head of the household first.")


@dataclass(frozen=True)
class MemberAdded:
    """The register confirmed the person, who is now a member."""

    member: MemberView


@dataclass(frozen=True)
class AlreadyHere:
    """The register confirmed the person, who was a member already."""

    member: MemberView


@dataclass(frozen=True)
class NotAdded:
    """The one answer of every failure; a counter finds the reason under ``reference_id``."""

    reference_id: UUID


@dataclass(frozen=True)
class Removed:
    """The member has left, and his answers with him."""


@dataclass(frozen=True)
class StillGuardian:
    """Not removed: ``wards`` are here through him, and no other guardian of theirs is."""

    wards: tuple[MemberView, ...]


def add_member(
    session: Session,
    *,
    actor: Actor,
    household_id: UUID,
    idcs: str,
    birth_date: BirthDate,
    relation: str,
    now: datetime,
) -> MemberAdded | AlreadyHere | NotAdded:
    """Add the person whom the register confirms, a minor only beside a guardian of his.

    Every failure is the same NotAdded, after the same statements. Raises NotFound, StateConflict
    and NotAllowed as the household's rules say, TooManyAttempts, and Unavailable while the
    register is closed.
    """
    view = hold_open_household(session, actor=actor, household_id=household_id, now=now)
    check_wish(view, relation=relation, birth_date=birth_date, now=now)
    ask_for_look_up(session, household_id=household_id, now=now)
    candidate = look_up(session, view=view, idcs=idcs, birth_date=birth_date, now=now)
    if candidate.already is not None:
        return AlreadyHere(candidate.already)
    if candidate.person_id is not None and candidate.obstacle is None:
        return MemberAdded(
            admit(
                session,
                actor=actor,
                view=view,
                person_id=candidate.person_id,
                relation=relation,
                guardian_id=candidate.guardian_id,
                now=now,
            )
        )
    count_refusal(session, household_id=household_id, now=now)
    refused = NotAdded(uuid4())
    record_wish(
        session,
        actor=actor,
        household_id=household_id,
        person_id=candidate.person_id,
        what="member_not_added",
        reference_id=refused.reference_id,
        reason=candidate.obstacle,
        now=now,
    )
    return refused


def remove_member(
    session: Session, *, actor: Actor, household_id: UUID, member_id: UUID, now: datetime
) -> Removed | StillGuardian:
    """Take a member out, and his answers out of the draft.

    The declarant stays (NotAllowed); a head of whom a declaration was submitted stays until
    another is chosen (StateConflict); a living guardian stays as long as his wards do. Raises
    NotFound for whom is not here.
    """
    view = hold_open_household(session, actor=actor, household_id=household_id, now=now)
    leaving = _member(view, member_id)
    if leaving.person_id == view.declarant_id:
        raise NotAllowed(DECLARANT_STAYS)
    if leaving.relation == "head" and view.state != "forming":
        raise StateConflict(CHANGE_HEAD_FIRST)
    guardians = _new_guardians(session, view, leaving)
    alone = tuple(ward for ward, guardian_id in guardians.items() if guardian_id is None)
    if alone and facts_about(session, person_ids=[leaving.person_id])[leaving.person_id].alive:
        return StillGuardian(alone)
    for ward, guardian_id in guardians.items():
        _change(session, ward, guardian_id=guardian_id)
    _change(session, leaving, removed_at=now, held=False)
    if view.draft_id is not None:
        forget_member_answers(session, draft_id=view.draft_id, position=leaving.position)
    _journal(session, actor, "household.member_removed", view, leaving, now, position=leaving.position)
    return Removed()


def correct_relation(
    session: Session, *, actor: Actor, household_id: UUID, member_id: UUID, relation: str, now: datetime
) -> None:
    """Set what a member is to the head.

    Making somebody the head is possible while there is none. Raises NotFound, StateConflict
    for a second head and for a head who would leave a submitted household without one,
    NotAllowed for a head who is a minor.
    """
    view = hold_open_household(session, actor=actor, household_id=household_id, now=now)
    member = _member(view, member_id)
    if relation == member.relation:
        return
    check_wish(view, relation=relation, birth_date=member.birth_date, now=now)
    if member.relation == "head" and view.state != "forming":
        raise StateConflict(CHANGE_HEAD_FIRST)
    _change(session, member, relation=relation)
    _journal(session, actor, "household.relation_corrected", view, member, now, relation=relation)


def change_head(
    session: Session,
    *,
    actor: Actor,
    household_id: UUID,
    member_id: UUID,
    relation_of_former_head: str | None,
    now: datetime,
) -> tuple[MemberView, ...]:
    """Make a member the head; the former head becomes ``relation_of_former_head`` to him.

    The others' relations follow where they can be told. Returns whom the family is asked about,
    each as he stood before. Raises NotFound, NotAllowed for a minor, ValueError for a former head
    who would be nothing or the head still.
    """
    view = hold_open_household(session, actor=actor, household_id=household_id, now=now)
    chosen = _member(view, member_id)
    former = view.head
    if former is not None and former.id == chosen.id:
        return ()
    if chosen.is_minor:
        raise NotAllowed(HEAD_IS_ADULT)
    relations = relations_after(view, chosen=chosen, relation_of_former_head=relation_of_former_head)
    # The former head steps down before the new one is: at no moment are there two.
    for member, relation in relations.items():
        _change(session, member, relation=relation)
    _change(session, chosen, relation="head")
    _journal(session, actor, "household.head_changed", view, chosen, now, former=str(former.id) if former else None)
    return tuple(member for member, relation in relations.items() if relation == UNSURE and member is not former)


def _member(view: HouseholdView, member_id: UUID) -> MemberView:
    member = view.member(member_id)
    if member is None:
        raise NotFound("member")
    return member


def _new_guardians(session: Session, view: HouseholdView, leaving: MemberView) -> dict[MemberView, UUID | None]:
    """Each minor who is here through ``leaving``, with another guardian of his who is here."""
    staying = {member.person_id for member in view.members} - {leaving.person_id}
    wards = [member for member in view.members if member.is_minor and member.guardian_id == leaving.person_id]
    guardians = {ward: guardians_of(session, person_id=ward.person_id) for ward in wards}
    return {ward: next((one for one in guardians[ward] if one in staying), None) for ward in wards}


def _change(session: Session, member: MemberView, **values: Any) -> None:
    session.execute(sa.update(Member).where(Member.id == member.id).values(**values))


def _journal(
    session: Session, actor: Actor, action: str, view: HouseholdView, member: MemberView, now: datetime, **details: Any
) -> None:
    journal.record(
        session, actor=actor, action=action, now=now, household_id=view.id, person_id=member.person_id, **details
    )
    session.flush()
