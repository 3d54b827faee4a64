"""Whom a programme is open to: each condition met, not met, or not to be known yet, with its words.

The judgement is a function of what is known; :func:`situation_of` reads what the register knows.
Nothing here decides a request: the programme does, with what the family says when it asks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from services.households.household_view import HouseholdView
from services.households.places import place_named
from services.messages import N_, Words
from services.programmes.catalogue import Limit, conditions_on, limits_on, programme_named
from services.programmes.catalogue_file import Dated
from services.scoring.compute import scoring_day
from services.scoring.display import distinguish
from services.scoring.installed import model_named
from services.scoring.records import score_in_effect

NOTHING_SAID: Mapping[str, bool] = {}
OTHER_COVER = "other"
COUPLE = ("head", "spouse")
# What a member who is neither the declarant nor the head may read of the conditions.
FOR_EVERY_ADULT = ("household_registered", "score_within_limit")


class Outcome(StrEnum):
    """What is known of one condition."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """What is known of the whole programme. ``OVER``: it has ended, or has not begun."""

    OPEN = "open"
    NOT_OPEN = "not_open"
    UNKNOWN = "unknown"
    OVER = "over"


@dataclass(frozen=True)
class Situation:
    """What the register knows of a household on the day ``on``.

    ``state`` is the household's (None where there is none), ``document`` the declaration behind the
    score in effect (empty where there is none), ``total_nano`` that score in nano-units, ``limits``
    those that belong to its formula. ``said``: by condition, what the family itself said of it.
    """

    on: date
    state: str | None = None
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)
    total_nano: int | None = None
    limits: tuple[Limit, ...] = ()
    declared_on: date | None = None
    said: Mapping[str, bool] = field(default_factory=dict)

    def limit_of(self, programme: str) -> Limit | None:
        """The limit of that programme, if it has one on that day."""
        return next((limit for limit in self.limits if limit.programme == programme), None)


@dataclass(frozen=True)
class Condition:
    """One condition as it stands for one household; ``source`` and ``grade`` say where it is from.

    ``asked_later``: nobody can know it before the family says it in its application.
    """

    key: str
    outcome: Outcome
    words: Words
    asked_later: bool
    source: str
    grade: str

    @property
    def title(self) -> Words:
        """What the condition is."""
        return Words(TABLE[self.key].title)


@dataclass(frozen=True)
class Eligibility:
    """How a household stands before one programme, with each reason."""

    programme: str
    standing: Standing
    conditions: tuple[Condition, ...]
    limit: Limit | None


Found = tuple[Outcome, Words]


@dataclass(frozen=True)
class _Rule:
    """How one condition is looked at, and what it is called."""

    title: str
    look: Callable[[Situation, str], Found]
    asked_later: bool = False


def eligibility_of(programme: str, situation: Situation) -> Eligibility:
    """Each condition of that programme on the day of the situation, and what they come to.

    Open when every condition is met, save those that only the application asks; not open as soon
    as one is not met. Raises LookupError for an unknown programme.
    """
    found = programme_named(programme)
    if not found.holds_on(situation.on):
        return Eligibility(programme, Standing.OVER, (), None)
    conditions = tuple(_condition(row, situation, programme) for row in conditions_on(programme, situation.on))
    return Eligibility(programme, _standing(conditions), conditions, situation.limit_of(programme))


def situation_of(
    session: Session, *, household: HouseholdView | None, on: date, said: Mapping[str, bool] = NOTHING_SAID
) -> Situation:
    """What the register knows of a household on that day; one statement, two for a loaded formula."""
    if household is None:
        return Situation(on, limits=limits_on(on), said=said)
    stored = score_in_effect(session, household_id=household.id, on=on)
    if stored is None:
        return Situation(on, household.state, limits=limits_on(on), said=said)
    limits = limits_on(on, model=model_named(session, stored.model))
    return Situation(
        on, household.state, stored.document, stored.total_nano, limits, scoring_day(stored.declared_at), said
    )


def _condition(row: Dated, situation: Situation, programme: str) -> Condition:
    rule = TABLE[row.item]
    outcome, words = rule.look(situation, programme)
    # A limit has a source of its own, dated by its own row or by the formula that brings it.
    limit = situation.limit_of(programme) if row.item == "score_within_limit" else None
    origin = row if limit is None else limit
    return Condition(row.item, outcome, words, rule.asked_later, origin.source, origin.grade)


def _standing(conditions: tuple[Condition, ...]) -> Standing:
    outcomes = {one.outcome for one in conditions if one.outcome is not Outcome.UNKNOWN or not one.asked_later}
    if Outcome.NOT_MET in outcomes:
        return Standing.NOT_OPEN
    return Standing.OPEN if outcomes == {Outcome.MET} else Standing.UNKNOWN


def _registered(situation: Situation, programme: str) -> Found:
    # Who declares anew stays registered meanwhile: the earlier declaration has a score.
    is_known = situation.state == "declared" and situation.total_nano is not None
    return REGISTERED.get("active" if is_known else situation.state or "", NOT_REGISTERED)


def _score(situation: Situation, programme: str) -> Found:
    limit = situation.limit_of(programme)
    if limit is None:
        return Outcome.UNKNOWN, Words(NO_LIMIT)
    if situation.total_nano is None:
        return Outcome.UNKNOWN, Words(NO_SCORE)
    score, at_most = distinguish(situation.total_nano, limit.at_most_nano)
    outcome = Outcome.MET if limit.admits(situation.total_nano) else Outcome.NOT_MET
    distance = abs(score - at_most)
    sentence = SCORE_WORDS[outcome] if distance else AT_THE_LIMIT
    return outcome, Words(sentence, {"score": score, "limit": at_most, "distance": distance})


def _residence(situation: Situation, programme: str) -> Found:
    region = place_named(situation.document.get("region", ""))
    if region is None:
        return Outcome.UNKNOWN, Words(NOT_DECLARED)
    return Outcome.MET, Words(LIVES_HERE, {"place": region})


def _allowance(situation: Situation, programme: str) -> Found:
    return _said(situation, "no_other_family_allowance", ALLOWANCE_WORDS)


def _health_cover(situation: Situation, programme: str) -> Found:
    if "no_other_health_cover" in situation.said:
        return _said(situation, "no_other_health_cover", COVER_WORDS)
    if not situation.document:
        return Outcome.UNKNOWN, Words(NOT_DECLARED)
    covered = {member["relation"] for member in situation.document["members"] if member["health_cover"] == OTHER_COVER}
    if covered.intersection(COUPLE):
        return Outcome.NOT_MET, Words(HEAD_IS_COVERED)
    return (Outcome.UNKNOWN, Words(ANOTHER_IS_COVERED)) if covered else (Outcome.MET, Words(NOBODY_IS_COVERED))


def _said(situation: Situation, key: str, words: Mapping[bool | None, str]) -> Found:
    answer = situation.said.get(key)
    return ANSWERS[answer], Words(words[answer])


ANSWERS: Mapping[bool | None, Outcome] = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNKNOWN}
REGISTERED: Mapping[str, Found] = {
    "active": (Outcome.MET, Words(N_("Your household is registered and verified."))),
    "declared": (Outcome.UNKNOWN, Words(N_("We are verifying what you declared."))),
    "erased": (Outcome.NOT_MET, Words(N_("Your household is no longer registered."))),
}
NOT_REGISTERED: Found = (Outcome.UNKNOWN, Words(N_("Your household is not registered yet: send your form first.")))
NO_LIMIT = N_("The limit is not published for this date.")
NO_SCORE = N_("You have no score that counts today.")
SCORE_WORDS = {
    Outcome.MET: N_("Your score is %(score)s and the limit is %(limit)s: you are %(distance)s under it."),
    Outcome.NOT_MET: N_("Your score is %(score)s and the limit is %(limit)s: you are %(distance)s above it."),
}
AT_THE_LIMIT = N_("Your score is %(score)s, exactly the limit: the programme is open up to it.")
NOT_DECLARED = N_("You have not declared it yet.")
LIVES_HERE = N_("You declared a home in Morocco, in the region %(place)s.")
ALLOWANCE_WORDS: Mapping[bool | None, str] = {
    True: N_("You said that nobody in your household receives another family allowance."),
    False: N_("You said that somebody in your household receives another family allowance."),
    None: N_("We do not know this: you say it when you ask for the aid."),
}
COVER_WORDS: Mapping[bool | None, str] = {
    True: N_("You said that you have no other health cover."),
    False: N_("You said that you have another health cover."),
}
HEAD_IS_COVERED = N_("You declared another health cover for the head of household or the spouse.")
ANOTHER_IS_COVERED = N_("Somebody else in your household has another health cover: what that changes is not published.")
NOBODY_IS_COVERED = N_("You declared no other health cover for anybody in your household.")
TABLE: Mapping[str, _Rule] = {
    "household_registered": _Rule(N_("The household is registered"), _registered),
    "score_within_limit": _Rule(N_("The score is at the limit or under it"), _score),
    "head_lives_in_morocco": _Rule(N_("The head of household lives in Morocco"), _residence),
    "no_other_family_allowance": _Rule(N_("No other family allowance"), _allowance, asked_later=True),
    "no_other_health_cover": _Rule(N_("No other health cover"), _health_cover),
}
