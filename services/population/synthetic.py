"""Invented people for a country to try with: their numbers, their names, their place in the register."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import gcd
from random import Random
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session
from stdnum import verhoeff

from services.bulk import add_rows
from services.crypto import blind_index
from services.population.birth_dates import BirthDate
from services.population.demo import demo_stories
from services.population.identifiers import InvalidIdentifier, issue_idcs, parse_idcs
from services.population.models import Guardianship, Person

FIRST_PREFIX, PREFIXES = 200_000_000, 800_000_000
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SyntheticPerson:
    """One invented person; ``serial`` tells all those of a country apart, ``guardians`` are ids."""

    id: UUID
    serial: int
    name: Name
    sex: str
    birth_date: BirthDate
    mobile: str | None
    guardians: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Names:
    """Given names by sex and family names, each in Arabic and in Latin script."""

    given: Mapping[str, Sequence[Name]]
    family: Sequence[Name]


@cache
def invented_names() -> Names:
    """The lists of ``names.toml``."""
    data = tomllib.loads(files("services.population").joinpath("names.toml").read_text(encoding="utf-8"))
    lists = {key: tuple((arabic, latin) for arabic, latin in data[key]) for key in ("F", "M", "family")}
    return Names({sex: lists[sex] for sex in ("F", "M")}, lists["family"])


class Numbers:
    """The IDCS of a country that one seed makes: another one for every serial number."""

    def __init__(self, seed: int) -> None:
        random = Random(f"numbers {seed}")  # noqa: S311 (invented numbers are no secret)
        self._seed = seed
        self._start = random.randrange(PREFIXES)
        self._step = random.randrange(1, PREFIXES)
        while gcd(self._step, PREFIXES) != 1:
            self._step += 1

    def issue(self, serial: int) -> str | None:
        """The number of this serial; None for the few that nobody may bear."""
        prefix = str(FIRST_PREFIX + (self._start + self._step * serial) % PREFIXES)
        idcs = prefix + str(verhoeff.calc_check_digit(prefix))
        try:
            return parse_idcs(idcs)
        except InvalidIdentifier:
            return None

    def issue_another(self, serial: int, taken: Collection[str]) -> str:
        """A number for this serial beside the one that somebody else bears."""
        random = Random(f"another {self._seed} {serial}")  # noqa: S311 (invented numbers are no secret)
        while (idcs := issue_idcs(random)) in taken:
            pass
        return idcs


def add_people(session: Session, people: Sequence[SyntheticPerson], *, seed: int) -> None:
    """Write invented people into the register, sealed as everybody is. None of them may be there."""
    indexes = _numbered(session, people, Numbers(seed))
    rows = [_row_of(person, *numbered) for person, numbered in zip(people, indexes, strict=True)]
    add_rows(session, Person, rows)
    links = [{"ward_id": one.id, "guardian_id": guardian} for one in people for guardian in one.guardians]
    add_rows(session, Guardianship, links)


def _numbered(session: Session, people: Sequence[SyntheticPerson], numbers: Numbers) -> list[tuple[str, bytes]]:
    """The number of each and its blind index, borne by nobody of the register and no other of them."""
    wanted = [numbers.issue(person.serial) for person in people]
    indexes = {idcs: blind_index("idcs", idcs) for idcs in wanted if idcs is not None}
    taken = _borne(session, indexes)
    found: list[tuple[str, bytes]] = []
    for person, idcs in zip(people, wanted, strict=True):
        while idcs is None or idcs in taken:
            idcs = numbers.issue_another(person.serial, taken)
            indexes[idcs] = blind_index("idcs", idcs)
            taken |= _borne(session, {idcs: indexes[idcs]})
        taken.add(idcs)
        found.append((idcs, indexes[idcs]))
    return found


def _borne(session: Session, indexes: Mapping[str, bytes]) -> set[str]:
    there = set(session.scalars(sa.select(Person.idcs_index).where(Person.idcs_index.in_(indexes.values()))))
    borne = {idcs for idcs, index in indexes.items() if index in there}
    return borne | (_of_the_stories() & indexes.keys())


@cache
def _of_the_stories() -> frozenset[str]:
    # They may come to the register later, and must find their numbers free.
    return frozenset(str(member["idcs"]) for story in demo_stories() for member in story.household)


def _row_of(person: SyntheticPerson, idcs: str, index: bytes) -> dict[str, object]:
    arabic, latin = person.name
    return {
        "id": person.id,
        "idcs_index": index,
        "idcs_sealed": Person.idcs.seal(person.id, idcs),
        "name_arabic_sealed": Person.name_arabic.seal(person.id, arabic),
        "name_latin_sealed": Person.name_latin.seal(person.id, latin),
        "sex": person.sex,
        "birth_year": person.birth_date.year,
        "birth_month": person.birth_date.month,
        "birth_day": person.birth_date.day,
        "nationality": "MA",
        "alive": True,
        "mobile_sealed": None if person.mobile is None else Person.mobile.seal(person.id, person.mobile),
    }
