"""Where each value of a score came from, and when: the family's word, a register, the calendar."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from services.messages import N_, Words


class Origin(StrEnum):
    """Who says so."""

    DECLARED = "declared"
    POPULATION_REGISTER = "population_register"
    CALENDAR = "calendar"


SENTENCES = {
    Origin.DECLARED: N_("You declared this on %(day)s."),
    Origin.POPULATION_REGISTER: N_("Each person was confirmed by the population register."),
    Origin.CALENDAR: N_("Ages on %(day)s."),
}
# By the key of the declaration. What is not named here is the family's own word. Of a birth date,
# which is the register's, a line only ever shows the age.
ORIGINS = {
    "members": (Origin.DECLARED, Origin.POPULATION_REGISTER),
    "sex": (Origin.POPULATION_REGISTER,),
    "birth_date": (Origin.CALENDAR,),
}


@dataclass(frozen=True)
class Provenance:
    """One origin of a value, and the day on which it said so."""

    origin: Origin
    on: date

    @property
    def words(self) -> Words:
        """The same, as a sentence."""
        return Words(SENTENCES[self.origin], {"day": self.on})


@cache
def origins_of(questions: tuple[str, ...]) -> tuple[Origin, ...]:
    """The origins of what these keys of the declaration make together, each once."""
    found = [origin for question in questions for origin in ORIGINS.get(question, (Origin.DECLARED,))]
    return tuple(origin for origin in Origin if origin in found)


def provenance_of(origins: tuple[Origin, ...], *, declared_on: date, on: date) -> tuple[Provenance, ...]:
    """Where a value of ``origins`` came from, for a score as of the day ``on``."""
    days = {Origin.CALENDAR: on}
    return tuple(Provenance(origin, days.get(origin, declared_on)) for origin in origins)
