"""The score in plain words: where it stands, which direction is better, and every line of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import request

from portal.access import access, current_subject
from portal.citizen import pages
from portal.citizen.file import my_household
from portal.database import now, read
from portal.htmx import page
from services.messages import N_, Words
from services.programmes.catalogue import Limit, limits_on
from services.scoring.compute import scoring_day
from services.scoring.display import distinguish
from services.scoring.explain import Explanation, arithmetic, explain
from services.scoring.installed import model_named
from services.scoring.records import latest_score, replay_score

OPEN_TO_ALL = N_("Your score is under the limit of each programme: all of them are open to you.")
OPEN_TO_SOME = N_("Your score opens this programme to you: %(programme)s.")
OPEN_TO_NONE = N_("Your score is above the limit of each programme: none of them is open to you now.")
LOWEST_NANO, HIGHEST_NANO = 8_000_000_000, 11_000_000_000
SCALE_WIDTH = 320


@dataclass(frozen=True)
class LimitShown:
    """A programme's limit beside the score, with as many decimals as tell them apart."""

    limit: Limit
    score: Decimal
    at_most: Decimal
    admits: bool
    place: int


@pages.get("/score")
@access("citizen")
def score() -> Any:
    """The household's latest score and its explanation, recomputed by the function that made it.

    The lines are the family's own answers: for the declarant and the head.
    """
    household = my_household()
    stored = read(latest_score, household_id=household.id) if household else None
    if stored is None:
        return page("citizen/no_score", step=3, household=household)
    result = read(replay_score, stored=stored)
    told = explain(result)
    limits = [limit_shown(limit, stored.total_nano) for limit in limits_on(scoring_day(now()))]
    sees_lines = household is not None and household.may_be_changed_by(current_subject().person_id)
    return page(
        "citizen/score",
        stored=stored,
        told=told,
        model=read(model_named, model_id=stored.model),
        limits=limits,
        sentence=_sentence(limits),
        place=place_on_scale(stored.total_nano),
        widest=_widest(told),
        sees_lines=sees_lines,
        arithmetic=arithmetic(result) if "arithmetic" in request.args and sees_lines else (),
    )


def place_on_scale(nano: int) -> int:
    """Where a score stands on the drawn scale, in its own units from the low end."""
    within = min(max(nano, LOWEST_NANO), HIGHEST_NANO) - LOWEST_NANO
    return round(within * SCALE_WIDTH / (HIGHEST_NANO - LOWEST_NANO))


def limit_shown(limit: Limit, total_nano: int) -> LimitShown:
    """A limit as it stands beside a score."""
    score, at_most = distinguish(total_nano, limit.at_most_nano)
    return LimitShown(limit, score, at_most, limit.admits(total_nano), place_on_scale(limit.at_most_nano))


def _sentence(limits: list[LimitShown]) -> Words:
    admitted = [shown for shown in limits if shown.admits]
    if len(admitted) == len(limits):
        return Words(OPEN_TO_ALL)
    return Words(OPEN_TO_SOME, {"programme": admitted[0].limit.name}) if admitted else Words(OPEN_TO_NONE)


def _widest(told: Explanation) -> int:
    """The largest move of one line, in nano-units: its bar fills its half. The start has no bar."""
    return max((abs(line.nano) for line in told.lines if line.effect != "start"), default=1) or 1
