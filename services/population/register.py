"""What the population register answers: yes, no or not now; and after a yes, a display name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.crypto import blind_index
from services.errors import Unavailable
from services.journal import Actor
from services.population.birth_dates import BirthDate
from services.population.identifiers import mask_idcs
from services.population.models import Guardianship, Person, RegisterClosure
from services.population.patience import asking


class Answer(StrEnum):
    """The register's answer about declared data."""

    YES = "yes"
    NO = "no"
    NOT_AVAILABLE = "not_available"


@dataclass(frozen=True)
class DisplayName:
    """A person's name in both scripts."""

    arabic: str
    latin: str


@dataclass(frozen=True)
class Verification:
    """An answer; ``person_id`` and ``name`` are released by a yes only."""

    answer: Answer
    person_id: UUID | None = None
    name: DisplayName | None = None


@dataclass(frozen=True)
class PersonFacts:
    """What a household shows of a person whose membership the register confirmed."""

    person_id: UUID
    name: DisplayName
    sex: str
    birth_date: BirthDate
    nationality: str
    alive: bool


@dataclass(frozen=True)
class PersonCard:
    """How a paper names a person: his name, and so much of his IDCS that he knows it is his."""

    name: DisplayName
    masked_idcs: str


def verify_identity(
    session: Session, *, idcs: str, birth_date: BirthDate, sex: str | None = None, now: datetime
) -> Verification:
    """Do these data belong to one living person of the register?

    Unknown, dead, another date or sex: all of them NO, by the same one statement and one
    comparison, so that the time taken tells nothing. ``sex`` (F or M) counts where given. A date
    of which the register knows a part matches that part exactly, no more and no less.
    """
    answer, row = _compare(session, Person.idcs_index == blind_index("idcs", idcs), birth_date, sex, now)
    if answer is not Answer.YES:
        return Verification(answer)
    return Verification(answer, row.id, _display_name(row))


def verify_person(session: Session, *, person_id: UUID, birth_date: BirthDate, sex: str, now: datetime) -> Answer:
    """The same question about a person already found, asked again when a request is verified."""
    return _compare(session, Person.id == person_id, birth_date, sex, now)[0]


def facts_about(session: Session, *, person_ids: Iterable[UUID]) -> dict[UUID, PersonFacts]:
    """The facts of each person that exists among ``person_ids``, in one statement."""
    rows = session.execute(
        sa.select(
            Person.id,
            Person.name_arabic_sealed,
            Person.name_latin_sealed,
            Person.sex,
            Person.birth_year,
            Person.birth_month,
            Person.birth_day,
            Person.nationality,
            Person.alive,
        ).where(Person.id.in_(set(person_ids)))
    )
    return {
        row.id: PersonFacts(
            row.id,
            _display_name(row),
            row.sex,
            BirthDate(row.birth_year, row.birth_month, row.birth_day),
            row.nationality,
            row.alive,
        )
        for row in rows
    }


def cards_of(session: Session, *, person_ids: Iterable[UUID]) -> dict[UUID, PersonCard]:
    """How a paper names each person that exists among ``person_ids``, in one statement."""
    rows = session.execute(
        sa.select(Person.id, Person.name_arabic_sealed, Person.name_latin_sealed, Person.idcs_sealed).where(
            Person.id.in_(set(person_ids))
        )
    )
    return {
        row.id: PersonCard(_display_name(row), mask_idcs(Person.idcs.open(row.id, row.idcs_sealed) or ""))
        for row in rows
    }


def idcs_of(session: Session, *, person_id: UUID) -> str | None:
    """A person's IDCS, to be shown to himself alone."""
    sealed = session.scalar(sa.select(Person.idcs_sealed).where(Person.id == person_id))
    return None if sealed is None else Person.idcs.open(person_id, sealed)


def mobile_of(session: Session, *, person_id: UUID) -> str | None:
    """The mobile on file (E.164), for sending to it; never for showing it whole."""
    sealed = session.scalar(sa.select(Person.mobile_sealed).where(Person.id == person_id))
    return Person.mobile.open(person_id, sealed)


def find_person_id(session: Session, *, idcs: str) -> UUID | None:
    """Who bears this IDCS, dead or alive, also while the register is closed.

    For counters and for sending codes: what a page says must not depend on it.
    """
    return session.scalar(sa.select(Person.id).where(Person.idcs_index == blind_index("idcs", idcs)))


def guardians_of(session: Session, *, person_id: UUID) -> tuple[UUID, ...]:
    """Who answers for this person; empty for most adults."""
    chosen = sa.select(Guardianship.guardian_id).where(Guardianship.ward_id == person_id)
    return tuple(session.scalars(chosen.order_by(Guardianship.guardian_id)))


def close_register(session: Session, *, actor: Actor, until: datetime, now: datetime) -> None:
    """Have every verification answer *not available* from ``now`` until ``until``.

    Raises ValueError when ``until`` is not ahead.
    """
    if until <= now:
        raise ValueError("a register closes until a moment that lies ahead")
    session.add(RegisterClosure(since=now, until=until))
    journal.record(session, actor=actor, action="population.register_closed", now=now, until=until.isoformat())
    session.flush()


def open_register(session: Session, *, actor: Actor, now: datetime) -> None:
    """End every closure at ``now``; an open register stays as it is."""
    ahead = sa.update(RegisterClosure).where(RegisterClosure.until > now).values(until=now)
    if session.execute(ahead.returning(RegisterClosure.id)).all():
        journal.record(session, actor=actor, action="population.register_opened", now=now)
    session.flush()


def is_available(session: Session, *, now: datetime) -> bool:
    """True while the register answers."""
    try:
        with asking(session) as register:
            return not register.scalar(sa.select(_closed_at(now)))
    except Unavailable:
        return False


def silent_since(session: Session, *, now: datetime) -> datetime | None:
    """Since when the register has been answering nobody; None while it answers."""
    return session.scalar(sa.select(sa.func.min(RegisterClosure.since)).where(_covers(now)))


def _covers(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(RegisterClosure.since <= now, now < RegisterClosure.until)


def _closed_at(now: datetime) -> sa.Exists:
    return sa.exists().where(_covers(now))


def _compare(
    session: Session, who: sa.ColumnElement[bool], birth_date: BirthDate, sex: str | None, now: datetime
) -> tuple[Answer, Any]:
    one = sa.select(sa.literal(1).label("one")).subquery()
    question = sa.select(
        _closed_at(now).label("closed"),
        Person.id,
        Person.name_arabic_sealed,
        Person.name_latin_sealed,
        Person.sex,
        Person.birth_year,
        Person.birth_month,
        Person.birth_day,
        Person.alive,
    ).select_from(one.outerjoin(Person, who))
    try:
        with asking(session) as register:
            row = register.execute(question).one()
    except Unavailable:
        return Answer.NOT_AVAILABLE, None
    declared = (True, birth_date.year, birth_date.month, birth_date.day, row.sex if sex is None else sex)
    registered = (row.alive, row.birth_year, row.birth_month, row.birth_day, row.sex)
    if row.closed:
        return Answer.NOT_AVAILABLE, None
    return (Answer.YES, row) if declared == registered else (Answer.NO, None)


def _display_name(row: Any) -> DisplayName:
    arabic = Person.name_arabic.open(row.id, row.name_arabic_sealed)
    latin = Person.name_latin.open(row.id, row.name_latin_sealed)
    assert arabic is not None
    assert latin is not None
    return DisplayName(arabic, latin)
