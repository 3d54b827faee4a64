"""What stands in a declaration for a question that was not asked.

=====================  ===============================  ================================
key                    not asked                        stands as
=====================  ===============================  ================================
non_agricultural_land  in a town                        false
irrigated_land         in a town                        false
cows                   in a town                        0
schooling              under 6, over 20                 none
school_level           the same, and not at school      none
education              under 15                         none
literate               under 15                         false
activity               under 6                          infant
activity               6 to 14, at school               student
activity               6 to 14, not at school           other
occupation             who does not work                none
father_deceased        over 20                          false
mother_deceased        over 20                          false
=====================  ===============================  ================================

The formula reads none of these where they stand for an answer not asked: it looks at land and
cows in the countryside only, at schooling from 6 to 14, at the rest from 15 on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.households.questionnaire.questions import ALL_AGES, Ages, Question, When


@dataclass(frozen=True)
class Unasked:
    """A value for members of certain ages who meet every condition."""

    value: str | bool | int
    ages: Ages = ALL_AGES
    when: tuple[When, ...] = ()


# The first row that fits; the last of each key fits always.
UNASKED: Mapping[str, tuple[Unasked, ...]] = {
    "non_agricultural_land": (Unasked(False),),
    "irrigated_land": (Unasked(False),),
    "cows": (Unasked(0),),
    "schooling": (Unasked("none"),),
    "school_level": (Unasked("none"),),
    "education": (Unasked("none"),),
    "literate": (Unasked(False),),
    "activity": (
        Unasked("infant", Ages(0, 5)),
        Unasked("student", when=(When("schooling", ("public", "private")),)),
        Unasked("other"),
    ),
    "occupation": (Unasked("none"),),
    "father_deceased": (Unasked(False),),
    "mother_deceased": (Unasked(False),),
}


def value_unasked(question: Question, age: int | None, answers: Mapping[str, Any]) -> str | bool | int:
    """What stands for ``question``, not asked of a member of ``age`` who gave ``answers``."""
    for row in UNASKED[question.key]:
        fits = age is None or row.ages.least <= age <= row.ages.most
        if fits and all(condition.holds(answers) for condition in row.when):
            return row.value
    raise LookupError(f"nothing stands for {question.key}")


def values_declared(question: Question) -> tuple[str, ...]:
    """Every value that a choice may have in a declaration, asked or not."""
    unasked = (row.value for row in UNASKED.get(question.key, ()) if isinstance(row.value, str))
    return tuple(dict.fromkeys((*question.by_value, *unasked)))
