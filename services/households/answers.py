"""Reading what people typed on a page, forgivingly, into the values a declaration keeps.

Digits of any of our scripts, spaces, a comma or a point, ``210 DH``: all are read. What cannot be
read is a fault that says what to do; what can be but is surprising waits for a confirmation.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from services.households.flow import NOTHING, Facts
from services.households.questionnaire import Kind, Page, Question
from services.messages import N_, NN_, Words, counted
from services.population.identifiers import to_ascii_digits

LONGEST_NUMBER = 40
# A text many times too long is not worth cleaning before it is refused.
LONGEST_INPUT = 4_000
# They join letters of some scripts, and the parts of one emoji.
JOINERS = "\u200c\u200d"

CHOOSE_ONE = N_("%(field)s: choose one answer")
CHOOSE_SOME = N_("%(field)s: choose at least one answer")
CHOOSE_ALONE = N_("%(field)s: choose “%(choice)s” by itself, or take it away")
CHOOSE_YES_NO = N_("%(field)s: choose “Yes” or “No”")
CHOOSE_FITTING = N_("%(field)s: choose one from the list of your region")
WRITE_NUMBER = N_("%(field)s: write a number, for example %(example)s")
WRITE_WHOLE = N_("%(field)s: write a whole number, for example %(example)s")
WRITE_AMOUNT = N_("%(field)s: write an amount in dirhams, for example %(example)s")
WRITE_TEXT = N_("%(field)s: write it, for example %(example)s")
TOO_LITTLE = N_("%(field)s: write %(least)s or more")
TOO_MUCH = N_("%(field)s: write %(most)s or less")
TOO_LONG = N_("%(field)s: write it shorter, in %(most)s characters at most")
SURE_OF_NUMBER = N_("%(field)s: you wrote %(value)s. If this is right, tick the box. If not, correct it.")
SURE_OF_AMOUNT = NN_(
    "%(field)s: you wrote %(count)s dirham. If this is right, tick the box. If not, correct it.",
    "%(field)s: you wrote %(count)s dirhams. If this is right, tick the box. If not, correct it.",
)

TRUTHS = {"yes": True, "no": False, "true": True, "false": False}
CURRENCY = re.compile(r"dirhams?|dhs?|mad|دراهم|درهما|درهم|د\.م\.?|ⵉⴷⵔⵉⵎⵏ|ⴰⴷⵔⵉⵎ|ⴷⵔⵀⵎ", re.IGNORECASE)
SIGNS = {ord("٫"): ".", ord("٬"): ",", ord("،"): ",", ord("\u2212"): "-", ord("\u2013"): "-"}
SPACES = re.compile(r"[\s'’\u200e\u200f\u061c]+")
GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]{0,2})?")
PLAIN = re.compile(r"[+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)")


class _Fault(Exception):
    """The answer cannot stand; ``words`` say what to do."""

    def __init__(self, question: Question, key: str, **params: Any) -> None:
        super().__init__(question.key)
        named = {"field": Words(question.label), **params}
        if "%(example)s" in key:
            named["example"] = Words(question.example) if isinstance(question.example, str) else question.example
        self.words = Words(key, named)


@dataclass(frozen=True)
class Parsed:
    """What was read of a page: the values that can stand, and under their keys the sentences for
    the others (``faults``) and for the surprising ones not yet confirmed (``unusual``)."""

    values: Mapping[str, Any]
    faults: Mapping[str, Words]
    unusual: Mapping[str, Words]

    @property
    def can_be_saved(self) -> bool:
        """Whether nothing is left to correct or to confirm."""
        return not self.faults and not self.unusual


def confirmation_field(key: str) -> str:
    """The form field that confirms an unusual answer, by bearing that very value."""
    return f"{key}_confirmed"


def parse_answers(
    page: Page, raw: Mapping[str, Sequence[str]], *, facts: Facts, saved: Mapping[str, Any] = NOTHING
) -> Parsed:
    """Read the posted fields ``raw`` of ``page``.

    ``facts`` come from the flow. A value already ``saved`` is not asked to be confirmed again.
    Answers to questions that the other answers leave out are not kept.
    """
    values: dict[str, Any] = {}
    faults: dict[str, Words] = {}
    unusual: dict[str, Words] = {}
    for question in page.asked_at(facts.age):
        others = {**facts.known, **values}
        if not question.holds(others):
            continue
        try:
            value = READERS[question.kind](question, raw.get(question.key, ()), others)
        except _Fault as fault:
            faults[question.key] = fault.words
            continue
        values[question.key] = value
        confirmed = str(value) in raw.get(confirmation_field(question.key), ())
        if question.is_unusual(value) and not confirmed and saved.get(question.key) != value:
            unusual[question.key] = _ask_if_sure(question, value)
    return Parsed(values, faults, unusual)


def as_typed(page: Page, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields that :func:`parse_answers` reads as ``values``: what a page shows when it is filled."""
    return {question.key: _typed(values[question.key]) for question in page.questions if question.key in values}


