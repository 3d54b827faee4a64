"""What the people of a family learn and do, and who covers their health."""

from collections.abc import Mapping
from random import Random
from typing import Any

from services.generation.families import Family, Relative
from services.generation.proportions import Milieu, Proportions, between
from services.households.questionnaire import QUESTIONNAIRE, Question
from services.households.questionnaire.unasked import value_unasked

SCHOOL_FROM, SCHOOL_TO, WORKS_FROM, ORPHAN_TO = 6, 20, 15, 20
SCHOOL_OF_CHILDREN = (0.93, 0.995)
# The level of whoever goes to school, by the last age of it.
LEVELS = ((11, "primary"), (14, "lower_secondary"), (17, "upper_secondary"), (20, "none"))


def draw_lives(
    random: Random, proportions: Proportions, family: Family, *, milieu: str, means: float
) -> list[dict[str, Any]]:
    """The answers about each of a family, in its order; what is not asked stands as in a real form."""
    place = proportions.milieus[milieu]
    cover = place.choices["health_cover"].draw(random, means)
    entries = []
    for relative in family.relatives:
        given = _draw_life(random, proportions, place, relative, means)
        # One cover protects the family; now and then somebody has fallen out of it.
        given["health_cover"] = cover if random.random() < 0.92 else "none"
        given["severe_disability"] = random.random() < proportions.people["disabled"]
        if relative.age <= ORPHAN_TO:
            died = family.widowed and relative.relation == "child"
            head_is_mother = family.relatives[0].person.sex == "F"
            given |= {"father_deceased": died and head_is_mother, "mother_deceased": died and not head_is_mother}
        entries.append(_entry(relative, given))
    return entries


def _draw_life(
    random: Random, proportions: Proportions, place: Milieu, relative: Relative, means: float
) -> dict[str, Any]:
    age, given = relative.age, dict[str, Any]()
    learning = next(row for row in proportions.learning if age <= row.until)
    if SCHOOL_FROM <= age <= SCHOOL_TO:
        chance = between(SCHOOL_OF_CHILDREN if age < WORKS_FROM else learning.at_school, means)
        given["schooling"] = place.choices["school"].draw(random, means) if random.random() < chance else "none"
        if given["schooling"] != "none":
            given["school_level"] = next(level for last, level in LEVELS if age <= last)
    if age >= WORKS_FROM:
        given["education"] = learning.diploma.draw(random, means)
        given["literate"] = given["education"] != "none" or random.random() < learning.reads
        given["activity"] = _draw_activity(random, proportions, relative, given.get("schooling", "none"))
        if given["activity"] == "employed":
            given["occupation"] = place.choices["occupation"].draw(random, means)
    return given


def _draw_activity(random: Random, proportions: Proportions, relative: Relative, schooling: str) -> str:
    if schooling != "none":
        return "student"
    bands = proportions.activity[relative.person.sex]
    return next(odds for until, odds in bands if relative.age <= until).draw(random)


def _entry(relative: Relative, given: Mapping[str, Any]) -> dict[str, Any]:
    person = relative.person
    entry: dict[str, Any] = {
        "person": str(person.id),
        "relation": relative.relation,
        "sex": person.sex,
        "birth_date": person.birth_date.iso,
    }
    for question in _QUESTIONS:
        key = question.key
        entry[key] = given[key] if key in given else value_unasked(question, relative.age, entry)
    return entry


_QUESTIONS: tuple[Question, ...] = tuple(QUESTIONNAIRE.member_questions())
