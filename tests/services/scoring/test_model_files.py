"""A file that is no model says why, each fault with its line; one that is says the same however it is laid out."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.scoring.formula import Model
from services.scoring.model_files import HEADINGS, TABLES, ModelFaults, nano_of, read_model
from services.scoring.shipped import shipped_models
from services.scoring.toml_lines import LineFault
from services.scoring.variables import VARIABLES
from tests.services.scoring.model_texts import SHIPPED, a_text, line_of

MODEL = shipped_models()["rsu-2023-unofficial"]
PROGRAMMES = ("asd", "amo_tadamon")
NUMBER = "a number under 1000 with at most nine decimals"


def faults(text: str, *others: Model) -> list[str]:
    with pytest.raises(ModelFaults) as refused:
        read_model(text, programmes=PROGRAMMES, others=others)
    assert str(refused.value).count("\n") == 0
    return [f"{line}: {reason}" for line, reason in refused.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('id = "rsu-2023-unofficial"', 'id = "No Spaces"', "id: up to 40 small letters, digits and dashes"),
        ("official = false", 'official = "no"', "official: true or false"),
        ("valid_from = 2023-01-01", "valid_from = 2023", "valid_from: a day, such as 2023-01-01"),
        ("valid_from = 2023-01-01", "valid_until = 2023-13-41", "not TOML: Expected newline"),
        ("MA-09 = 0.221", "MA-13 = 0.221", "rural.regions.MA-13: no such region"),
        ("constant = 9.825", 'constant = "unknown"', f"urban.constant: {NUMBER}"),
        ("garage = 0.117", "camel = 0.117", "urban.coefficients.camel: no such variable"),
        ("garage = 0.117", "loan = 0.117", "urban.coefficients.loan: stands twice, first in line "),
        ("garage = 0.117", "garage = 0,117", "not TOML: Expected newline"),
        ("garage = 0.117", "garage", "not TOML: Expected '='"),
        ("garage = 0.117", "garage.doors = 2", "urban.coefficients.garage: not a part of a model"),
        ("garage = 0.117", "garage = 0.117 # ok\n[urban]", "urban: stands twice, first in line "),
        ("[rural.coefficients]", "[rural.weights]", "rural.weights: not a part of a model"),
        ("[rural.coefficients]", "[[rural.coefficients]]", "rural.coefficients: a list of tables has no place here"),
        ("[urban]", "[urban", "not TOML: Expected ']'"),
        ("[urban]", "urban = 3", "urban: is a table"),
        ("[urban]", "[thresholds]\nasd = 9\ntaysir = 9\n[urban]", "thresholds.taysir: no such programme; there is asd"),
        ("[urban]", "[thresholds]\n\nasd = 9.12345678901\n[urban]", f"thresholds.asd: {NUMBER}"),
        ("[urban]", "[thresholds]\n[urban]", "thresholds: names nothing"),
        ("source =", "sauce =", "sauce: not a part of a model"),
    ],
)
def test_a_fault_names_its_line(old: str, new: str, reason: str) -> None:
    text = SHIPPED.replace(old, new, 1)
    key = reason.split(":")[0].split(".")[-1]
    wanted = [number for number, line in enumerate(text.split("\n"), 1) if new.split("\n")[0] in line]
    told = faults(text)
    named = [number for number, line in enumerate(text.split("\n"), 1) if line.strip("[").startswith(key)]
    assert any(one.startswith(f"{number}: {reason}") for one in told for number in (*wanted, *named)), told


# Nothing but an exact decimal of nine places under 1000.
REFUSED_NUMBERS = ("nan", "inf", "-inf", "1e-12", "0.1170000001", f"0.117{'0' * 50}1", "1000", "-1000.0", "1e999999")
REFUSED = (*REFUSED_NUMBERS, "1e99999999999999999999", "true", '"0.117"', '"Unknown"', "[0.117]", "{}", "2026-01-01")


@pytest.mark.parametrize("written", REFUSED)
def test_a_coefficient_that_is_no_exact_decimal_of_nine_places_is_refused(written: str) -> None:
    text = a_text(garage=written)
    assert faults(text) == [f"{line_of(text, 'garage')}: urban.coefficients.garage: {NUMBER}, or 'unknown'"]


@given(st.integers(-(10**12) + 1, 10**12 - 1), st.integers(0, 30))
@example(0, 0)
@example(1, 30)
def test_a_number_of_nine_places_is_exact_however_many_zeros_follow(nano: int, zeros: int) -> None:
    written = f"{Decimal(nano).scaleb(-9):.9f}" + "0" * zeros
    assert nano_of(Decimal(written)) == nano
    assert nano_of(Decimal(written + "1")) is None


def test_what_is_missing_is_told_where_its_table_begins() -> None:
    text = SHIPPED.replace("MA-05 = 0\n", "", 1).replace('source = "', '# "', 1)
    assert faults(text) == [
        "1: source: is missing: where the coefficients come from, in up to 500 characters",
        f"{line_of(text, '[urban.regions]')}: urban.regions.MA-05: is missing",
    ]


def test_every_fault_is_told_at_once_in_the_order_of_the_lines() -> None:
    told = faults(a_text(loan="nan", garage="1,5", cars="x").replace("bath =", "camel =") + "\nlast")
    lines = [int(one.split(":")[0]) for one in told]
    assert lines == sorted(lines)
    assert len(told) == 5
    assert len(faults("")) == 6


def test_days_that_another_model_has_are_refused() -> None:
    bounded = replace(MODEL, id="other", valid_from=date(2027, 1, 1), valid_until=date(2027, 12, 31))
    text = a_text(valid_from="2027-06-01")
    first = line_of(text, "valid_from")
    assert faults(text, bounded) == [f"{first}: valid_from: the model other holds from 2027-01-01 until 2027-12-31"]
    assert faults(a_text(valid_from="2023-01-01"), MODEL) == [
        f"{first}: valid_from: the model rsu-2023-unofficial begins on that day too"
    ]
    until = a_text(valid_from="2026-06-01\nvalid_until = 2027-01-01")
    assert faults(until, bounded) == [
        f"{first + 1}: valid_until: the model other begins on 2027-01-01, before this one ends"
    ]
    assert read_model(a_text(valid_from="2028-01-01"), others=[bounded, MODEL]).valid_until is None


def test_a_validity_ends_on_its_day_and_not_before_it_begins() -> None:
    one_day = read_model(a_text(valid_from="2027-01-01\nvalid_until = 2027-01-01"))
    assert (one_day.valid_from, one_day.valid_until) == (date(2027, 1, 1), date(2027, 1, 1))
    text = a_text(valid_from="2027-01-01\nvalid_until = 2026-12-31")
    assert faults(text) == [f"{line_of(text, 'valid_until')}: valid_until: before valid_from, 2027-01-01"]


def test_thresholds_are_exact_and_a_model_without_them_has_none() -> None:
    model = read_model(a_text() + "\n[thresholds]\nasd = 9.743001\n", programmes=PROGRAMMES)
    assert model.thresholds == {"asd": 9_743_001_000}
    assert MODEL.thresholds == {}


def test_the_layout_of_a_file_does_not_matter() -> None:
    compact = SHIPPED.split("[urban]")[0].replace("\n", "\r\n") + "".join(
        f"{milieu} = {{constant = {formula.constant_nano}e-9, regions = {{{regions(formula.regions)}}}, "
        f"coefficients = {{{coefficients(formula.terms)}}}}}\r\n"
        for milieu, formula in MODEL.formulas.items()
    )
    assert read_model(compact) == MODEL
    long = read_model(SHIPPED.replace('source = "', 'source = """\nIn several lines\n').replace('2025"', '2025"""'))
    assert long.source.startswith("In several lines\n")
    assert long.formulas == MODEL.formulas


