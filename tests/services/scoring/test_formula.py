"""The shipped model is the table of the domain."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.programmes.catalogue import PROGRAMMES
from services.scoring.formula import model_holding
from services.scoring.model_files import read_model
from services.scoring.shipped import shipped_models, shipped_texts
from services.scoring.variables import VARIABLES

MODEL = shipped_models()["rsu-2023-unofficial"]


def test_the_shipped_model_says_that_it_is_not_official() -> None:
    assert not MODEL.official
    assert MODEL.source


def test_the_shipped_model_has_35_urban_and_28_rural_variables() -> None:
    assert {milieu: len(formula.terms) for milieu, formula in MODEL.formulas.items()} == {"urban": 35, "rural": 28}
    assert {term.key for formula in MODEL.formulas.values() for term in formula.terms} == set(VARIABLES)


def test_coefficients_are_exact() -> None:
    terms = {term.key: term for term in MODEL.formulas["urban"].terms}
    assert terms["head_age_squared"].coefficient == Decimal("0.0000771")
    assert terms["head_age_squared"].coefficient_nano == 77_100
    assert terms["members"].coefficient_nano == -177_000_000


def test_the_unknown_coefficient_stays_unknown() -> None:
    assert [term.key for term in MODEL.formulas["rural"].terms if term.coefficient is None] == ["car"]


@pytest.mark.parametrize("model_id", sorted(shipped_texts()))
def test_a_shipped_model_is_sound_beside_the_others_and_in_a_file_of_its_name(model_id: str) -> None:
    model = read_model(shipped_texts()[model_id], programmes=tuple(PROGRAMMES), others=shipped_models().values())
    assert model.id == model_id


def test_a_model_with_a_last_day_holds_up_to_it_and_then_the_one_before_again() -> None:
    short = replace(MODEL, id="rsu-2027", valid_from=date(2027, 1, 1), valid_until=date(2027, 6, 30))
    holding = [model_holding([short, MODEL], day).id for day in (date(2026, 12, 31), date(2027, 6, 30))]
    assert holding == ["rsu-2023-unofficial", "rsu-2027"]
    assert model_holding([short, MODEL], date(2027, 7, 1)).id == "rsu-2023-unofficial"
    with pytest.raises(LookupError, match=r"^no model holds on 2027-07-01$"):
        model_holding([short], date(2027, 7, 1))


def test_before_the_first_model_none_holds_and_the_first_is_named() -> None:
    with pytest.raises(LookupError, match="no model holds on 2022-12-31: the first, rsu-2023-unofficial"):
        model_holding([MODEL], date(2022, 12, 31))
