"""Families: who is in them, how old, under which names, and who answers for the young."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

from services.generation.proportions import Kind, Proportions
from services.population.birth_dates import BirthDate
from services.population.synthetic import Name, SyntheticPerson, invented_names

ADULT = 18
OLDEST = 99
MOST_PEOPLE = 16
# No operator's blocks are drawn from: one block, as the demonstration's families have it.
MOBILE = "+212600{:06}"
OTHER_SEX = {"F": "M", "M": "F"}


@dataclass(frozen=True, slots=True)
class Relative:
    """One of a family: how he is related to the head, and his age on the day of declaring."""

    relation: str
    age: int
    person: SyntheticPerson


@dataclass(frozen=True, slots=True)
class Family:
    """The head first. ``widowed``: the other parent of the head's children has died."""

    relatives: Sequence[Relative]
    widowed: bool

    @property
    def people(self) -> list[SyntheticPerson]:
        """Everybody, as the register has them."""
        return [relative.person for relative in self.relatives]


def draw_family(random: Random, proportions: Proportions, *, first_serial: int) -> Family:
    """One family of at most MOST_PEOPLE, whose serial numbers begin at ``first_serial``."""
    kind = proportions.kinds.draw(random)
    head_sex = "F" if random.random() < kind.female else "M"
    ages = _draw_ages(random, kind, proportions)
    surname = random.choice(invented_names().family)
    guardians: list[UUID] = []
    relatives: list[Relative] = []
    for serial, (relation, age) in enumerate(ages[:MOST_PEOPLE], start=first_serial):
        person = SyntheticPerson(
            id=UUID(int=random.getrandbits(128), version=4),
            serial=serial,
            name=_draw_name(random, surname, sex := _draw_sex(random, relation, head_sex), relation),
            sex=sex,
            birth_date=_draw_birth_date(random, age, proportions),
            mobile=_draw_mobile(random, age, proportions),
            guardians=tuple(guardians) if age < ADULT else (),
        )
        if relation in ("head", "spouse"):
            guardians.append(person.id)
        relatives.append(Relative(relation, person.birth_date.age_on(proportions.declared_on), person))
    has_other_parent = len(relatives) > 1 and relatives[1].relation == "spouse"
    return Family(relatives, not has_other_parent and random.random() < proportions.people["widowed"])


def _draw_ages(random: Random, kind: Kind, proportions: Proportions) -> list[tuple[str, int]]:
    youngest, oldest = kind.head.draw(random)
    head = random.randint(youngest, oldest)
    people = [("head", head)]
    if random.random() < kind.spouse:
        people.append(("spouse", max(19, min(OLDEST, head - random.randint(-2, 10)))))
    parent = min(age for _, age in people)
    people += [("child", age) for age in _draw_children(random, kind.children.draw(random), parent, proportions)]
    for _ in range(kind.parents.draw(random)):
        people.append(("parent", min(OLDEST, head + random.randint(19, 34))))
    for _ in range(kind.siblings.draw(random)):
        people.append(("sibling", max(ADULT, head - random.randint(-9, 12))))
    return people


def _draw_children(random: Random, count: int, parent: int, proportions: Proportions) -> list[int]:
    youngest_parent, oldest_parent = proportions.people["parent_age"]
    oldest = min(parent - youngest_parent, proportions.people["oldest_child"])
    youngest = max(0, parent - oldest_parent)
    if oldest < 0:
        return []
    return sorted((random.randint(min(youngest, oldest), oldest) for _ in range(count)), reverse=True)


def _draw_sex(random: Random, relation: str, head_sex: str) -> str:
    if relation == "head":
        return head_sex
    if relation == "spouse":
        return OTHER_SEX[head_sex]
    # The old live longer when they are women.
    return "F" if random.random() < (0.7 if relation == "parent" else 0.49) else "M"


def _draw_name(random: Random, surname: Name, sex: str, relation: str) -> Name:
    names = invented_names()
    given = random.choice(names.given[sex])
    family = random.choice(names.family) if relation in ("spouse", "parent") else surname
    return f"{given[0]} {family[0]}", f"{given[1]} {family[1]}"


def _draw_birth_date(random: Random, age: int, proportions: Proportions) -> BirthDate:
    today = proportions.declared_on
    chance = random.random()
    # Who is known by the year alone counts as born in January (domain §4).
    if age > 50 and chance < proportions.people["year_alone"]:
        return BirthDate(today.year - age)
    born = today.replace(year=today.year - age) - timedelta(days=random.randrange(365))
    if age > 50 and chance > 1 - proportions.people["month_alone"]:
        return BirthDate(born.year, born.month)
    return BirthDate(born.year, born.month, born.day)


def _draw_mobile(random: Random, age: int, proportions: Proportions) -> str | None:
    has_one = age >= ADULT and random.random() < proportions.people["mobile"]
    return MOBILE.format(random.randrange(10**6)) if has_one else None
