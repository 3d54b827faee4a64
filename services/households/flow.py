"""The way through the questionnaire: which pages there are for this household, and where it stands.

Pure: it takes the answers and the members and asks nobody else. A page is done when each question
asked on it has an answer that can stand; it can be reached when it is done or is the first to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from services.errors import NotFound
from services.households.questionnaire import QUESTIONNAIRE, Page, Question, Questionnaire, Step

Answers = Mapping[tuple[str, int], Mapping[str, Any]]
NOTHING: Mapping[str, Any] = {}


class FormMember(Protocol):
    """What the flow needs of a member: the place in the household, and the age in whole years."""

    @property
    def position(self) -> int: ...  # noqa: D102

    @property
    def age(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class FlowState:
    """What was answered, by page and position (0 for the household), and by whom it can be."""

    answers: Answers
    members: Sequence[FormMember]


@dataclass(frozen=True)
class Facts:
    """What decides which questions a page asks: the member's age, and answers of other pages."""

    age: int | None = None
    known: Mapping[str, Any] = field(default_factory=dict)


class TaskState(StrEnum):
    """Where a page stands in the task list: done, to do now, or waiting for one before it."""

    DONE = "done"
    OPEN = "open"
    LATER = "later"


@dataclass(frozen=True)
class Task:
    """One page of the task list."""

    step: Step
    page: Page
    state: TaskState


@dataclass(frozen=True)
class Progress:
    """How many pages are done, of how many."""

    done: int
    total: int


class Flow:
    """One household's way. Steps that do not exist for it raise NotFound wherever they are given."""

    def __init__(self, questionnaire: Questionnaire, state: FlowState) -> None:
        self._questionnaire = questionnaire
        self._answers = state.answers
        self._ages = {member.position: member.age for member in state.members}
        self.steps = self._all_steps(state.members)

    def _all_steps(self, members: Sequence[FormMember]) -> tuple[Step, ...]:
        repeated = self._questionnaire.member_pages
        return (
            *(Step(page.key) for page in self._questionnaire.pages_before),
            *(Step(page.key, one.position) for one in members for page in repeated if page.asked_at(one.age)),
            *(Step(page.key) for page in self._questionnaire.pages_after),
        )

    @cached_property
    def _places(self) -> Mapping[Step, int]:
        return {step: place for place, step in enumerate(self.steps)}

    @cached_property
    def known(self) -> Mapping[str, Any]:
        """Every answer about the household, in one mapping."""
        known: dict[str, Any] = {}
        for page in (*self._questionnaire.pages_before, *self._questionnaire.pages_after):
            known.update(self._own_answers(page, 0))
        return known

    @cached_property
    def _done(self) -> Sequence[bool]:
        return [self._is_done(step) for step in self.steps]

    def _own_answers(self, page: Page, position: int) -> Mapping[str, Any]:
        saved = self._answers.get((page.key, position), NOTHING)
        return {question.key: saved[question.key] for question in page.questions if question.key in saved}

    def _is_done(self, step: Step) -> bool:
        page = self._questionnaire.by_key[step.page]
        saved = self._answers.get(step)
        if saved is None:
            return False
        known = saved if page.per_member else self.known
        for question in page.asked_at(self._ages.get(step.position)):
            if question.shown_if and not question.holds(known):
                continue
            if question.key not in saved or not question.accepts(saved[question.key], known):
                return False
        return True

    def _place(self, step: Step) -> int:
        place = self._places.get(step)
        if place is None:
            raise NotFound("page")
        return place

    def has(self, step: Step) -> bool:
        """Whether this household has the page at all."""
        return step in self._places

    def page(self, step: Step) -> Page:
        """The page of ``step``."""
        self._place(step)
        return self._questionnaire.by_key[step.page]

    def questions(self, step: Step) -> tuple[Question, ...]:
        """What to show on the page: every question whose conditions hold, or hang on the page itself."""
        page = self.page(step)
        own = {question.key for question in page.questions}
        return tuple(
            question
            for question in page.asked_at(self._ages.get(step.position))
            if all(condition.key in own or condition.holds(self.known) for condition in question.shown_if)
        )

    def saved(self, step: Step) -> Mapping[str, Any]:
        """The answers that stand on the page."""
        return self._own_answers(self.page(step), step.position)

    def facts(self, step: Step) -> Facts:
        """What reading the page's answers needs to know."""
        page = self.page(step)
        if page.per_member:
            return Facts(self._ages[step.position])
        own = {question.key for question in page.questions}
        return Facts(None, {key: value for key, value in self.known.items() if key not in own})

    def is_done(self, step: Step) -> bool:
        """Whether everything asked on the page is answered."""
        return self._done[self._place(step)]

    def is_reachable(self, step: Step) -> bool:
        """Whether the page can be opened now: it is done, or it is the first to do."""
        place = self._places.get(step)
        return place is not None and (self._done[place] or step == self.first_unanswered())

    def next_after(self, step: Step) -> Step | None:
        """The page behind; None after the last one."""
        place = self._place(step) + 1
        return self.steps[place] if place < len(self.steps) else None

    def previous_to(self, step: Step) -> Step | None:
        """The page before; None before the first one."""
        place = self._place(step) - 1
        return self.steps[place] if place >= 0 else None

    def first_unanswered(self) -> Step | None:
        """The first page to do, where Continue and resuming lead; None when all are done."""
        return next((step for step, done in zip(self.steps, self._done, strict=True) if not done), None)

    def is_complete(self) -> bool:
        """Whether every page is done."""
        return all(self._done)

    def progress(self) -> Progress:
        """How many pages are done, of how many."""
        return Progress(sum(self._done), len(self.steps))

    def tasks(self) -> tuple[Task, ...]:
        """Every page with where it stands, in order."""
        first = self.first_unanswered()
        return tuple(
            Task(step, self._questionnaire.by_key[step.page], _state(done, step == first))
            for step, done in zip(self.steps, self._done, strict=True)
        )


def _state(done: bool, is_first: bool) -> TaskState:
    if done:
        return TaskState.DONE
    return TaskState.OPEN if is_first else TaskState.LATER


def flow_of(answers: Answers, members: Sequence[FormMember]) -> Flow:
    """The way of a household through the questionnaire of the declaration."""
    return Flow(QUESTIONNAIRE, FlowState(answers, members))
