"""What the page of an application asks of one household: payees, channels, and what only it can say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.households.household_view import HouseholdView
from services.messages import N_
from services.programmes.catalogue import Programme, programme_named
from services.programmes.eligibility import Condition, Eligibility, Outcome, eligibility_of, situation_of
from services.programmes.payees import Payee, has_children, payees_of
from services.programmes.payments import CHANNELS, Channel, payment_on
from services.requests.applications.answer import GRANTED
from services.requests.deadlines import day_in_morocco
from services.requests.models import Application, Request

NOT_OPEN_NOW = N_("Nobody can apply for this programme now.")
NOT_ACTIVE = N_(
    "You can apply once your household is registered and verified. Send your form first, or wait for our answer."
)
NO_SCORE = N_("You can apply once you have a score that counts. Wait for our answer.")
NOBODY_TO_PAY = N_(
    "Nobody in your household can be paid: an adult is needed. Any counter can help you, free of charge."
)
PAYMENT_WORDS = {
    "children": N_("Who receives the money?"),
    "lump_sum": N_("Who receives the money?"),
    "care": N_("To whom is what you spend on care paid back?"),
}


@dataclass(frozen=True)
class FamilyQuestion:
    """What only the family can say of one condition. A no meets it."""

    condition: str
    words: str
    hint: str
    missing: str


QUESTIONS: Mapping[str, FamilyQuestion] = {
    question.condition: question
    for question in (
        FamilyQuestion(
            "no_other_family_allowance",
            N_("Does somebody in your household receive another family allowance?"),
            N_("For example through an employer, the CNSS or the State"),
            N_("Another family allowance: choose yes or no"),
        ),
        FamilyQuestion(
            "no_other_health_cover",
            N_("Do you have another health cover?"),
            N_("For example AMO through an employer, or a private insurance"),
            N_("Another health cover: choose yes or no"),
        ),
    )
}


@dataclass(frozen=True)
class Offer:
    """What can be asked for, and how. ``obstacle`` says why nobody can apply now, as a sentence.

    ``standing`` is the reference of an application that is open or was granted: it is the one.
    """

    programme: Programme
    payment_words: str
    payees: tuple[Payee, ...]
    channels: tuple[Channel, ...]
    questions: tuple[FamilyQuestion, ...]
    eligibility: Eligibility
    obstacle: str | None
    standing: str | None

    @property
    def not_met(self) -> tuple[Condition, ...]:
        """The conditions that are not met as things stand."""
        return tuple(one for one in self.eligibility.conditions if one.outcome is Outcome.NOT_MET)


def offer_for(session: Session, *, household: HouseholdView, programme: str, now: datetime) -> Offer:
    """The offer to a household on this day; two statements where nobody's guardian lives elsewhere.

    Says nothing of who may take it. Raises NotFound for an unknown programme.
    """
    try:
        found = programme_named(programme)
    except LookupError:
        raise NotFound("programme") from None
    day = day_in_morocco(now)
    situation = situation_of(session, household=household, on=day)
    eligibility = eligibility_of(programme, situation)
    unknown = {one.key for one in eligibility.conditions if one.outcome is Outcome.UNKNOWN}
    questions = tuple(question for key, question in QUESTIONS.items() if key in unknown)
    try:
        payment = payment_on(programme, day, has_children=has_children(household))
    except LookupError:
        return Offer(found, "", (), (), questions, eligibility, NOT_OPEN_NOW, None)
    obstacle = None if found.holds_on(day) else NOT_OPEN_NOW
    if obstacle is None and household.state != "active":
        obstacle = NOT_ACTIVE
    if obstacle is None and situation.total_nano is None:
        obstacle = NO_SCORE
    payees = payees_of(session, household, roles=payment.payees)
    return Offer(
        found,
        PAYMENT_WORDS[payment.basis],
        payees,
        tuple(CHANNELS[key] for key in payment.channels),
        questions,
        eligibility,
        obstacle or (None if payees else NOBODY_TO_PAY),
        _standing(session, household, programme),
    )


def _standing(session: Session, household: HouseholdView, programme: str) -> str | None:
    stands = sa.or_(Application.is_open, Application.outcome == GRANTED)
    chosen = (
        sa.select(Request.reference)
        .join(Application, Application.id == Request.id)
        .where(Application.household_id == household.id, Application.programme == programme, stands)
        .order_by(Request.submitted_at.desc())
        .limit(1)
    )
    return session.scalar(chosen)
