"""The programmes: whom each is open to, with the reasons, and what a family would receive."""

from typing import Any

from flask import url_for

from portal.access import access, current_subject
from portal.citizen import pages, programmes_told
from portal.citizen.file import my_household
from portal.database import now, read
from portal.htmx import page
from services.errors import NotFound
from services.households.household_view import HouseholdView
from services.programmes.catalogue import PROGRAMMES, Programme, conditions_on
from services.programmes.eligibility import Situation, eligibility_of, situation_of
from services.programmes.entitlement_ahead import coming_changes, first_of_month, given_once, months_ahead
from services.scoring.compute import scoring_day


@pages.get("/programmes")
@access("citizen")
def programmes() -> Any:
    """Every programme: open to the household, not open, or not to be known yet; and those that ended."""
    household = my_household()
    today = scoring_day(now())
    situation = read(situation_of, household=household, on=today)
    # Of a programme that had ended before this software began, no conditions are known on any day.
    running = [one for one in PROGRAMMES.values() if conditions_on(one.key, today)]
    return page(
        "citizen/programmes",
        step=3,
        cards=[programmes_told.card(one, situation, sees_all=_sees_all(household)) for one in running],
        ended=[programmes_told.ended(one) for one in PROGRAMMES.values() if one.ended_on(today)],
        has_score=situation.total_nano is not None,
    )


@pages.get("/programmes/<key>")
@access("citizen")
def programme(key: str) -> Any:
    """One programme: each condition with its reason, the amounts child by child, and what is coming.

    Children and amounts are the family's own: for the declarant and the head. Raises NotFound for
    an unknown programme.
    """
    found = PROGRAMMES.get(key)
    if found is None:
        raise NotFound("programme")
    today = scoring_day(now())
    if found.ended_on(today):
        return page("citizen/programme_over", step=3, told=programmes_told.ended(found))
    household = my_household()
    situation = read(situation_of, household=household, on=today)
    sees_all = _sees_all(household)
    return page(
        "citizen/programme",
        step=3,
        programme=found,
        limit=situation.limit_of(key),
        told=programmes_told.told(eligibility_of(key, situation), sees_all=sees_all),
        money=_money(found, household, situation) if sees_all else None,
        sees_all=sees_all,
        ask=url_for("citizen.application", key=key) if sees_all else None,
    )


def _sees_all(household: HouseholdView | None) -> bool:
    return household is not None and household.may_be_changed_by(current_subject().person_id)


def _money(programme: Programme, household: HouseholdView | None, situation: Situation) -> programmes_told.Money | None:
    if not programmes_told.gives_money(programme) or household is None or not situation.document:
        return None
    document, today = situation.document, situation.on
    months = months_ahead(document, on=today, declared_on=situation.declared_on)
    once = given_once(document, on=today)
    places = {one.child.place for month in months for one in month.children} | {one.places[0] for one in once}
    names = programmes_told.names_of(document, household, places)
    return programmes_told.money(months[0], coming_changes(months), once, names, today=first_of_month(today))
