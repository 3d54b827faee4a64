"""Rows to seal: many people quickly, and one row at least in every sealed column there is."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.agents.enrolling import (
    choose_password,
    confirm_enrolment,
    find_enrolment,
    open_enrolment,
)
from services.accounts.agents.second_factor import code_at
from services.accounts.agents.staff import add_agent
from services.accounts.rescue import rescue_post
from services.journal import operator
from services.population.models import Person
from services.requests.models import Application, Request
from services.signing import ensure_signing_key
from tests.services.requests.families import answered_family, send


def add_people(session: Session, count: int) -> None:
    session.add_all(
        Person(
            idcs_index=uuid4().bytes,
            idcs=f"{number}",
            name_arabic=f"اسم {number}",
            name_latin=f"name {number}",
            sex="F",
            birth_year=1984,
            birth_month=None,
            birth_day=None,
            nationality="MA",
        )
        for number in range(count)
    )


def fill_every_sealed_column(session: Session, now: datetime) -> None:
    """Have a family do all that seals something. Whoever adds a sealed column adds here what fills it."""
    family = answered_family(session, now)
    reference = send(session, family, now).reference
    ask_for_an_account(session, reference, family.mother.id)
    rescue_post(session, person_id=family.mother.id, path="/fr/form/home", fields={"rooms": ["2"]}, now=now)
    ensure_signing_key(session, now=now)
    for name, confirms in (("at.the.telephone", False), ("has.enrolled", True)):
        enrol(session, name, confirms, now)


def ask_for_an_account(session: Session, reference: str, payee: UUID) -> None:
    """Have an application stand for this request, to be paid to an account."""
    request = session.scalars(sa.select(Request).where(Request.reference == reference)).one()
    asked = {"programme": "asd", "channel": "bank", "payee_person_id": payee, "payee_role": "guardian"}
    session.add(
        Application(id=request.id, household_id=request.household_id, account="0" * 24, said={}, reasons=[], **asked)
    )
    session.flush()


def enrol(session: Session, name: str, confirms: bool, now: datetime) -> None:
    """Somebody of the staff chooses a password, and ties his telephone to it if he ``confirms``."""
    given = add_agent(session, actor=operator(None), name=name, full_name=name, roles=("operator",), now=now)
    enrolment_id = open_enrolment(session, name=name, code=given.code, address="192.0.2.7", now=now)
    assert enrolment_id is not None
    choose_password(session, enrolment_id=enrolment_id, password_hash="its digest", now=now)
    view = find_enrolment(session, enrolment_id=enrolment_id, now=now)
    assert view is not None
    assert view.secret is not None
    if confirms:
        assert confirm_enrolment(session, enrolment_id=enrolment_id, code=code_at(view.secret, now), now=now)


def names_of(session: Session) -> set[tuple[str | None, str | None, str | None]]:
    """Every person as he is read; what does not open raises."""
    return {(row.idcs, row.name_arabic, row.name_latin) for row in session.scalars(sa.select(Person))}
