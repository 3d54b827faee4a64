"""Reading what somebody supposes, as forgivingly as the form of the declaration is read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.households.answers import as_typed, parse_answers
from services.households.flow import Facts
from services.households.questionnaire import RELATION, Question
from services.messages import N_, Words
from services.scoring.what_if.asked import (
    AGE,
    EXAMPLE,
    MOST_PEOPLE,
    ODD_OCCUPATION,
    PLACE,
    SOMEBODY,
    household_questions,
    questions_of,
)
from services.scoring.what_if.fields import ODD, Fields, field_of, numbers_in, page_of, situation
from services.scoring.what_if.supposition import Supposition

NOBODY = N_("Add at least one person: the head of household.")
NO_HEAD = N_("Choose who is the head of household: nobody is.")
SEVERAL_HEADS = N_("Only one person can be the head of household: choose another answer for the others.")
TOO_MANY = N_("Here you can try a household of %(most)s people at most.")
OF_PERSON = N_("Person %(number)s. %(sentence)s")
PEOPLE = "people"


@dataclass(frozen=True)
class PersonAsked:
    """Somebody on the page: what is asked of him beside relation and age."""

    number: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Reading:
    """What was read. ``fields`` are those posted and those ``filled_in`` with an example because they
    had not been asked yet; ``faults`` stand under the field to correct; ``supposed`` is None while
    there are any. ``kept`` names the fields that do not count in this ``milieu`` and wait.
    """

    fields: Fields
    milieu: str
    people: tuple[PersonAsked, ...]
    kept: tuple[str, ...]
    filled_in: frozenset[str]
    faults: Mapping[str, Words]
    supposed: Supposition | None


def read_supposition(posted: Fields, *, most: int = MOST_PEOPLE) -> Reading:
    """Read the ``posted`` fields of a household of ``most`` people at most."""
    read = _Reader(posted, most)
    answers, of_household = read.household()
    for number in read.numbers:
        read.person(number)
    read.judge_people()
    # As the page has them: where it lives, who they are, and the rest.
    of_place = {key: of_household.pop(key) for key in PLACE if key in of_household}
    faults = of_place | read.faults | of_household
    supposed = None if faults else Supposition(answers, tuple(read.answers_of_people))
    return Reading(
        read.fields, read.milieu, tuple(read.people), tuple(read.kept), frozenset(read.filled_in), faults, supposed
    )


class _Reader:
    """One reading under way."""

    def __init__(self, posted: Fields, most: int) -> None:
        numbers = numbers_in(posted)
        self.numbers, self.beyond, self.most = numbers[:most], numbers[most:], most
        self.fields: dict[str, Sequence[str]] = dict(posted)
        self.filled_in: set[str] = set()
        self.faults: dict[str, Words] = {}
        self.people: list[PersonAsked] = []
        self.answers_of_people: list[Mapping[str, Any]] = []
        self.kept: list[str] = []
        typed = "".join(posted.get("milieu", ())).strip()
        self.milieu = typed if typed in ("urban", "rural") else str(EXAMPLE["milieu"])

    @property
    def elsewhere(self) -> str:
        """The other milieu."""
        return "rural" if self.milieu == "urban" else "urban"

    def household(self) -> tuple[Mapping[str, Any], dict[str, Words]]:
        """What is asked once, and its faults. What was never on the page is filled in with the example."""
        questions = household_questions(self.milieu)
        for question in questions:
            self._fill_in(question, question.key, EXAMPLE[question.key])
        parsed = parse_answers(page_of(questions), self.fields, facts=Facts())
        here = [question.key for question in questions]
        self._keep((question.key for question in household_questions(self.elsewhere)), here)
        return parsed.values, dict(parsed.faults)

    def person(self, number: int) -> None:
        """What is asked of the person of that ``number``."""
        answers = self._parse(number, (RELATION, AGE), {})
        age, relation = answers.get("age"), answers.get("relation", "")
        asked = questions_of(self.milieu, age, relation)
        answers |= self._parse(number, [one for one in asked if one.key != ODD_OCCUPATION.key], answers)
        odd = field_of(ODD, number)
        if "".join(self.fields.get(odd, ())) == situation(answers):
            asked = (*(one for one in asked if one.key != ODD_OCCUPATION.key), ODD_OCCUPATION)
            self.kept.append(odd)
        answers |= self._parse(number, [one for one in asked if one.key == ODD_OCCUPATION.key], answers)
        waiting = questions_of(self.elsewhere, age, relation)
        here = [field_of(one.key, number) for one in asked]
        self._keep((field_of(one.key, number) for one in waiting), here)
        self.people.append(PersonAsked(number, asked))
        self.answers_of_people.append(answers)

    def judge_people(self) -> None:
        """Exactly one head, and not too many people."""
        heads = [
            number
            for number, answers in zip(self.numbers, self.answers_of_people, strict=True)
            if answers.get("relation") == "head"
        ]
        if not self.numbers:
            self.faults[PEOPLE] = Words(NOBODY)
        elif self.beyond:
            self.faults[PEOPLE] = Words(TOO_MANY, {"most": self.most})
        elif len(heads) > 1:
            self.faults.setdefault(field_of("relation", heads[1]), Words(SEVERAL_HEADS))
        elif not heads and all(answers.get("relation") for answers in self.answers_of_people):
            self.faults.setdefault(field_of("relation", self.numbers[0]), Words(NO_HEAD))

    def _parse(self, number: int, questions: Sequence[Question], known: Mapping[str, Any]) -> dict[str, Any]:
        for question in questions:
            if question.holds(known):
                self._fill_in(question, field_of(question.key, number), SOMEBODY.get(question.key))
        typed = {one.key: self.fields.get(field_of(one.key, number), ()) for one in questions}
        parsed = parse_answers(page_of(questions), typed, facts=Facts(None, known))
        for key, words in parsed.faults.items():
            self.faults[field_of(key, number)] = Words(OF_PERSON, {"number": number, "sentence": words})
        return dict(parsed.values)

    def _fill_in(self, question: Question, field: str, value: Any) -> None:
        if field in self.fields or value is None:
            return
        self.fields |= {field: as_typed(page_of((question,)), {question.key: value})[question.key]}
        self.filled_in.add(field)

    def _keep(self, elsewhere: Iterable[str], here: Sequence[str]) -> None:
        self.kept += [field for field in elsewhere if field in self.fields and field not in here]
