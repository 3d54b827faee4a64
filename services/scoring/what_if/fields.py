"""The fields of the form that supposes a household, as browsers post them: ``rooms``, and ``age_2`` of the second."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.households.answers import as_typed
from services.households.questionnaire import RELATION, Page, Question
from services.scoring.what_if.asked import (
    AGE,
    EXAMPLE,
    EXAMPLE_HEAD,
    ODD_OCCUPATION,
    OF_HOUSEHOLD,
    OF_PEOPLE,
    questions_of,
)
from services.scoring.what_if.supposition import Supposition

Fields = Mapping[str, Sequence[str]]
# It says of whom an occupation stands that does not go with what he does: see ``situation``.
ODD = "odd"
PERSON_KEYS = (RELATION.key, AGE.key, *(question.key for question in OF_PEOPLE), ODD)
OF_PERSON = re.compile(rf"({'|'.join(PERSON_KEYS)})_([1-9][0-9]{{0,2}})")


def field_of(key: str, number: int) -> str:
    """The field of a person's answer."""
    return f"{key}_{number}"


def numbers_in(fields: Iterable[str]) -> list[int]:
    """The people there are among ``fields``, in order."""
    return sorted({int(found[2]) for name in fields if (found := OF_PERSON.fullmatch(name))})


def page_of(questions: Iterable[Question]) -> Page:
    """Questions as a page, to be read or written as one."""
    return Page(key="what_if", step="complete", title="", pictogram="", questions=tuple(questions))


def situation(person: Mapping[str, Any]) -> str:
    """On what an odd occupation hangs: as soon as one of these is another, it falls away."""
    return f"{person.get('relation')}-{person.get('age')}-{person.get('activity')}"


def as_fields(supposed: Supposition) -> dict[str, Sequence[str]]:
    """The fields that are read as ``supposed``, with what counts where it does not live."""
    fields: dict[str, Sequence[str]] = dict(as_typed(page_of(OF_HOUSEHOLD.values()), supposed.household))
    for number, person in enumerate(supposed.people, start=1):
        for key, typed in _typed_of(person).items():
            fields[field_of(key, number)] = typed
    return fields


def example_fields() -> dict[str, Sequence[str]]:
    """The small household to begin with."""
    return as_fields(Supposition(EXAMPLE, (EXAMPLE_HEAD,)))


def add_person(fields: Fields) -> dict[str, Sequence[str]]:
    """The fields with one more person, of whom the age is still to be written; the first is the head."""
    numbers = numbers_in(fields)
    number = numbers[-1] + 1 if numbers else 1
    relation = "child" if numbers else "head"
    return {**fields, field_of("relation", number): [relation], field_of("age", number): [""]}


def remove_person(fields: Fields, number: int) -> dict[str, Sequence[str]]:
    """The fields without that person; who stood behind moves up."""
    left = {}
    for name, typed in fields.items():
        found = OF_PERSON.fullmatch(name)
        place = int(found[2]) if found else 0
        if found and place > number:
            left[field_of(found[1], place - 1)] = typed
        elif place != number or not found:
            left[name] = typed
    return left


def _typed_of(person: Mapping[str, Any]) -> dict[str, list[str]]:
    asked = {
        question
        for milieu in ("urban", "rural")
        for question in questions_of(milieu, person["age"], person["relation"])
    }
    typed = as_typed(page_of((RELATION, AGE, *asked)), person)
    here = {key: value for key, value in person.items() if key in typed}
    works = here.get("activity") == "employed"
    if works == (person["occupation"] == "none"):
        typed |= as_typed(page_of((ODD_OCCUPATION,)), person) | {ODD: [situation(here)]}
    elif not works:
        typed.pop("occupation", None)
    return typed
