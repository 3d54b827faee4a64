"""What the worker does for each kind of request: whom the register is asked about, and what decides it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.households.declaring import activate_household, release_household
from services.households.models import Declaration
from services.journal import Actor, system_actor
from services.population.birth_dates import BirthDate, parse_birth_date
from services.population.register import facts_about
from services.requests.applications.deciding import decide_application, let_application_go
from services.requests.kinds import APPLICATION, REGISTRATION
from services.requests.models import Application, Request
from services.scoring.formula import NoModel
from services.scoring.records import record_score

Asked = tuple[UUID, BirthDate, str]
Parameters = Mapping[str, str | int]


@dataclass(frozen=True)
class Work:
    """The work for one kind.

    ``persons``: about whom the register is asked, each with his birth date and sex; ``a_no_calls``:
    whether a no of the register calls the family, or is one more reason to decide by. ``decide``
    gives the parameters of the step, or None where it has to wait; ``let_go`` ends what is not
    decided.
    """

    persons: Callable[[Session, Request], Iterable[Asked]]
    a_no_calls: bool
    decide: Callable[[Session, Request, datetime], Parameters | None]
    let_go: Callable[[Session, Request, Actor, datetime], None]


def document_of(session: Session, request: Request) -> Mapping[str, Any]:
    """The declaration behind a request."""
    return session.get_one(Declaration, request.declaration_id).document


def _declared(session: Session, request: Request) -> Iterable[Asked]:
    for member in document_of(session, request)["members"]:
        yield UUID(member["person"]), parse_birth_date(member["birth_date"]), member["sex"]


def _payee(session: Session, request: Request) -> Iterable[Asked]:
    person_id = session.get_one(Application, request.id).payee_person_id
    for facts in facts_about(session, person_ids=[person_id]).values():
        yield person_id, facts.birth_date, facts.sex


def _register(session: Session, request: Request, now: datetime) -> Parameters | None:
    document = document_of(session, request)
    try:
        record_score(
            session,
            household_id=request.household_id,
            declaration_id=request.declaration_id,
            document=document,
            cause="first",
            now=now,
        )
    except NoModel:
        return None
    activate_household(session, actor=system_actor(), household_id=request.household_id, now=now)
    return {}


def _release(session: Session, request: Request, actor: Actor, now: datetime) -> None:
    release_household(session, actor=actor, household_id=request.household_id, now=now)


WORK: Mapping[str, Work] = {
    REGISTRATION: Work(_declared, True, _register, _release),
    APPLICATION: Work(_payee, False, decide_application, let_application_go),
}
