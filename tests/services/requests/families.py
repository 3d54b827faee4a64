"""Families that have answered everything, what they send, and what waits for the worker."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.sessions import store_language
from services.journal import citizen
from services.population.models import Person
from services.requests.models import Request, Transition
from services.requests.submission import Submitted, submit_request
from services.requests.verification import Outcome, verify_request
from tests.services.households.families import Someone, answer_everything, begin_family, enrol, see

MOBILE = "+212600000101"


@dataclass(frozen=True)
class Family:
    """A household and its mother, who declares."""

    household_id: UUID
    mother: Someone
    children: tuple[UUID, ...]


def answered_family(session: Session, now: datetime, *, children: int = 2, locale: str = "fr") -> Family:
    """A family with its form filled in, ready to be sent."""
    view, mother = begin_family(session, now, children=children)
    answer_everything(session, mother, now)
    session.get_one(Person, mother.id).mobile = MOBILE
    store_language(session, person_id=mother.id, locale=locale, now=now)
    session.flush()
    return Family(view.id, mother, tuple(member.person_id for member in view.members if member.relation == "child"))


def send(session: Session, family: Family, now: datetime, key: str = "the page's key") -> Submitted:
    return submit_request(
        session, actor=citizen(family.mother.id), household_id=family.household_id, submission_key=key, now=now
    )


def sent_request(session: Session, now: datetime, **others: Any) -> tuple[Request, Family]:
    family = answered_family(session, now, **others)
    reference = send(session, family, now).reference
    return session.scalars(sa.select(Request).where(Request.reference == reference)).one(), family


def check(session: Session, request: Request, now: datetime, attempt: int = 1) -> Outcome:
    return verify_request(session, request_id=request.id, attempt=attempt, now=now)


def die(session: Session, person_id: UUID) -> None:
    session.get_one(Person, person_id).alive = False
    session.flush()


def revive(session: Session, person_id: UUID) -> None:
    session.get_one(Person, person_id).alive = True
    session.flush()


def log_of(session: Session, request: Request) -> list[str]:
    chosen = sa.select(Transition.event).where(Transition.request_id == request.id)
    return list(session.scalars(chosen.order_by(Transition.number)))


def queued(session: Session) -> dict[str, int]:
    """The keys of the jobs that wait for a worker, with their delay in seconds."""
    schema = "dbos." if session.get_bind().dialect.name == "postgresql" else ""
    rows = session.execute(
        sa.text(f"SELECT workflow_uuid, created_at, delay_until_epoch_ms FROM {schema}workflow_status")
    )
    return {key: round(((until or made) - made) / 1000) for key, made, until in rows}


__all__ = ["answered_family", "check", "die", "enrol", "log_of", "queued", "revive", "see", "send", "sent_request"]
