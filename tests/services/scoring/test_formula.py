"""The shipped model is the table of the domain, and a file that is no model says why."""

from decimal import Decimal

import pytest

from services.scoring.formula import ModelFaults, read_model
from services.scoring.installed import FOLDER, shipped_models
from services.scoring.variables import VARIABLES

SHIPPED = (FOLDER / "rsu-2023-unofficial.toml").read_text(encoding="utf-8")


def test_the_shipped_model_says_that_it_is_not_official() -> None:
    model = shipped_models()["rsu-2023-unofficial"]
    assert not model.official
    assert model.source


def test_the_shipped_model_has_35_urban_and_28_rural_variables() -> None:
    formulas = shipped_models()["rsu-2023-unofficial"].formulas
    assert {milieu: len(formula.terms) for milieu, formula in formulas.items()} == {"urban": 35, "rural": 28}
    assert {term.key for formula in formulas.values() for term in formula.terms} == set(VARIABLES)


def test_coefficients_are_exact() -> None:
    terms = {term.key: term for term in shipped_models()["rsu-2023-unofficial"].formulas["urban"].terms}
    assert terms["head_age_squared"].coefficient == Decimal("0.0000771")
    assert terms["head_age_squared"].coefficient_nano == 77_100
    assert terms["members"].coefficient_nano == -177_000_000


def test_the_unknown_coefficient_stays_unknown() -> None:
    terms = shipped_models()["rsu-2023-unofficial"].formulas["rural"].terms
    assert [term.key for term in terms if term.coefficient is None] == ["car"]


def test_a_model_is_in_a_file_of_its_name() -> None:
    assert sorted(shipped_models()) == sorted(path.stem for path in FOLDER.glob("*.toml"))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "rsu-2023-unofficial"', 'id = "No Spaces"', "id:"),
        ("official = false", 'official = "no"', "official:"),
        ("valid_from = 2023-01-01", "valid_from = 2023", "valid_from:"),
        ("source =", "sauce =", "sauce: not a part of a model"),
        ("MA-09 = 0.221\n", "", "rural.regions: needs each of MA-01 to MA-12"),
        ("constant = 9.825", 'constant = "unknown"', "urban.constant: a number"),
        ("garage = 0.117", "garages = 0.117", "urban.coefficients.garages: no such variable"),
        ("garage = 0.117", "garage = 0.1170000001", "urban.coefficients.garage: a number under 1000"),
        ("garage = 0.117", "garage = true", "urban.coefficients.garage: a number under 1000"),
        ("garage = 0.117", "garage = nan", "urban.coefficients.garage: a number under 1000"),
        ("garage = 0.117", "garage = 1e999999", "urban.coefficients.garage: a number under 1000"),
        ("[rural.coefficients]", "[rural.weights]", "rural: needs constant, regions and coefficients"),
        ("[urban]", "[urban", "not TOML"),
    ],
)
def test_a_faulty_model_is_refused_with_the_place(old: str, new: str, fault: str) -> None:
    with pytest.raises(ModelFaults) as refused:
        read_model(SHIPPED.replace(old, new, 1))
    assert any(line.startswith(fault) for line in refused.value.faults)


def test_every_fault_of_a_model_is_named_at_once() -> None:
    with pytest.raises(ModelFaults) as refused:
        read_model("official = 1")
    assert len(refused.value.faults) == 6
