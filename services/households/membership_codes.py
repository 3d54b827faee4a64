"""Becoming a member by one's own code, or by a guardian's: the only way to learn why one was not added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.accounts.codes import BegunCode, CodeOutcome, CodeResult, Purpose, begin_code, check_code
from services.errors import NotFound, TooManyAttempts, Unavailable
from services.households.admission import (
    REGISTER_IS_CLOSED,
    admit,
    check_wish,
    count_refusal,
    is_held_elsewhere,
    record_wish,
)
from services.households.household_view import ADULT_AGE, HouseholdView, today_in_morocco
from services.households.models import MembershipClaim
from services.households.rights import hold_open_household
from services.journal import Actor
from services.messages import N_, Words
from services.population.birth_dates import BirthDate, parse_birth_date
from services.population.register import (
    PersonFacts,
    facts_about,
    find_person_id,
    guardians_of,
    is_available,
    mobile_of,
)

PURPOSE: Purpose = "join"
# The mother and the father: as many telephones are looked for whoever is asked about.
PHONES_LOOKED_FOR = 2

ADDED = N_("This person is now a member of your household.")
ALREADY_HERE = N_("This person is already a member of your household.")
DECEASED = N_("The population register says that this person has died. If that is wrong, any counter can correct it.")
OTHER_BIRTH_DATE = N_("The birth date you wrote is not the one in the population register. Write it again.")
ELSEWHERE = N_("This person is a member of another household and must leave it first. Any counter can help.")


@dataclass(frozen=True)
class Confirmed:
    """The code was right: ``reason`` says what came of it."""

    reason: Words
    added: bool


def begin_membership_code(
    session: Session,
    *,
    actor: Actor,
    household_id: UUID,
    idcs: str,
    birth_date: BirthDate,
    relation: str,
    address: str,
    locale: str,
    now: datetime,
) -> BegunCode:
    """Send a code to the phone on file of whoever bears this IDCS; for a minor, to a guardian's.

    Says and does the same when nobody bears it. Raises NotFound, StateConflict, NotAllowed as
    ``add_member`` does, and TooManyAttempts.
    """
    view = hold_open_household(session, actor=actor, household_id=household_id, now=now)
    check_wish(view, relation=relation, birth_date=birth_date, now=now)
    if (wait := count_refusal(session, household_id=household_id, now=now)) is not None:
        raise TooManyAttempts(wait)
    person_id = find_person_id(session, idcs=idcs)
    begun = begin_code(
        session,
        purpose=PURPOSE,
        identity=f"{idcs} {birth_date.iso}",
        person_id=_whom_to_ask(session, person_id, now),
        subject_id=household_id,
        address=address,
        locale=locale,
        now=now,
    )
    claim = {"household_id": household_id, "person_id": person_id, "relation": relation, "made_at": now}
    session.add(MembershipClaim(id=begun.attempt_id, birth_date=birth_date.iso, **claim))
    record_wish(
        session,
        actor=actor,
        household_id=household_id,
        person_id=person_id,
        what="code_asked",
        reference_id=begun.attempt_id,
        now=now,
    )
    return begun


def confirm_membership(
    session: Session, *, actor: Actor, attempt_id: UUID, code: str, now: datetime
) -> Confirmed | CodeResult:
    """Check the code; when it is right, add the person or say why not.

    A CodeResult is a code that is wrong or over. Raises NotFound for an attempt of another
    household, StateConflict, and Unavailable while the register is closed: the code stays good.
    """
    claim = session.get(MembershipClaim, attempt_id)
    if claim is None:
        raise NotFound("attempt")
    view = hold_open_household(session, actor=actor, household_id=claim.household_id, now=now)
    if not is_available(session, now=now):
        raise Unavailable(REGISTER_IS_CLOSED)
    result = check_code(session, attempt_id=attempt_id, purpose=PURPOSE, code=code, now=now)
    if result.outcome is not CodeOutcome.RIGHT or claim.person_id is None:
        return result
    facts = facts_about(session, person_ids=[claim.person_id])[claim.person_id]
    reason = _reason_against(session, view, facts, claim)
    if reason is not None:
        return Confirmed(Words(reason), added=False)
    check_wish(view, relation=claim.relation, birth_date=facts.birth_date, now=now)
    admit(
        session,
        actor=actor,
        view=view,
        person_id=claim.person_id,
        relation=claim.relation,
        guardian_id=None,
        now=now,
    )
    return Confirmed(Words(ADDED), added=True)


def _reason_against(session: Session, view: HouseholdView, facts: PersonFacts, claim: MembershipClaim) -> str | None:
    if view.member_of(facts.person_id):
        return ALREADY_HERE
    if not facts.alive:
        return DECEASED
    if facts.birth_date != parse_birth_date(claim.birth_date):
        return OTHER_BIRTH_DATE
    return ELSEWHERE if is_held_elsewhere(session, person_id=facts.person_id, household_id=view.id) else None


def _whom_to_ask(session: Session, person_id: UUID | None, now: datetime) -> UUID | None:
    probe = person_id or uuid4()
    guardians = guardians_of(session, person_id=probe)
    facts = facts_about(session, person_ids=[probe, *guardians])
    person = facts.get(probe)
    is_minor = person is not None and person.birth_date.age_on(today_in_morocco(now)) < ADULT_AGE
    asked = [one for one in guardians if facts[one].alive] if is_minor else [probe] if person else []
    return _with_a_phone(session, asked)


def _with_a_phone(session: Session, asked: Iterable[UUID]) -> UUID | None:
    chosen = [*asked, *(uuid4() for _ in range(PHONES_LOOKED_FOR))][:PHONES_LOOKED_FOR]
    return next((one for one, mobile in [(one, mobile_of(session, person_id=one)) for one in chosen] if mobile), None)
