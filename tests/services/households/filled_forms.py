"""Synthetic members and completely answered forms for the tests of this folder."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from services.households.flow import Facts, Flow, flow_of
from services.households.questionnaire import QUESTIONNAIRE, Kind, Page, Question, Step
from services.population.birth_dates import BirthDate

TODAY = date(2026, 6, 15)
Filled = dict[tuple[str, int], dict[str, Any]]


@dataclass(frozen=True)
class SomeMember:
    position: int
    age: int
    relation: str = "child"
    sex: str = "F"
    person_id: UUID = field(default_factory=uuid4)

    @property
    def birth_date(self) -> BirthDate:
        return BirthDate(TODAY.year - self.age, 1, 1)


def some_members(*ages: int) -> tuple[SomeMember, ...]:
    """A head of the first age and children of the others."""
    return tuple(SomeMember(place, age, "child" if place > 1 else "head") for place, age in enumerate(ages, 1))


def some_value(question: Question, known: dict[str, Any]) -> Any:
    """The first answer that can stand."""
    if question.kind is Kind.CHOICE:
        return question.choices_given(known)[0].value
    simple = {Kind.CHOICES: ["asd"], Kind.YES_NO: False, Kind.TEXT: "12, rue des Oliviers"}
    return simple.get(question.kind, question.example)


def fill_page(page: Page, facts: Facts) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for question in page.asked_at(facts.age):
        if question.holds({**facts.known, **values}):
            values[question.key] = some_value(question, {**facts.known, **values})
    return values


def fill_form(members: tuple[SomeMember, ...], answers: Filled | None = None, **changed: Any) -> Filled:
    """Go on from ``answers`` as a family does, page after page; ``changed`` replaces single answers."""
    filled: Filled = {step: dict(values) for step, values in (answers or {}).items()}
    while step := flow_of(filled, members).first_unanswered():
        flow = flow_of(filled, members)
        filled[step] = fill_page(flow.page(step), flow.facts(step))
        for question in flow.page(step).questions:
            if question.key in changed:
                filled[step][question.key] = changed[question.key]
    return filled


def anything_for(question: Question) -> st.SearchStrategy[Any]:
    """A value that can stand, or that cannot."""
    good = {
        Kind.CHOICE: st.sampled_from([choice.value for choice in question.choices] or [""]),
        Kind.CHOICES: st.lists(st.sampled_from([choice.value for choice in question.choices] or [""])),
        Kind.YES_NO: st.booleans(),
        Kind.TEXT: st.sampled_from(["Agouraï", ""]),
    }.get(question.kind, st.integers(-1, question.most + 1))
    return st.one_of(good, st.sampled_from([None, "?", 1.5, [], {}, True]))


@st.composite
def any_members(draw: st.DrawFn) -> tuple[SomeMember, ...]:
    return some_members(*draw(st.lists(st.integers(0, 100), min_size=1, max_size=5)))


@st.composite
def any_answers(draw: st.DrawFn, members: tuple[SomeMember, ...]) -> Filled:
    """Answers left behind by whatever happened: some right, some wrong, some not asked at all."""
    answers: Filled = {}
    for page in QUESTIONNAIRE.pages:
        for position in [one.position for one in members] if page.per_member else [0]:
            if draw(st.booleans()):
                asked = draw(st.lists(st.sampled_from(page.questions), unique=True))
                answers[Step(page.key, position)] = {one.key: draw(anything_for(one)) for one in asked}
    return answers


def flow_for(answers: Filled, members: tuple[SomeMember, ...]) -> Flow:
    return flow_of(answers, members)
