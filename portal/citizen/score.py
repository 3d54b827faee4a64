"""The score in plain words: where it stands, which direction is better, and every line of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from markupsafe import Markup

from portal.access import access, current_subject
from portal.citizen import pages
from portal.citizen.file import my_household
from portal.citizen.standing import formula_words, standing_of
from portal.database import now, read
from portal.htmx import page
from portal.languages import current_language, say
from services.messages import N_, Words
from services.programmes.catalogue import limits_on
from services.scoring.compare import MovedLine, reasons_between
from services.scoring.compute import scoring_day
from services.scoring.display import rounded, side_by_side
from services.scoring.explain import EFFECTS, Effect, Explanation, explain, fold_arithmetic
from services.scoring.installed import model_named
from services.scoring.provenance import Origin, provenance_of
from services.scoring.records import StoredScore, last_two_scores, replay_score

WENT_UP = N_("It was %(before)s on %(day)s. It went up by %(distance)s.")
WENT_DOWN = N_("It was %(before)s on %(day)s. It went down by %(distance)s.")
STAYED = N_("It was %(before)s on %(day)s, and it is the same today.")
COUNTS_FROM = N_("This score counts for the programmes from %(day)s.")
UNTIL_THEN = N_("This score counts for the programmes from %(day)s. Until then, the one before counts: %(before)s.")
MOST_REASONS = 3


@dataclass(frozen=True)
class Change:
    """What changed since the score before: ``reasons`` are the lines that moved it furthest."""

    before: StoredScore
    words: Words
    reasons: tuple[MovedLine, ...]


@pages.get("/score")
@access("citizen")
def score() -> Any:
    """The household's latest score and its explanation, recomputed by the function that made it.

    The lines are the family's own answers: for the declarant and the head.
    """
    household = my_household()
    stored, before = read(last_two_scores, household_id=household.id) if household else (None, None)
    if household is None or stored is None:
        return page("citizen/no_score", step=3, household=household)
    result = read(replay_score, stored=stored)
    told, model = explain(result), read(model_named, model_id=stored.model)
    sees_lines = household.may_be_changed_by(current_subject().person_id)
    return page(
        "citizen/score",
        stored=stored,
        told=told,
        formula=formula_words(model.id, official=model.official),
        standing=standing_of(stored.total_nano, limits_on(scoring_day(now()), model=model)),
        counts_from=_counts_from(stored, before),
        change=_change(before, stored, told, sees_lines) if before else None,
        where=_where(told, stored) if sees_lines else {},
        widest=widest(told),
        sees_lines=sees_lines,
        arithmetic=fold_arithmetic(told, result) if "arithmetic" in request.args and sees_lines else (),
    )


def _change(before: StoredScore, stored: StoredScore, told: Explanation, sees_lines: bool) -> Change:
    then, is_now = side_by_side(before.total_nano, stored.total_nano)
    sentence = WENT_UP if is_now > then else WENT_DOWN if is_now < then else STAYED
    values = {"before": then, "day": before.on, "distance": abs(is_now - then)}
    reasons: tuple[MovedLine, ...] = ()
    if sees_lines and before.can_be_explained:
        reasons = reasons_between(explain(read(replay_score, stored=before)), told)[:MOST_REASONS]
    return Change(before, Words(sentence, values), reasons)


def _counts_from(stored: StoredScore, before: StoredScore | None) -> Words | None:
    """From when it counts, where that is still to come or not the day of the score; and what counts until then."""
    today, day = scoring_day(now()), stored.takes_effect_on
    if day == stored.on and day <= today:
        return None
    if before is None or not before.takes_effect_on <= today < day:
        return Words(COUNTS_FROM, {"day": day})
    return Words(UNTIL_THEN, {"day": day, "before": rounded(before.total_nano)})


def _where(told: Explanation, stored: StoredScore) -> Mapping[tuple[Effect, tuple[Origin, ...]], Markup]:
    """What a line does and where it came from, for the few ways there are: made once, shown on line after line."""
    code, days = current_language().code, {"declared_on": scoring_day(stored.declared_at), "on": stored.on}
    return {
        (effect, origins): Markup("<b>{}.</b> {}").format(
            say(EFFECTS[effect], code),
            Markup(" ").join(say(one.words, code) for one in provenance_of(origins, **days)),
        )
        for effect, origins in {(line.effect, line.origins) for line in told.lines}
    }


def widest(told: Explanation) -> int:
    """The largest move of one line, in nano-units: its bar fills its half. The start has no bar."""
    return max((abs(line.nano) for line in told.lines if line.effect != "start"), default=1) or 1
