"""Families whose registration was decided, and what they ask of a programme."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.journal import citizen
from services.requests.applications.sending import Wish, apply_for
from services.requests.models import Application, Request
from services.requests.submission import Submitted
from services.requests.verification import Outcome, decide_request
from services.scoring.models import Score
from tests.services.requests.families import Family, check, sent_request

RIB = "011519000001205000534921"
LOW, HIGH = 9_000_000_000, 10_000_000_000
SAID = {"no_other_family_allowance": True}


def registered_family(session: Session, now: datetime, *, score: int = LOW, **others: Any) -> Family:
    """A family whose household is active, with that score in nano-units."""
    request, family = sent_request(session, now, **others)
    check(session, request, now)
    decide_request(session, request_id=request.id, now=now)
    give_score(session, family, score)
    return family


def give_score(session: Session, family: Family, total_nano: int) -> None:
    """Have the family's score be that number, whatever it declared."""
    session.execute(sa.update(Score).where(Score.household_id == family.household_id).values(total_nano=total_nano))


def wish(family: Family, **others: Any) -> Wish:
    return Wish(**{"payee_id": family.mother.id, "channel": "bank_account", "account": RIB, "said": SAID, **others})


def apply(
    session: Session, family: Family, now: datetime, programme: str = "asd", key: str = "a page", **others: Any
) -> Submitted:
    return apply_for(
        session,
        actor=citizen(family.mother.id),
        household_id=family.household_id,
        programme=programme,
        wish=wish(family, **others),
        submission_key=key,
        now=now,
    )


def request_called(session: Session, reference: str) -> Request:
    return session.scalars(sa.select(Request).where(Request.reference == reference)).one()


def application_of(session: Session, request_id: UUID) -> Application:
    return session.get_one(Application, request_id, populate_existing=True)


def work_on(session: Session, reference: str, now: datetime) -> Outcome:
    """What the worker does with a request that was just sent."""
    request = request_called(session, reference)
    check(session, request, now, attempt=request.tries + 1)
    return decide_request(session, request_id=request.id, now=now)
