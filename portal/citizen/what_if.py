"""What if: the family's own answers, to change and see what that would do; nothing of it is kept."""

from functools import partial
from typing import Any

from flask import redirect, url_for

from portal.access import access, current_subject
from portal.citizen import pages
from portal.citizen.file import my_household
from portal.citizen.supposed import Outcome, WhatIfForm, answer, outcome_of
from portal.database import now, read
from services.errors import NotFound
from services.programmes.catalogue import limits_on
from services.scoring.compute import compute_score, scoring_day
from services.scoring.installed import model_named
from services.scoring.records import StoredScore, latest_score, replay_score
from services.scoring.what_if import MOST_PEOPLE, Supposition, as_fields, document_of, supposition_of


@pages.route("/score/what-if", methods=["GET", "POST"])
@access("citizen")
def what_if() -> Any:
    """The declaration behind the latest score, to change, beside that score: for the declarant and the head.

    By the formula and on the day of that score, so that only what is changed here moves it.
    """
    household = my_household()
    stored = read(latest_score, household_id=household.id) if household else None
    if household is None or stored is None:
        return redirect(url_for("citizen.score"))
    if not household.may_be_changed_by(current_subject().person_id):
        raise NotFound("what if")
    form = WhatIfForm(partial(_declared, stored), most=max(MOST_PEOPLE, len(stored.document["members"])))
    supposed = form.shown
    return answer("citizen/what_if", form, _worked_out(stored, supposed) if supposed else None, stored=stored)


def _declared(stored: StoredScore) -> Any:
    return as_fields(supposition_of(stored.document, stored.on))


def _worked_out(stored: StoredScore, supposed: Supposition) -> Outcome:
    model = read(model_named, model_id=stored.model)
    result = compute_score(document_of(supposed, stored.on), model=model, on=stored.on)
    return outcome_of(result, limits_on(scoring_day(now()), model=model), read(replay_score, stored=stored))
