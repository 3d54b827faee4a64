"""What a questionnaire is made of: pages, questions, choices, and when each is asked.

All of it is data. Every sentence is a key of the catalogues, marked where it is written.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from services.messages import N_

MOST_COUNTED = 999
MOST_DIRHAMS = 1_000_000
MOST_CHARACTERS = 200

URBAN = frozenset({"urban"})
RURAL = frozenset({"rural"})
EVERYWHERE = URBAN | RURAL
NOWHERE: frozenset[str] = frozenset()


class Kind(StrEnum):
    """How a question is answered, and so what is stored: a value, a list of values, true or
    false, a whole number, whole dirhams, a line of text."""

    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    COUNT = "count"
    AMOUNT = "amount"
    TEXT = "text"


@dataclass(frozen=True)
class When:
    """Holds when the answer to ``key`` is one of ``values``."""

    key: str
    values: tuple[str, ...]

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Whether it holds among ``answers``; what is not answered never holds."""
        return answers.get(self.key) in self.values


@dataclass(frozen=True)
class Ages:
    """The ages in whole years of the members who are asked, both ends included."""

    least: int = 0
    most: int = 999


ALL_AGES = Ages()
SCHOOL_AGE = Ages(6, 20)
ADULTS = Ages(15)
UNDER_21 = Ages(0, 20)


@dataclass(frozen=True)
class Choice:
    """One answer to choose. A place bears ``names`` by locale, the others are translated by ``label``.

    ``only_if`` limits it (the provinces of a region); ``alone`` excludes every other.
    """

    value: str
    label: str
    pictogram: str | None = None
    hint: str | None = None
    names: Mapping[str, str] | None = None
    only_if: When | None = None
    alone: bool = False


YES_OR_NO = (Choice("yes", N_("Yes")), Choice("no", N_("No")))


@dataclass(frozen=True, eq=False, kw_only=True)
class Question:
    """One question. ``label`` names the field in errors and summaries, ``help`` answers *I don't
    understand this question*. ``counts`` holds the milieux where the answer can move the score.

    Numbers below ``least`` or above ``most`` are refused, those above ``unusual_above`` confirmed.
    A text has at most ``most`` characters; its ``example`` is a sentence to translate.
    """

    key: str
    kind: Kind
    label: str
    title: str
    counts: frozenset[str]
    hint: str | None = None
    help: str | None = None
    pictogram: str | None = None
    choices: tuple[Choice, ...] = ()
    shown_if: tuple[When, ...] = ()
    ages: Ages = ALL_AGES
    least: int = 0
    most: int = MOST_COUNTED
    unusual_above: int = MOST_COUNTED
    example: int | str | None = None
    personal: bool = False

    @cached_property
    def by_value(self) -> Mapping[str, Choice]:
        """The choices under their values."""
        return {choice.value: choice for choice in self.choices}

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Whether every condition on other answers holds."""
        return all(condition.holds(answers) for condition in self.shown_if)

    def choices_given(self, answers: Mapping[str, Any]) -> tuple[Choice, ...]:
        """The choices left by the other answers."""
        return tuple(choice for choice in self.choices if choice.only_if is None or choice.only_if.holds(answers))

    def is_unusual(self, value: object) -> bool:
        """Whether ``value`` is a number to have confirmed: more likely a slip than the truth."""
        return isinstance(value, int) and value > self.unusual_above

    def accepts(self, value: object, answers: Mapping[str, Any]) -> bool:
        """Whether ``value`` can stand as the stored answer, beside the other ``answers``."""
        return ACCEPTS[self.kind](self, value, answers)


Accepts = Callable[[Question, object, Mapping[str, Any]], bool]


def _accepts_choice(question: Question, value: object, answers: Mapping[str, Any]) -> bool:
    choice = question.by_value.get(value) if isinstance(value, str) else None
    return choice is not None and (choice.only_if is None or choice.only_if.holds(answers))


def _accepts_choices(question: Question, value: object, answers: Mapping[str, Any]) -> bool:
    if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
        return False
    chosen = [question.by_value.get(one) for one in value]
    if None in chosen or len(set(value)) < len(value):
        return False
    return len(value) == 1 or not any(choice.alone for choice in chosen if choice)


def _accepts_yes_no(question: Question, value: object, answers: Mapping[str, Any]) -> bool:
    return value is True or value is False


def _accepts_number(question: Question, value: object, answers: Mapping[str, Any]) -> bool:
    return type(value) is int and question.least <= value <= question.most


def _accepts_text(question: Question, value: object, answers: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and 0 < len(value) <= question.most


ACCEPTS: Mapping[Kind, Accepts] = {
    Kind.CHOICE: _accepts_choice,
    Kind.CHOICES: _accepts_choices,
    Kind.YES_NO: _accepts_yes_no,
    Kind.COUNT: _accepts_number,
    Kind.AMOUNT: _accepts_number,
    Kind.TEXT: _accepts_text,
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Page:
    """One topic. ``step`` is ``register`` or ``complete``; ``per_member`` pages repeat for each."""

    key: str
    step: str
    title: str
    pictogram: str
    questions: tuple[Question, ...]
    intro: str | None = None
    per_member: bool = False

    @cached_property
    def _by_age(self) -> dict[int | None, tuple[Question, ...]]:
        return {None: self.questions}

    def asked_at(self, age: int | None) -> tuple[Question, ...]:
        """The questions for a member of ``age``; None on a page about the household."""
        asked = self._by_age.get(age)
        if asked is None:
            assert age is not None
            asked = tuple(question for question in self.questions if question.ages.least <= age <= question.ages.most)
            self._by_age[age] = asked
        return asked


class Step(NamedTuple):
    """A page to answer: of the member at ``position``, or of the household where it is 0."""

    page: str
    position: int = 0


class Questionnaire:
    """Pages in their order. Pages that repeat stand together: all of one member, then of the next."""

    def __init__(self, *pages: Page) -> None:
        self.pages = pages
        self.by_key: Mapping[str, Page] = {page.key: page for page in pages}
        self.member_pages = tuple(page for page in pages if page.per_member)
        first = next((place for place, page in enumerate(pages) if page.per_member), len(pages))
        self.pages_before = pages[:first]
        self.pages_after = tuple(page for page in pages[first:] if not page.per_member)

    def household_questions(self) -> Iterator[Question]:
        """The questions asked once, in order."""
        for page in (*self.pages_before, *self.pages_after):
            yield from page.questions

    def member_questions(self) -> Iterator[Question]:
        """The questions asked about each member, in order."""
        for page in self.member_pages:
            yield from page.questions