def regions(known: dict[str, int]) -> str:
    return ", ".join(f"{code} = {nano}e-9" for code, nano in known.items())


def coefficients(terms: tuple) -> str:
    return ", ".join(f'"{t.key}" = ' + ('"unknown"' if t.coefficient is None else f"{t.coefficient:f}") for t in terms)


@given(st.text(st.sampled_from("abid=[].\"'#\n\r\\{},0123456789-_ eE+\ufeffé"), max_size=60), st.integers(0, 110))
def test_nothing_that_is_written_into_a_file_breaks_the_reader(noise: str, place: int) -> None:
    lines = SHIPPED.split("\n")
    text = "\n".join([*lines[:place], noise, *lines[place:]])
    said = told_of(text)
    if isinstance(said, Model):
        assert {term.key for formula in said.formulas.values() for term in formula.terms} <= set(VARIABLES)
    else:
        last = text.count("\n") + 1
        assert said
        assert all(1 <= line <= last and reason.isprintable() for line, reason in said)


def told_of(text: str) -> Model | list[LineFault]:
    try:
        return read_model(text, programmes=PROGRAMMES)
    except ModelFaults as refused:
        return refused.faults


def test_the_description_of_the_format_names_every_key() -> None:
    described = (Path(__file__).parents[3] / "docs/model-format.md").read_text(encoding="utf-8")
    keys = [*VARIABLES, *HEADINGS, "constant", *(f"[{table[0]}]" for table in TABLES if len(table) == 1)]
    assert [key for key in keys if f"`{key}`" not in described] == []
