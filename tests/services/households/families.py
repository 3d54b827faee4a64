"""Synthetic people in the register, and households made of them."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.crypto import blind_index
from services.database import Database
from services.households.drafts import load_draft
from services.households.household_view import HouseholdView, household_of
from services.households.members import MemberAdded, add_member
from services.households.models import DraftPage
from services.households.registration import register_household
from services.journal import citizen
from services.population.birth_dates import BirthDate, parse_birth_date
from services.population.identifiers import issue_idcs
from services.population.models import Guardianship, Person
from tests.services.households.filled_forms import fill_form

_numbers = random.Random(7)


@dataclass(frozen=True)
class Someone:
    """A person of the register."""

    id: UUID
    idcs: str
    birth_date: BirthDate


def enrol(session: Session, born: str = "1984-05-02", *, guardians: tuple[Someone, ...] = (), **others: Any) -> Someone:
    """Put a person into the register; a woman with no mobile, if nothing else is said."""
    idcs, date = issue_idcs(_numbers), parse_birth_date(born)
    person = Person(
        idcs_index=blind_index("idcs", idcs),
        idcs=idcs,
        birth_year=date.year,
        birth_month=date.month,
        birth_day=date.day,
        **{"name_arabic": "فاطمة", "name_latin": "Fatima", "sex": "F", "nationality": "MA", **others},
    )
    session.add(person)
    session.flush()
    session.add_all(Guardianship(ward_id=person.id, guardian_id=guardian.id) for guardian in guardians)
    session.flush()
    return Someone(person.id, idcs, date)


def begin_household(session: Session, declarant: Someone, now: datetime, relation: str = "head") -> HouseholdView:
    register_household(
        session, actor=citizen(declarant.id), relation_of_declarant=relation, consent_version="1", now=now
    )
    return see(session, declarant, now)


def see(session: Session, who: Someone, now: datetime) -> HouseholdView:
    view = household_of(session, person_id=who.id, now=now)
    assert view is not None
    return view


def add(session: Session, declarant: Someone, who: Someone, relation: str, now: datetime, **others: Any) -> Any:
    wish: dict[str, Any] = {"idcs": who.idcs, "birth_date": who.birth_date, "relation": relation, **others}
    household_id = see(session, declarant, now).id
    return add_member(session, actor=citizen(declarant.id), household_id=household_id, now=now, **wish)


def begin_family(session: Session, now: datetime, children: int = 2) -> tuple[HouseholdView, Someone]:
    """A mother who declares, with children."""
    mother = enrol(session)
    begin_household(session, mother, now)
    for _ in range(children):
        child = enrol(session, "2015-03-01", guardians=(mother,))
        assert isinstance(add(session, mother, child, "child", now), MemberAdded)
    return see(session, mother, now), mother


def answer_everything(session: Session, declarant: Someone, now: datetime) -> UUID:
    """Every page of the open draft as it stands once saved, put there at once; returns its id."""
    view = see(session, declarant, now)
    assert view.draft_id is not None
    session.execute(sa.delete(DraftPage).where(DraftPage.draft_id == view.draft_id))
    for (page, position), values in fill_form(view.members).items():
        answers = {key: {"value": value, "version": 1} for key, value in values.items()}
        sealed = {key: answers.pop(key) for key in ("address", "commune") if key in answers}
        place = {"draft_id": view.draft_id, "page": page, "position": position}
        row = DraftPage(id=uuid4(), **place, version=1, answers=answers, saved_at=now)
        row.personal = json.dumps(sealed) if sealed else None
        session.add(row)
    session.flush()
    return view.draft_id


def values_of(session: Session, draft_id: UUID, page: str, now: datetime, position: int = 0) -> dict[str, Any]:
    draft = load_draft(session, draft_id=draft_id, now=now)
    assert draft is not None
    return dict(draft.values(page, position))


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Every statement that either engine runs meanwhile."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        seen.append(statement)

    engines = [database.write_engine]
    if database.read_engine.pool is not database.write_engine.pool:
        engines.append(database.read_engine)
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", note)
