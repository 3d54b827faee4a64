"""The form of one page of the questionnaire, made from its questions."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from markupsafe import Markup

from portal.answer_words import answer_words
from portal.forms import Form
from services.households.answers import Parsed, as_typed, confirmation_field, parse_answers
from services.households.drafts import Conflict
from services.households.flow import Flow
from services.households.questionnaire import YES_OR_NO, Choice, Kind, Question, Step, When
from services.messages import N_, Words

LONG_LIST = 12
CHANGED_MEANWHILE = N_("%(label)s: another window saved something else. Choose which is right, then continue.")


class QuestionForm(Form):
    """What was typed on the page, else what a session's end rescued, else what is saved."""

    def __init__(self, flow: Flow, step: Step, *, version: int) -> None:
        super().__init__()
        self.flow, self.step = flow, step
        self.page = flow.page(step)
        self.questions = flow.questions(step)
        self.only = len(self.questions) == 1
        self.posted = request.method == "POST"
        self.saved = flow.saved(step)
        self.raw = self._typed_before()
        self.version = self._seen() if self.posted or self.rescued else version
        self.parsed = Parsed({}, {}, {})
        self.lost: Mapping[str, Any] = {}

    def _typed_before(self) -> Mapping[str, Sequence[str]]:
        if self.posted:
            return raw_post()
        return self.rescued.to_dict(flat=False) if self.rescued else as_typed(self.page, self.saved)

    def _seen(self) -> int:
        """The version that the posted page showed; what is no number has seen nothing."""
        typed = "".join(self.raw.get("seen", ()))[:9]
        return int(typed) if typed.isascii() and typed.isdigit() else 0

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the answers; an unusual one must be confirmed."""
        if not super().validate(extra_validators):
            return False
        if self.copies:
            return True
        self.parsed = parse_answers(self.page, self.raw, facts=self.flow.facts(self.step), saved=self.saved)
        return self.parsed.can_be_saved

    @property
    def copies(self) -> bool:
        """Whether the button *same as the person before* was pressed."""
        return "same_as" in self.raw

    def show_conflict(self, conflict: Conflict) -> None:
        """Say what another window saved; continuing once more decides."""
        self.version = conflict.version
        self.lost = {key: conflict.values.get(key) for key in conflict.keys}

    @property
    def problems(self) -> tuple[tuple[str, Words], ...]:
        """Faults, doubts and conflicts, in the order of the page."""
        found = []
        for question in self.questions:
            words = self.parsed.faults.get(question.key) or self.parsed.unusual.get(question.key)
            if question.key in self.lost:
                words = Words(CHANGED_MEANWHILE, {"label": Words(question.label)})
            if words:
                found.append((question.key, words))
        return tuple(found)

    def typed(self, question: Question) -> Sequence[str]:
        """What stands in the field: the values as the browser posts them."""
        return self.raw.get(question.key, ())

    def choices(self, question: Question) -> Sequence[Choice]:
        """The choices that the answers on this page leave; all of them before the first answer."""
        if question.kind is Kind.YES_NO:
            return YES_OR_NO
        typed = {other.key: "".join(self.typed(other)) for other in self.questions}
        return question.choices_given({**self.flow.known, **typed}) or question.choices

    def condition(self, question: Question) -> When | None:
        """The answer on this same page that the question hangs on, if any."""
        own = {other.key for other in self.questions}
        return next((condition for condition in question.shown_if if condition.key in own), None)

    def is_long(self, question: Question) -> bool:
        """Whether a list to unfold serves better than buttons."""
        return len(question.choices) >= LONG_LIST

    def confirmation(self, question: Question) -> tuple[str, Any]:
        """The field that confirms an unusual number, and the number it confirms."""
        return confirmation_field(question.key), self.parsed.values[question.key]

    def shown(self, question: Question, value: Any) -> Words | Markup:
        """A stored answer in words."""
        return answer_words(question, value)


def raw_post() -> dict[str, list[str]]:
    """The posted fields, each with all its values."""
    return {name: request.form.getlist(name) for name in request.form}