def clean_text(text: str) -> str:
    """One line without control characters, direction overrides or doubled spaces, in NFC."""
    kept = (
        " " if unicodedata.category(character) in ("Zl", "Zp") or character in "\t\r\n" else character
        for character in text
        if character in "\t\r\n" + JOINERS or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def read_number(text: str) -> Decimal | None:
    """The number that ``text`` means, or None. ``1 200``, ``1.200`` and ``1,200.00`` are 1200; ``12,5`` is 12.5."""
    if len(text) > LONGEST_NUMBER:
        return None
    bare = SPACES.sub("", CURRENCY.sub("", to_ascii_digits(text))).translate(SIGNS)
    grouped = GROUPED.fullmatch(bare)
    if grouped:
        bare = bare.replace(grouped[1], "")
    elif not PLAIN.fullmatch(bare):
        return None
    return Decimal(bare.replace(",", "."))


def _ask_if_sure(question: Question, value: int) -> Words:
    field = Words(question.label)
    if question.kind is Kind.AMOUNT:
        return counted(SURE_OF_AMOUNT, value, field=field)
    return Words(SURE_OF_NUMBER, {"field": field, "value": value})


def _typed(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(value)]


def _read_choice(question: Question, posted: Sequence[str], others: Mapping[str, Any]) -> str:
    value = posted[0].strip() if posted else ""
    if value not in question.by_value:
        raise _Fault(question, CHOOSE_ONE)
    if not question.accepts(value, others):
        raise _Fault(question, CHOOSE_FITTING)
    return value


def _read_choices(question: Question, posted: Sequence[str], others: Mapping[str, Any]) -> list[str]:
    # In the order of the page, whatever order they were posted in.
    chosen = [choice for choice in question.choices if choice.value in posted]
    if not chosen:
        raise _Fault(question, CHOOSE_SOME)
    alone = next((choice for choice in chosen if choice.alone), None)
    if alone and len(chosen) > 1:
        raise _Fault(question, CHOOSE_ALONE, choice=Words(alone.label))
    return [choice.value for choice in chosen]


def _read_yes_no(question: Question, posted: Sequence[str], others: Mapping[str, Any]) -> bool:
    value = TRUTHS.get(posted[0].strip() if posted else "")
    if value is None:
        raise _Fault(question, CHOOSE_YES_NO)
    return value


def _read_count(question: Question, posted: Sequence[str], others: Mapping[str, Any]) -> int:
    number = read_number(posted[0]) if posted else None
    if number is None:
        raise _Fault(question, WRITE_NUMBER)
    if number != number.to_integral_value():
        raise _Fault(question, WRITE_WHOLE)
    return _within_bounds(question, int(number))


def _read_amount(question: Question, posted: Sequence[str], others: Mapping[str, Any]) -> int:
    number = read_number(posted[0]) if posted else None
    if number is None:
        raise _Fault(question, WRITE_AMOUNT)
    if number < 0:
        raise _Fault(question, TOO_LITTLE, least=question.least)
    return _within_bounds(question, int(number.to_integral_value(ROUND_HALF_UP)))


def _within_bounds(question: Question, number: int) -> int:
    if number < question.least:
        raise _Fault(question, TOO_LITTLE, least=question.least)
    if number > question.most:
        raise _Fault(question, TOO_MUCH, most=question.most)
    return number


def _read_text(question: Question, posted: Sequence[str], others: Mapping[str, Any]) -> str:
    typed = posted[0] if posted else ""
    if len(typed) > LONGEST_INPUT:
        raise _Fault(question, TOO_LONG, most=question.most)
    text = clean_text(typed)
    if not any(character.isalnum() for character in text):
        raise _Fault(question, WRITE_TEXT)
    if len(text) > question.most:
        raise _Fault(question, TOO_LONG, most=question.most)
    return text


Reader = Callable[[Question, Sequence[str], Mapping[str, Any]], Any]

READERS: Mapping[Kind, Reader] = {
    Kind.CHOICE: _read_choice,
    Kind.CHOICES: _read_choices,
    Kind.YES_NO: _read_yes_no,
    Kind.COUNT: _read_count,
    Kind.AMOUNT: _read_amount,
    Kind.TEXT: _read_text,
}
