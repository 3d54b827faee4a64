"""The register's tables, read and written a batch at a time: four statements, whatever its size."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.crypto import blind_index
from services.population.birth_dates import BirthDate
from services.population.models import Guardianship, Person
from services.population.people_file import Record

COLUMNS_READ = (
    Person.id,
    Person.idcs_index,
    Person.name_arabic_sealed,
    Person.name_latin_sealed,
    Person.sex,
    Person.birth_year,
    Person.birth_month,
    Person.birth_day,
    Person.nationality,
    Person.alive,
    Person.mobile_sealed,
)


class Facts(NamedTuple):
    """All that the register holds of a person besides his IDCS; equal facts need no writing."""

    name_arabic: str | None
    name_latin: str | None
    sex: str
    birth_date: BirthDate
    nationality: str
    alive: bool
    mobile: str | None
    guardians: frozenset[UUID]


class RegisterBatch:
    """What the register holds of some people, by IDCS, and what is to be written about them."""

    def __init__(self, session: Session, records: Iterable[Record]) -> None:
        self._session = session
        self._new: list[dict[str, Any]] = []
        self._changed: list[dict[str, Any]] = []
        self._guardians: dict[UUID, frozenset[UUID]] = {}
        self._read({record.idcs for record in records}, {idcs for record in records for idcs in record.guardians})

    def find(self, idcs: Iterable[str]) -> frozenset[UUID] | None:
        """The ids of these people; None unless every one of them is there."""
        ids = [self._ids.get(one) for one in idcs]
        return None if None in ids else frozenset(id_ for id_ in ids if id_)

    def facts_of(self, idcs: str) -> Facts | None:
        """What the register holds of this person, what was put counted."""
        return self._facts.get(idcs)

    def put(self, idcs: str, facts: Facts) -> None:
        """Add this person to the register, or change what it holds of him."""
        is_new = idcs not in self._ids
        person_id = self._ids.setdefault(idcs, uuid4())
        previous = self._facts.get(idcs)
        if (previous.guardians if previous else frozenset()) != facts.guardians:
            self._guardians[person_id] = facts.guardians
        self._facts[idcs] = facts
        row = {"idcs_index": self._indexes[idcs]} | _row_of(person_id, idcs, facts)
        (self._new if is_new else self._changed).append(row)

    def write(self) -> None:
        """Write all that was put, in the caller's transaction."""
        if self._new:
            self._session.execute(sa.insert(Person), self._new)
        if self._changed:
            self._session.execute(sa.update(Person), self._changed)
        if self._guardians:
            self._session.execute(sa.delete(Guardianship).where(Guardianship.ward_id.in_(self._guardians)))
        links = [{"ward_id": ward, "guardian_id": id_} for ward, ids in self._guardians.items() for id_ in ids]
        if links:
            self._session.execute(sa.insert(Guardianship), links)

    def _read(self, people: set[str], guardians: set[str]) -> None:
        self._indexes = {idcs: blind_index("idcs", idcs) for idcs in people | guardians}
        by_index = {index: idcs for idcs, index in self._indexes.items()}
        rows = self._session.execute(sa.select(*COLUMNS_READ).where(Person.idcs_index.in_(by_index))).all()
        self._ids = {by_index[row.idcs_index]: row.id for row in rows}
        links: dict[UUID, set[UUID]] = {row.id: set() for row in rows if by_index[row.idcs_index] in people}
        if links:
            chosen = sa.select(Guardianship.ward_id, Guardianship.guardian_id).where(Guardianship.ward_id.in_(links))
            for ward_id, guardian_id in self._session.execute(chosen):
                links[ward_id].add(guardian_id)
        self._facts = {by_index[row.idcs_index]: _facts_in(row, links[row.id]) for row in rows if row.id in links}


def facts_in(record: Record, guardians: frozenset[UUID]) -> Facts:
    """The facts that a line of a file states, its guardians found."""
    return Facts(
        record.name_arabic,
        record.name_latin,
        record.sex,
        record.birth_date,
        record.nationality,
        record.alive,
        record.mobile,
        guardians,
    )


def _facts_in(row: Any, guardians: Iterable[UUID]) -> Facts:
    return Facts(
        Person.name_arabic.open(row.id, row.name_arabic_sealed),
        Person.name_latin.open(row.id, row.name_latin_sealed),
        row.sex,
        BirthDate(row.birth_year, row.birth_month, row.birth_day),
        row.nationality,
        row.alive,
        Person.mobile.open(row.id, row.mobile_sealed),
        frozenset(guardians),
    )


def _row_of(person_id: UUID, idcs: str, facts: Facts) -> dict[str, Any]:
    sealed = Person(
        id=person_id, idcs=idcs, name_arabic=facts.name_arabic, name_latin=facts.name_latin, mobile=facts.mobile
    )
    return {
        "id": person_id,
        "idcs_sealed": sealed.idcs_sealed,
        "name_arabic_sealed": sealed.name_arabic_sealed,
        "name_latin_sealed": sealed.name_latin_sealed,
        "mobile_sealed": sealed.mobile_sealed,
        "sex": facts.sex,
        "birth_year": facts.birth_date.year,
        "birth_month": facts.birth_date.month,
        "birth_day": facts.birth_date.day,
        "nationality": facts.nationality,
        "alive": facts.alive,
    }
