"""Sending an application: ten clicks, a retry or a step back make one request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services import journal
from services.errors import StateConflict
from services.households.rights import hold_household
from services.journal import Actor
from services.messages import N_
from services.population.identifiers import InvalidIdentifier
from services.programmes.payees import Payee
from services.requests.applications.asking import NO_SCORE, Offer, offer_for
from services.requests.deadlines import day_in_morocco
from services.requests.kinds import APPLICATION
from services.requests.lifecycle import begin_life
from services.requests.models import Application, Request
from services.requests.news import tell_family
from services.requests.references import new_reference
from services.requests.submission import Submitted, key_of, reference_of
from services.requests.verification import queue_verification
from services.scoring.records import score_in_effect

CHANGED_MEANWHILE = N_("Your household has changed meanwhile. Open the page of the programme again and choose anew.")


@dataclass(frozen=True)
class Wish:
    """What a family asks: who is paid, through which channel to which account, and what it says
    of the conditions that only it knows, by their keys."""

    payee_id: UUID
    channel: str
    account: str | None = field(repr=False)
    said: Mapping[str, bool]


def apply_for(
    session: Session,
    *,
    actor: Actor,
    household_id: UUID,
    programme: str,
    wish: Wish,
    submission_key: str,
    now: datetime,
) -> Submitted:
    """Make the request, or find the one that stands: sent with this key, open, or granted.

    For the declarant and the head. Raises NotFound for anybody else and for an unknown programme,
    StateConflict where nobody can apply now or the wish is not one that the page offers.
    """
    view = hold_household(session, actor=actor, household_id=household_id, now=now)
    key = key_of(household_id, submission_key)
    offer = offer_for(session, household=view, programme=programme, now=now)
    known = reference_of(session, Request.submission_key == key) or offer.standing
    if known is not None:
        return Submitted(known, created=False)
    if offer.obstacle is not None:
        raise StateConflict(offer.obstacle)
    stored = score_in_effect(session, household_id=household_id, on=day_in_morocco(now))
    if stored is None:
        raise StateConflict(NO_SCORE)
    payee, account = _payee(offer, wish), _account(offer, wish)
    request = _make_request(session, actor, household_id, stored.declaration_id, programme, key, now)
    _keep_wish(session, request, offer, wish, payee, account)
    queue_verification(session, request=request)
    tell_family(session, request=request, kind="submission", now=now)
    journal.record(
        session,
        actor=actor,
        action="application.submitted",
        now=now,
        household_id=household_id,
        programme=programme,
    )
    session.flush()
    return Submitted(request.reference, created=True)


def _make_request(
    session: Session, actor: Actor, household_id: UUID, declaration_id: UUID, programme: str, key: str, now: datetime
) -> Request:
    person_id = actor.person_id
    assert person_id is not None
    request = Request(
        reference=new_reference(),
        submission_key=key,
        kind=APPLICATION,
        household_id=household_id,
        declaration_id=declaration_id,
        submitted_by=person_id,
        submitted_at=now,
        aids=[programme],
        tries=0,
    )
    begin_life(session, request=request, actor=actor, now=now)
    return request


def _keep_wish(session: Session, request: Request, offer: Offer, wish: Wish, payee: Payee, account: str | None) -> None:
    asked = Application(
        id=request.id,
        household_id=request.household_id,
        programme=offer.programme.key,
        payee_person_id=payee.person_id,
        payee_role=payee.role,
        channel=wish.channel,
        said={question.condition: wish.said[question.condition] for question in offer.questions},
    )
    asked.account = account
    session.add(asked)


def _payee(offer: Offer, wish: Wish) -> Payee:
    found = next((payee for payee in offer.payees if payee.person_id == wish.payee_id), None)
    if found is None or any(question.condition not in wish.said for question in offer.questions):
        raise StateConflict(CHANGED_MEANWHILE)
    return found


def _account(offer: Offer, wish: Wish) -> str | None:
    channel = next((one for one in offer.channels if one.key == wish.channel), None)
    if channel is None:
        raise StateConflict(CHANGED_MEANWHILE)
    if channel.account is None:
        return None
    try:
        return channel.account.read(wish.account or "")
    except InvalidIdentifier as fault:
        raise StateConflict(fault.reason) from None
