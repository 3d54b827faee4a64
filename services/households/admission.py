"""Whether a person can become a member, and making him one. Shared by both ways in.

A refusal leaves two journal rows under one reference: one about the household, which its family
reads and which says nothing, and one about the person, which bears the reason for him alone.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.accounts.limits import count_attempt, wait_for
from services.errors import NotAllowed, StateConflict, TooManyAttempts, Unavailable
from services.households.household_view import ADULT_AGE, HouseholdView, MemberView, find_household, today_in_morocco
from services.households.models import Member
from services.households.questionnaire import RELATION
from services.journal import Actor
from services.messages import N_
from services.population.birth_dates import BirthDate
from services.population.register import Answer, find_person_id, guardians_of, verify_identity

REGISTER_IS_CLOSED = N_("The population register does not answer now. Nothing is lost: try again later.")
HEAD_IS_CHOSEN = N_("Your household has a head already. To choose another one, change the head.")
HEAD_IS_ADULT = N_("The head of the household must be an adult.")


class Obstacle(StrEnum):
    """Why a person cannot be added. For the journal and for himself; the adder never learns it."""

    NOT_CONFIRMED = "not_confirmed"
    ELSEWHERE = "elsewhere"
    NO_GUARDIAN = "no_guardian"


@dataclass(frozen=True)
class Candidate:
    """Somebody who may become a member. ``person_id``: who bears the IDCS, if anybody does;
    ``already``: his place, where he is here; ``guardian_id``: the person through whom a minor is."""

    person_id: UUID | None
    obstacle: Obstacle | None
    already: MemberView | None
    guardian_id: UUID | None


def check_wish(view: HouseholdView, *, relation: str, birth_date: BirthDate, now: datetime) -> None:
    """Refuse what the words alone forbid, before anybody is looked up.

    Raises ValueError for an unknown relation, StateConflict for a second head, NotAllowed for a
    head who is a minor.
    """
    if relation not in RELATION.by_value:
        raise ValueError(f"{relation!r} is no relation")
    if relation != "head":
        return
    if view.head is not None:
        raise StateConflict(HEAD_IS_CHOSEN)
    if birth_date.age_on(today_in_morocco(now)) < ADULT_AGE:
        raise NotAllowed(HEAD_IS_ADULT)


def ask_for_look_up(session: Session, *, household_id: UUID, now: datetime) -> None:
    """Count one look-up of a household. Raises TooManyAttempts, also after too many refusals."""
    # A refusal is counted once it is one; here it is only asked whether there is room for another.
    wait = wait_for(session, limit="member_refusals", value=str(household_id), now=now)
    wait = wait or count_attempt(session, limit="member_lookups", value=str(household_id), now=now)
    if wait is not None:
        raise TooManyAttempts(wait)


def count_refusal(session: Session, *, household_id: UUID, now: datetime) -> int | None:
    """Count one person not added, or asked for a code. None, or the seconds until another may be."""
    return count_attempt(session, limit="member_refusals", value=str(household_id), now=now)


def look_up(session: Session, *, view: HouseholdView, idcs: str, birth_date: BirthDate, now: datetime) -> Candidate:
    """Ask everything about whom these data name; the same statements whatever the answers.

    Raises Unavailable while the register is closed.
    """
    answer = verify_identity(session, idcs=idcs, birth_date=birth_date, now=now).answer
    if answer is Answer.NOT_AVAILABLE:
        raise Unavailable(REGISTER_IS_CLOSED)
    person_id = find_person_id(session, idcs=idcs)
    # Nobody is looked up as thoroughly as somebody.
    probe = person_id or uuid4()
    guardians = guardians_of(session, person_id=probe)
    elsewhere = is_held_elsewhere(session, person_id=probe, household_id=view.id)
    if answer is Answer.NO:
        return Candidate(person_id, Obstacle.NOT_CONFIRMED, None, None)
    is_minor = birth_date.age_on(today_in_morocco(now)) < ADULT_AGE
    guardian_id = next((one for one in guardians if is_minor and view.member_of(one)), None)
    obstacle = Obstacle.ELSEWHERE if elsewhere else Obstacle.NO_GUARDIAN if is_minor and guardian_id is None else None
    return Candidate(person_id, obstacle, view.member_of(probe), guardian_id)


def is_held_elsewhere(session: Session, *, person_id: UUID, household_id: UUID) -> bool:
    """Whether a submitted declaration counts this person in another household."""
    held = sa.exists().where(Member.person_id == person_id, Member.held, Member.household_id != household_id)
    return bool(session.scalar(sa.select(held)))


def admit(
    session: Session,
    *,
    actor: Actor,
    view: HouseholdView,
    person_id: UUID,
    relation: str,
    guardian_id: UUID | None,
    now: datetime,
) -> MemberView:
    """Give the person the next place in a household that this transaction holds."""
    last = session.scalar(sa.select(sa.func.max(Member.position)).where(Member.household_id == view.id))
    member = Member(
        household_id=view.id,
        person_id=person_id,
        position=(last or 0) + 1,
        relation=relation,
        guardian_id=guardian_id,
        added_at=now,
    )
    session.add(member)
    session.flush()
    journal.record(
        session,
        actor=actor,
        action="household.member_added",
        now=now,
        household_id=view.id,
        person_id=person_id,
        relation=relation,
        position=member.position,
    )
    grown = find_household(session, household_id=view.id, now=now)
    admitted = grown.member(member.id) if grown else None
    assert admitted is not None
    return admitted


def record_wish(
    session: Session,
    *,
    actor: Actor,
    household_id: UUID,
    person_id: UUID | None,
    what: str,
    reference_id: UUID,
    reason: str | None = None,
    now: datetime,
) -> None:
    """Journal that somebody was looked up: to the household without a name, to the person with why."""
    reference = str(reference_id)
    action = f"household.{what}"
    journal.record(session, actor=actor, action=action, now=now, household_id=household_id, reference=reference)
    journal.record(
        session, actor=actor, action=f"person.{what}", now=now, person_id=person_id, reference=reference, reason=reason
    )
    session.flush()
