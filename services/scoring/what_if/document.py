"""A supposed household as a declaration, and a declaration as a supposed household."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from services.households.declaration import BILLS, Document
from services.households.places import provinces_of
from services.households.questionnaire import QUESTIONNAIRE
from services.households.questionnaire.unasked import UNASKED, value_unasked
from services.scoring.household import household_on
from services.scoring.what_if.asked import EXAMPLE, OF_HOUSEHOLD, OF_PEOPLE
from services.scoring.what_if.supposition import Supposition

# What a declaration holds and no formula reads.
UNREAD: Mapping[str, Any] = {"tenure": "other", "water": "other"}
UNREAD_OF_PERSON: Mapping[str, Any] = {"health_cover": "none", "severe_disability": False}


def document_of(supposed: Supposition, on: date) -> Document:
    """The declaration of ``supposed``, without faults; what was not asked is filled in.

    Everybody is born on a first of January, so that each has exactly the age given on the day ``on``.
    """
    household = {**UNREAD, **EXAMPLE, **supposed.household}
    bills = [household.pop(key) for key in BILLS]
    household |= {
        "province": provinces_of(household["region"])[0].code,
        "water_electricity": bills,
        "members": [_entry(person, on) for person in supposed.people],
    }
    return cast(Document, household)


def supposition_of(document: Mapping[str, Any], on: date) -> Supposition:
    """What counts of a ``document`` without faults, its people with their ages on the day ``on``."""
    flat = {**document, **dict(zip(BILLS, document["water_electricity"], strict=True))}
    ages = household_on(document, on).ages
    return Supposition(
        {key: flat[key] for key in OF_HOUSEHOLD},
        tuple(_person(member, age) for member, age in zip(document["members"], ages, strict=True)),
    )


def _entry(person: Mapping[str, Any], on: date) -> dict[str, Any]:
    entry = {
        "relation": person["relation"],
        "sex": "F",
        "birth_date": f"{on.year - person['age']:04}",
    }
    for question in QUESTIONNAIRE.member_questions():
        key = question.key
        if key in person:
            entry[key] = person[key]
        else:
            entry[key] = value_unasked(question, person["age"], entry) if key in UNASKED else UNREAD_OF_PERSON[key]
    return entry


def _person(member: Mapping[str, Any], age: int) -> dict[str, Any]:
    answers = {question.key: member[question.key] for question in OF_PEOPLE}
    if answers["activity"] == "infant":
        # It stands where nobody was asked; the form has no such answer, and no formula reads it.
        answers["activity"] = "other"
    return {"relation": member["relation"], "age": age, **answers}
