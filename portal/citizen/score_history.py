"""The scores a household has had, and what changed between any two of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from portal.access import access, current_subject
from portal.citizen import pages
from portal.citizen.file import my_household
from portal.citizen.score_chart import chart_of
from portal.database import now, read
from portal.formatting import person_name
from portal.htmx import page
from portal.languages import current_language
from services.errors import NotFound
from services.households.household_view import HouseholdView
from services.households.questionnaire import RELATION
from services.messages import N_, NN_, Words, counted
from services.programmes.catalogue import Limit, limits_on
from services.scoring.compare_path import Cause, PersonChanged
from services.scoring.compute import scoring_day
from services.scoring.display import side_by_side
from services.scoring.explain import EFFECTS, Effect
from services.scoring.history import ComparedScores, compare_scores, history_of
from services.scoring.installed import model_named
from services.scoring.records import StoredScore

UP = N_("Your score went up by %(distance)s: from %(before)s to %(after)s.")
DOWN = N_("Your score went down by %(distance)s: from %(before)s to %(after)s.")
SAME = N_("Your score stayed the same: %(after)s.")
# By whether the programme was open before, and whether it is open after.
OPENED = {
    (True, True): N_("open to you before, and still open"),
    (False, False): N_("not open to you before, and still not open"),
    (False, True): N_("it is now open to you"),
    (True, False): N_("it is no longer open to you"),
}
LIMIT_MOVED = N_("The limit itself went from %(before)s to %(after)s.")
IS_NOW = NN_("%(name)s is now %(count)s year old", "%(name)s is now %(count)s years old")
JOINED, LEFT = N_("New in your household: %(name)s"), N_("No longer in your household: %(name)s")
EFFECTS_THEN = {
    Effect.LOWERS: N_("Lowered your score"),
    Effect.RAISES: N_("Raised your score"),
    Effect.NONE: N_("Did not move your score"),
    Effect.UNKNOWN: EFFECTS[Effect.UNKNOWN],
}
RELATIONS = {choice.value: choice.label for choice in RELATION.choices}
LONGEST_NUMBER = 6


@dataclass(frozen=True)
class ProgrammeMoved:
    """What the difference means for one programme."""

    limit: Limit
    admits: bool
    standing: str
    limit_moved: Words | None


@pages.get("/score/history")
@access("citizen")
def score_history() -> Any:
    """Every score of the household: when, why, by which formula, from when it counts, how it moved."""
    household = my_household()
    past = read(history_of, household_id=household.id) if household else ()
    if household is None or not past:
        return page("citizen/no_score", step=3, household=household)
    today, last = scoring_day(now()), past[-1].stored
    limits = limits_on(today, model=read(model_named, model_id=last.model))
    rtl = current_language().direction == "rtl"
    scores = [one.stored for one in past]
    chart = chart_of(scores, limits, until=today, rtl=rtl) if len(scores) > 1 else None
    return page("citizen/score_history", past=past, chart=chart, rtl=rtl, today=today)


@pages.get("/score/compare")
@access("citizen")
def score_compare() -> Any:
    """What changed between two scores, ``?from=1&to=2`` in the family's own history, else its last two.

    The lines are the family's own answers: for the declarant and the head.
    """
    household = my_household()
    if household is None:
        return page("citizen/no_score", step=3, household=household)
    numbers = {"before": _number("from"), "after": _number("to")}
    compared = read(compare_scores, household_id=household.id, **numbers)
    if compared is None:
        return page("citizen/score_compare", compared=None)
    return page(
        "citizen/score_compare",
        compared=compared,
        sentence=_sentence(compared),
        programmes=_programmes(compared),
        parts=compared.comparison.parts if compared.comparison else (),
        people=_people_words(compared, household),
        effects=EFFECTS_THEN,
        widest=_widest(compared),
        sees_lines=household.may_be_changed_by(current_subject().person_id),
    )


def _number(name: str) -> int | None:
    typed = request.args.get(name)
    if typed is None:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER):
        raise NotFound("score")
    return int(typed)


def _sentence(compared: ComparedScores) -> Words:
    before, after = side_by_side(compared.before.total_nano, compared.after.total_nano)
    values = {"distance": abs(after - before), "before": before, "after": after}
    return Words(UP if after > before else DOWN if after < before else SAME, values)


def _programmes(compared: ComparedScores) -> list[ProgrammeMoved]:
    """What each programme of the later day was to the family, and is."""
    before, after = _limits_at(compared.before), _limits_at(compared.after)
    return [_programme_moved(compared, before.get(programme), limit) for programme, limit in after.items()]


def _limits_at(stored: StoredScore) -> Mapping[str, Limit]:
    model = read(model_named, model_id=stored.model)
    return {limit.programme: limit for limit in limits_on(stored.on, model=model)}


def _programme_moved(compared: ComparedScores, before: Limit | None, after: Limit) -> ProgrammeMoved:
    was_open = before is not None and before.admits(compared.before.total_nano)
    is_open = after.admits(compared.after.total_nano)
    moved = None
    if before is not None and before.at_most_nano != after.at_most_nano:
        then, now_is = side_by_side(before.at_most_nano, after.at_most_nano)
        moved = Words(LIMIT_MOVED, {"before": then, "after": now_is})
    return ProgrammeMoved(after, is_open, OPENED[was_open, is_open], moved)


def _people_words(compared: ComparedScores, household: HouseholdView) -> dict[Cause, list[Words]]:
    """By cause, whom it is about: by name while they are in the household, else by what they were to its head."""
    if compared.comparison is None:
        return {}
    names = {str(member.person_id): member for member in household.members}

    def said(one: PersonChanged) -> Words:
        member = names.get(one.person or "")
        name = person_name(member.name, current_language().code) if member else Words(RELATIONS[one.relation])
        return _about(one, name)

    return {part.cause: [said(one) for one in part.people] for part in compared.comparison.parts}


def _about(one: PersonChanged, name: Any) -> Words:
    if one.age_before is None:
        return Words(JOINED, {"name": name})
    if one.age_after is None:
        return Words(LEFT, {"name": name})
    return counted(IS_NOW, one.age_after, name=name)


def _widest(compared: ComparedScores) -> int:
    """The largest move of one line, in nano-units: its bar fills its half."""
    return max((abs(nano) for nano in _moves(compared)), default=1) or 1


def _moves(compared: ComparedScores) -> Iterator[int]:
    parts = compared.comparison.parts if compared.comparison else ()
    return (line.nano for part in parts for line in part.lines)
