"""Supposing a household: the form that asks, and the result that is shown; nothing of it is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Response, request

from portal.citizen.question_form import raw_post
from portal.citizen.score import widest
from portal.citizen.standing import Standing, formula_words, standing_of
from portal.forms import Form
from portal.htmx import is_swap, page, part
from services.households.questionnaire import RELATION, YES_OR_NO, Choice, Kind, Question
from services.messages import N_, Words
from services.programmes.catalogue import Limit
from services.scoring.compare import MovedLine, reasons_between
from services.scoring.compute import ScoreResult
from services.scoring.display import side_by_side
from services.scoring.explain import EFFECTS, Effect, Explanation, explain
from services.scoring.what_if import (
    AGE,
    MOST_PEOPLE,
    Section,
    Supposition,
    add_person,
    read_supposition,
    remove_person,
    sections_of,
)
from services.scoring.what_if.asked import OF_HOUSEHOLD, PLACE

LOW_FOR_ALL = N_("With these answers the score would be low enough for each programme.")
LOW_FOR_ONE = N_("With these answers the score would be low enough for one programme: %(programme)s.")
LOW_FOR_SOME = N_("With these answers the score would be low enough for some programmes, not for all.")
LOW_FOR_NONE = N_("With these answers the score would be too high for each programme.")
NO_LIMIT = N_("No programme has a limit on this day.")

Fields = Mapping[str, Sequence[str]]


class WhatIfForm(Form):
    """What was typed, else what ``begins`` says.

    Adding or removing a person, and seeing what is asked in another place, judge nothing.
    """

    def __init__(self, begins: Callable[[], Fields], *, most: int = MOST_PEOPLE) -> None:
        super().__init__()
        self.posted = request.method == "POST"
        self.judged = False
        self.most = most
        self.reading = read_supposition(self._typed(begins), most=most)

    def _typed(self, begins: Callable[[], Fields]) -> Fields:
        if not self.posted:
            return begins()
        fields = raw_post()
        if "add" in fields:
            return add_person(fields)
        removed = "".join(fields.get("remove", ()))
        return remove_person(fields, int(removed)) if removed.isdecimal() and len(removed) < 4 else fields

    def submitted(self) -> bool:
        """Whether this asks for a result, of answers that can stand."""
        if {"add", "remove", "refresh"} & request.form.keys():
            return False
        return super().submitted()

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the answers."""
        self.judged = True
        return super().validate(extra_validators) and self.reading.supposed is not None

    @property
    def shown(self) -> Supposition | None:
        """What to work out: what was asked for, or what the page already showed the result of."""
        return self.reading.supposed if self.submitted() or "shown" in request.form else None

    @property
    def problems(self) -> tuple[tuple[str, Words], ...]:
        """The faults in the order of the page, once the answers were judged."""
        return tuple(self.reading.faults.items()) if self.judged else ()

    @property
    def place(self) -> tuple[Question, ...]:
        """Where it lives."""
        return tuple(OF_HOUSEHOLD[key] for key in PLACE)

    @property
    def of_everybody(self) -> tuple[Question, ...]:
        """What is asked of each person first."""
        return RELATION, AGE

    @property
    def sections(self) -> tuple[Section, ...]:
        """The themes that count there."""
        return sections_of(self.reading.milieu)

    @property
    def may_grow(self) -> bool:
        """Whether another person has room."""
        return len(self.reading.people) < self.most

    @property
    def newest(self) -> int:
        """The person just added; 0 where nobody was."""
        return self.reading.people[-1].number if "add" in request.form and self.reading.people else 0

    def fault(self, field: str) -> Words | None:
        """What is to correct in a field."""
        return self.reading.faults.get(field) if self.judged else None

    def typed(self, field: str) -> str:
        """What stands in a field."""
        return "".join(self.reading.fields.get(field, ())[:1])

    def choices(self, question: Question) -> Sequence[Choice]:
        """Among what one chooses."""
        return YES_OR_NO if question.kind is Kind.YES_NO else question.choices

    def is_open(self, section: Section) -> bool:
        """Whether something in a theme wants to be looked at."""
        keys = {question.key for question in section.questions}
        return bool(self.posted and keys & self.reading.filled_in) or any(self.fault(key) for key in keys)

    @property
    def asks_more(self) -> bool:
        """Whether the result rests on answers that nobody gave yet."""
        return self.posted and bool(self.reading.filled_in)


@dataclass(frozen=True)
class Difference:
    """How a supposed score lies from the family's own: both with as many decimals as tell them apart."""

    own: Decimal
    supposed: Decimal
    lines: tuple[MovedLine, ...]

    @property
    def distance(self) -> Decimal:
        """How far they are apart."""
        return abs(self.supposed - self.own)

    @property
    def widest(self) -> int:
        """The largest move of one line: its bar fills its half."""
        return max((abs(line.nano) for line in self.lines), default=1) or 1


@dataclass(frozen=True)
class Outcome:
    """A supposed score as it is shown. ``difference`` is None where it is beside no other."""

    result: ScoreResult
    told: Explanation
    standing: Standing
    difference: Difference | None

    @property
    def sentence(self) -> Words:
        """For which programmes the score would be low enough."""
        limits = self.standing.limits
        admitted = [shown for shown in limits if shown.admits]
        if not admitted:
            return Words(LOW_FOR_NONE if limits else NO_LIMIT)
        if len(admitted) == len(limits):
            return Words(LOW_FOR_ALL)
        return Words(LOW_FOR_ONE, {"programme": admitted[0].limit.name}) if len(admitted) == 1 else Words(LOW_FOR_SOME)

    @property
    def formula(self) -> Words:
        """By which formula it was worked out."""
        return formula_words(self.result.model, official=self.result.official)

    @property
    def widest(self) -> int:
        """The largest move of one line: its bar fills its half."""
        return widest(self.told)

    @property
    def effects(self) -> Mapping[Effect, str]:
        """What a line does, in words."""
        return EFFECTS


def answer(name: str, form: WhatIfForm, outcome: Outcome | None, **context: Any) -> Response:
    """The page ``name``; to HTMX, which has the form already, the result alone."""
    asks_for_result = request.headers.get("HX-Target") == "outcome"
    if asks_for_result and is_swap() and outcome and not form.asks_more and "switch_language" not in request.form:
        return part("public/simulate/_outcome.html", outcome=outcome, asks_form=form, begins=True)
    response = page(name, form.status, form=form, errors=form.problems, outcome=outcome, **context)
    if asks_for_result:
        response.headers["HX-Retarget"] = "#page"
        response.headers["HX-Reswap"] = "outerHTML show:window:top"
    return response


def outcome_of(result: ScoreResult, limits: Sequence[Limit], own: ScoreResult | None = None) -> Outcome:
    """What to show of a supposed ``result``, beside the family's ``own`` where there is one."""
    difference = difference_between(own, result) if own else None
    return Outcome(result, explain(result), standing_of(result.total_nano, limits), difference)


def difference_between(own: ScoreResult, supposed: ScoreResult) -> Difference:
    """The two scores, and the lines that make the difference, furthest first."""
    before, after = side_by_side(own.total_nano, supposed.total_nano)
    return Difference(before, after, reasons_between(explain(own), explain(supposed)))
