"""Each condition is met, not met or not to be known yet; the whole follows from them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from services.households.household_view import HouseholdView
from services.programmes.catalogue import PROGRAMMES, conditions_on, limits_on
from services.programmes.catalogue_file import CONDITIONS
from services.programmes.eligibility import (
    TABLE,
    Outcome,
    Situation,
    Standing,
    eligibility_of,
    situation_of,
)
from services.scoring.records import record_score
from tests.services.programmes.families import child, family
from tests.services.scoring.conftest import household_id  # noqa: F401 (a fixture)
from tests.services.scoring.declarations import a_head
from tests.services.scoring.stored import declare

DAY = date(2026, 6, 15)
ASD, AMO = 9_743_001_000, 9_326_428_400
SOMEBODY = family()


def situation(on: date = DAY, **known: Any) -> Situation:
    facts = {"state": "active", "document": SOMEBODY, "total_nano": AMO, "limits": limits_on(on), **known}
    return Situation(on, **facts)


def outcome(key: str, programme: str = "asd", **known: Any) -> Outcome:
    found = eligibility_of(programme, situation(**known))
    return next(condition.outcome for condition in found.conditions if condition.key == key)


def test_every_condition_of_the_catalogue_can_be_looked_at() -> None:
    assert set(TABLE) == set(CONDITIONS)
    used = {row.item for key in PROGRAMMES for row in conditions_on(key, DAY)}
    assert used == set(CONDITIONS)


@pytest.mark.parametrize(
    ("programme", "total_nano", "standing"),
    [
        ("asd", ASD - 1, Standing.OPEN),
        ("asd", ASD, Standing.OPEN),
        ("asd", ASD + 1, Standing.NOT_OPEN),
        ("amo_tadamon", AMO - 1, Standing.OPEN),
        ("amo_tadamon", AMO, Standing.OPEN),
        ("amo_tadamon", AMO + 1, Standing.NOT_OPEN),
        ("asd", None, Standing.UNKNOWN),
    ],
)
def test_a_programme_is_open_up_to_its_limit(programme: str, total_nano: int | None, standing: Standing) -> None:
    assert eligibility_of(programme, situation(total_nano=total_nano)).standing == standing


def test_the_distance_to_the_limit_is_told_and_at_the_limit_there_is_none() -> None:
    def told(total_nano: int) -> tuple[str, str]:
        words = eligibility_of("asd", situation(total_nano=total_nano)).conditions[1].words
        return words.key, f"{words.params['distance']:f}"

    assert told(AMO)[1] == "0.417"
    assert told(ASD)[1] == "0.000000"
    assert "exactly" in told(ASD)[0]
    assert "above" in told(ASD + 1)[0]
    assert told(ASD + 1)[1] == "0.000000001"


@pytest.mark.parametrize(
    ("key", "programme", "known", "expected"),
    [
        ("household_registered", "asd", {}, Outcome.MET),
        ("household_registered", "asd", {"state": "forming"}, Outcome.UNKNOWN),
        ("household_registered", "asd", {"state": None}, Outcome.UNKNOWN),
        ("household_registered", "asd", {"state": "declared", "total_nano": None}, Outcome.UNKNOWN),
        ("household_registered", "asd", {"state": "declared"}, Outcome.MET),
        ("household_registered", "asd", {"state": "erased"}, Outcome.NOT_MET),
        ("head_lives_in_morocco", "asd", {}, Outcome.MET),
        ("head_lives_in_morocco", "asd", {"document": {}}, Outcome.UNKNOWN),
        ("no_other_family_allowance", "asd", {}, Outcome.UNKNOWN),
        ("no_other_family_allowance", "asd", {"said": {"no_other_family_allowance": True}}, Outcome.MET),
        ("no_other_family_allowance", "asd", {"said": {"no_other_family_allowance": False}}, Outcome.NOT_MET),
        ("no_other_health_cover", "amo_tadamon", {}, Outcome.MET),
        ("no_other_health_cover", "amo_tadamon", {"document": {}}, Outcome.UNKNOWN),
        ("no_other_health_cover", "amo_tadamon", {"said": {"no_other_health_cover": False}}, Outcome.NOT_MET),
    ],
)
def test_a_condition_is_met_or_not_or_not_known(key: str, programme: str, known: Any, expected: Outcome) -> None:
    assert outcome(key, programme, **known) == expected


def test_another_cover_of_the_couple_closes_it_and_of_a_child_leaves_it_open() -> None:
    key, couple = "no_other_health_cover", family(a_head(relation="spouse", health_cover="other"))
    assert outcome(key, "amo_tadamon", document=couple) == Outcome.NOT_MET
    one_child = family(child("2015-01-10", health_cover="other"))
    assert outcome(key, "amo_tadamon", document=one_child) == Outcome.UNKNOWN
    assert eligibility_of("amo_tadamon", situation(document=one_child)).standing == Standing.UNKNOWN


def test_what_only_the_application_asks_keeps_nothing_closed() -> None:
    assert eligibility_of("asd", situation()).standing == Standing.OPEN
    said_no = situation(said={"no_other_family_allowance": False})
    assert eligibility_of("asd", said_no).standing == Standing.NOT_OPEN


def test_one_condition_not_met_closes_it_whatever_is_unknown() -> None:
    assert eligibility_of("asd", situation(total_nano=ASD + 1, state="declared")).standing == Standing.NOT_OPEN


@pytest.mark.parametrize(("programme", "day"), [("tayssir", DAY), ("asd", date(2023, 12, 3)), ("ramed", DAY)])
def test_a_programme_that_is_over_or_has_not_begun_is_open_to_nobody(programme: str, day: date) -> None:
    assert eligibility_of(programme, situation(on=day)).standing == Standing.OVER


def test_a_limit_that_is_not_published_is_no_crash() -> None:
    assert outcome("score_within_limit", limits=()) == Outcome.UNKNOWN


def test_nothing_is_known_without_a_household(session: Session) -> None:
    found = situation_of(session, household=None, on=DAY)
    assert {eligibility_of(key, found).standing for key in ("asd", "amo_tadamon")} == {Standing.UNKNOWN}


def test_the_score_in_effect_is_the_one_that_counts(session: Session, household_id: Any) -> None:  # noqa: F811
    now = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
    view = HouseholdView(household_id, "active", uuid4(), (), None, None, None)
    assert situation_of(session, household=view, on=DAY).total_nano is None
    declaration = declare(session, household_id)
    recording = {"household_id": household_id, "declaration_id": declaration.id, "document": declaration.document}
    record_score(session, **recording, cause="first", takes_effect_on=date(2026, 6, 20), now=now)
    assert situation_of(session, household=view, on=DAY).total_nano is None
    found = situation_of(session, household=view, on=date(2026, 6, 20))
    assert found.total_nano is not None
    assert found.declared_on == DAY
    assert [limit.programme for limit in found.limits] == ["asd", "amo_tadamon"]
