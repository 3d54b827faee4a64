"""What if: how the score of a household would be worked out, for anybody, with nothing kept."""

from typing import Any

from portal.access import access
from portal.citizen.supposed import Outcome, WhatIfForm, answer, outcome_of
from portal.database import now, read
from portal.public import pages
from services.errors import Unavailable
from services.messages import N_
from services.programmes.catalogue import limits_on
from services.scoring.compute import compute_score, scoring_day
from services.scoring.installed import model_on
from services.scoring.what_if import Supposition, document_of, example_fields

NO_MODEL = N_("No way of calculating a score is in force today. Try again later, or call the help line.")


@pages.route("/simulate", methods=["GET", "POST"])
@access("public")
def simulate() -> Any:
    """Ask about a household, and show the score that it would have today."""
    form = WhatIfForm(example_fields)
    supposed = form.shown
    return answer("public/simulate", form, _worked_out(supposed) if supposed else None)


def _worked_out(supposed: Supposition) -> Outcome:
    day = scoring_day(now())
    try:
        model = read(model_on, day=day)
    except LookupError:
        raise Unavailable(NO_MODEL) from None
    result = compute_score(document_of(supposed, day), model=model, on=day)
    return outcome_of(result, limits_on(day, model=model))
