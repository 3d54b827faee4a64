"""What is asked to suppose a household: of the questionnaire, what counts where it lives; and what
stands for the rest.

=================  ===========================================================
asked              of whom
=================  ===========================================================
relation, age      everybody
schooling          from 6 to 14, in a town: at other ages it does not count
education          from 15 on, and the head of any age
activity           the same
occupation         who works; and who declared one all the same
literate           from 15 on, in the countryside
health_cover       everybody
=================  ===========================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from services.households.questionnaire import QUESTIONNAIRE, Choice, Kind, Question
from services.households.questionnaire.questions import EVERYWHERE, Ages
from services.messages import N_
from services.population.birth_dates import OLDEST_AGE
from services.scoring.household import GROUPS

MOST_PEOPLE = 50
PLACE = ("milieu", "region")
OF_THE_HEAD = frozenset({"education", "activity", "occupation"})

AGE = Question(
    key="age",
    kind=Kind.COUNT,
    label=N_("Age"),
    title=N_("Age in years"),
    hint=N_("In whole years. Write 0 for a baby."),
    most=OLDEST_AGE,
    example=35,
    counts=EVERYWHERE,
)

# A small household to begin with, and what stands where nothing was answered yet.
EXAMPLE: Mapping[str, Any] = {
    "milieu": "urban",
    "region": "MA-04",
    "dwelling": "modern_house",
    "rooms": 2,
    "nuclei": 1,
    "has_bath": True,
    "electricity": "own_meter",
    "garage": False,
    "second_home": False,
    "business_premises": False,
    "non_agricultural_land": False,
    "irrigated_land": False,
    "cows": 0,
    "computers": 0,
    "satellite_dish": True,
    "landline": False,
    "mobile_phones": 1,
    "cars": 0,
    "motorbikes": 0,
    "water_electricity_1": 150,
    "water_electricity_2": 150,
    "water_electricity_3": 150,
    "butane_monthly": 50,
    "telecom_monthly": 50,
    "loan": False,
}
SOMEBODY: Mapping[str, Any] = {
    "relation": "child",
    "schooling": "public",
    "education": "none",
    "literate": True,
    "activity": "other",
    "occupation": "other",
    "health_cover": "none",
}
EXAMPLE_HEAD: Mapping[str, Any] = {
    **SOMEBODY,
    "relation": "head",
    "age": 40,
    "education": "basic",
    "activity": "employed",
    "occupation": "employee",
}


@dataclass(frozen=True)
class Section:
    """One theme of the questionnaire, with those of its questions that count."""

    key: str
    title: str
    pictogram: str
    questions: tuple[Question, ...]


def _fitted(question: Question) -> Question:
    if question.key == "schooling":
        return replace(question, ages=Ages(*GROUPS["children_public_school"].ages))
    return question


OF_PEOPLE = tuple(_fitted(question) for question in QUESTIONNAIRE.member_questions() if question.counts)
_OCCUPATION = next(question for question in OF_PEOPLE if question.key == "occupation")
# Asked of somebody whose declared occupation does not go with what he does, so that it can stand or be changed.
ODD_OCCUPATION = replace(
    _OCCUPATION, choices=(Choice("none", N_("No occupation")), *_OCCUPATION.choices), shown_if=(), ages=Ages()
)
OF_HOUSEHOLD: Mapping[str, Question] = {
    question.key: question for question in QUESTIONNAIRE.household_questions() if question.counts
}


@cache
def sections_of(milieu: str) -> tuple[Section, ...]:
    """The themes that are asked of a household in ``milieu``; the place itself is asked apart."""
    own = (
        (page, tuple(one for one in page.questions if milieu in one.counts and one.key not in PLACE))
        for page in QUESTIONNAIRE.pages
        if not page.per_member
    )
    return tuple(Section(page.key, page.title, page.pictogram, asked) for page, asked in own if asked)


@cache
def household_questions(milieu: str) -> tuple[Question, ...]:
    """Every question asked of a household in ``milieu``, in the order of the page."""
    place = tuple(OF_HOUSEHOLD[key] for key in PLACE)
    return (*place, *(question for section in sections_of(milieu) for question in section.questions))


@cache
def questions_of(milieu: str, age: int | None, relation: str) -> tuple[Question, ...]:
    """What is asked of a person beside relation and age; of whom no age is known, nothing."""
    if age is None:
        return ()
    return tuple(
        question
        for question in OF_PEOPLE
        if milieu in question.counts
        and (question.ages.least <= age <= question.ages.most or (relation == "head" and question.key in OF_THE_HEAD))
    )
