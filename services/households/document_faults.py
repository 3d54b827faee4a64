"""Everything that is wrong with a declaration given as JSON: for the command line and the sandbox.

What neither a rule nor the formula reads may be left out (IDCS, address, commune), so that a score
can be tried without saying who one is. A province is not held against its region here: someone
may wish to see what another region changes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.households.questionnaire import QUESTIONNAIRE, RELATION, SEX, Kind, Question
from services.households.questionnaire.unasked import values_declared
from services.messages import N_, Words
from services.population.birth_dates import OLDEST_AGE, InvalidBirthDate, parse_birth_date

NOT_AN_OBJECT = N_("write an object with the keys of a declaration")
NOT_A_LIST = N_("write a list of members")
NO_MEMBER = N_("write one member or more")
UNKNOWN_KEY = N_("take this key away: a declaration does not have it")
MISSING_KEY = N_("add this key: it is missing")
NOT_A_CHOICE = N_("write one of: %(choices)s")
NOT_A_TRUTH = N_("write true or false")
NOT_A_NUMBER = N_("write a whole number from %(least)s to %(most)s")
NOT_A_TEXT = N_("write a text of %(most)s characters at most")
NOT_THREE_BILLS = N_("write a list of three amounts, one for each month")
NOT_A_DATE = N_("write a date as 1984, 1984-05 or 1984-05-02")
DATE_TO_COME = N_("write a date that has come")
DATE_TOO_OLD = N_("write a date less than %(years)s years ago")
NO_HEAD = N_("make one member the head: none is")
SEVERAL_HEADS = N_("make one member the head: %(count)s are")

BILLS = "water_electricity"
LONGEST_NAME = 64
MAY_BE_MISSING = ("commune", "address", "idcs", "person")


@dataclass(frozen=True)
class Fault:
    """One thing to correct: where (``members[2].birth_date``), and what to do."""

    path: str
    words: Words


Check = Callable[[Any], Words | None]


def faults_of(document: object, *, on: date | None = None) -> list[Fault]:
    """Every fault of ``document``, in its order; none when it can be scored.

    Nobody may be born after the day ``on`` (today in Morocco, if it is not given).
    """
    if not isinstance(document, dict):
        return [Fault("", Words(NOT_AN_OBJECT))]
    day = on or datetime.now(UTC).astimezone(ZoneInfo("Africa/Casablanca")).date()
    faults = list(_faults_of_object(document, _HOUSEHOLD_CHECKS, ""))
    if BILLS in document:
        faults.extend(_faults_of_bills(document[BILLS]))
    if "members" in document:
        faults.extend(_faults_of_members(document["members"], day))
    return faults


def _faults_of_object(given: Mapping[Any, Any], checks: Mapping[str, Check], prefix: str) -> Iterator[Fault]:
    for key, value in given.items():
        words = checks[key](value) if key in checks else Words(UNKNOWN_KEY)
        if words:
            yield Fault(f"{prefix}{key}", words)
    for key in checks:
        if key not in given and key not in MAY_BE_MISSING:
            yield Fault(f"{prefix}{key}", Words(MISSING_KEY))


def _faults_of_members(members: object, day: date) -> Iterator[Fault]:
    if not isinstance(members, list):
        yield Fault("members", Words(NOT_A_LIST))
        return
    if not members:
        yield Fault("members", Words(NO_MEMBER))
        return
    checks = {**_MEMBER_CHECKS, "birth_date": lambda value: _check_birth_date(value, day)}
    for place, member in enumerate(members):
        if isinstance(member, dict):
            yield from _faults_of_object(member, checks, f"members[{place}].")
        else:
            yield Fault(f"members[{place}]", Words(NOT_AN_OBJECT))
    heads = sum(isinstance(member, dict) and member.get("relation") == "head" for member in members)
    if heads == 0:
        yield Fault("members", Words(NO_HEAD))
    elif heads > 1:
        yield Fault("members", Words(SEVERAL_HEADS, {"count": heads}))


def _faults_of_bills(bills: object) -> Iterator[Fault]:
    if not isinstance(bills, list) or len(bills) != len(_BILL_QUESTIONS):
        yield Fault(BILLS, Words(NOT_THREE_BILLS))
        return
    for place, (question, amount) in enumerate(zip(_BILL_QUESTIONS, bills, strict=True)):
        words = _check_of(question)(amount)
        if words:
            yield Fault(f"{BILLS}[{place}]", words)


def _check_birth_date(value: object, day: date) -> Words | None:
    try:
        age = parse_birth_date(value).age_on(day) if isinstance(value, str) else None
    except InvalidBirthDate:
        age = None
    if age is None:
        return Words(NOT_A_DATE)
    if age < 0:
        return Words(DATE_TO_COME)
    return Words(DATE_TOO_OLD, {"years": OLDEST_AGE}) if age > OLDEST_AGE else None


def _check_text(value: object, most: int) -> Words | None:
    return None if isinstance(value, str) and len(value) <= most else Words(NOT_A_TEXT, {"most": most})


def _check_elsewhere(value: object) -> Words | None:
    return None


def _check_of(question: Question) -> Check:
    if question.kind is Kind.YES_NO:
        return lambda value: None if isinstance(value, bool) else Words(NOT_A_TRUTH)
    if question.kind in (Kind.COUNT, Kind.AMOUNT):
        bounds = {"least": question.least, "most": question.most}
        return lambda value: None if question.accepts(value, {}) else Words(NOT_A_NUMBER, bounds)
    if question.kind is Kind.TEXT:
        return lambda value: _check_text(value, question.most)
    choices = values_declared(question)
    sentence = Words(NOT_A_CHOICE, {"choices": ", ".join(choices)})
    return lambda value: None if isinstance(value, str) and value in choices else sentence


_QUESTIONS = [question for question in QUESTIONNAIRE.household_questions() if question.key != "aids"]
_BILL_QUESTIONS = [question for question in _QUESTIONS if question.key.startswith(BILLS)]
_HOUSEHOLD_CHECKS: Mapping[str, Check] = {
    **{question.key: _check_of(question) for question in _QUESTIONS if question not in _BILL_QUESTIONS},
    BILLS: _check_elsewhere,
    "members": _check_elsewhere,
}
_MEMBER_CHECKS: Mapping[str, Check] = {
    "idcs": lambda value: _check_text(value, LONGEST_NAME),
    "person": lambda value: _check_text(value, LONGEST_NAME),
    "birth_date": _check_elsewhere,
    **{question.key: _check_of(question) for question in (RELATION, SEX, *QUESTIONNAIRE.member_questions())},
}
