"""Reading what people type."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.households.answers import (
    READERS,
    Parsed,
    as_typed,
    clean_text,
    confirmation_field,
    parse_answers,
    read_number,
)
from services.households.flow import Facts
from services.households.questionnaire import QUESTIONNAIRE, Kind, Page, Step
from services.messages import Words
from tests.services.households.filled_forms import fill_form, some_members

HOME, BILLS, ADDRESS, WORK = (QUESTIONNAIRE.by_key[key] for key in ("home", "bills", "address", "work"))
GOOD_HOME = {"dwelling": "villa", "tenure": "owner", "rooms": "3", "nuclei": "1"}
GOOD_ADDRESS = {
    "region": "MA-04",
    "province": "MA-RAB",
    "commune": "Rabat",
    "address": "12, rue des Oliviers",
    "milieu": "urban",
}


def read(page: Page, posted: dict[str, str], age: int | None = None, **saved: Any) -> Parsed:
    return parse_answers(page, {key: [text] for key, text in posted.items()}, facts=Facts(age), saved=saved)


def says(words: Words) -> str:
    shown = {key: says(value) if isinstance(value, Words) else value for key, value in words.params.items()}
    return (words.plural or words.key) % shown


@pytest.mark.parametrize(
    ("typed", "dirhams"),
    [
        ("210", 210),
        ("٢١٠", 210),
        ("۲۱۰", 210),
        (" 2 10 ", 210),
        ("12,50", 13),
        ("12.49", 12),
        ("12,5", 13),
        ("١٢٫٥", 13),
        ("1 200", 1200),
        ("1\u202f200,50", 1201),
        ("1.200", 1200),
        ("1,200.00", 1200),
        ("1.200,00", 1200),
        ("210 DH", 210),
        ("210dhs", 210),
        ("٢١٠ درهم", 210),
        ("+210", 210),
        ("0", 0),
        (",5", 1),
        ("0.400", 0),
    ],
)
def test_an_amount_is_read_however_it_is_written(typed: str, dirhams: int) -> None:
    parsed = read(BILLS, {"water_electricity_1": typed})
    assert parsed.values["water_electricity_1"] == dirhams


@pytest.mark.parametrize("typed", ["", "deux cents", "2/3", "1.2.3", "--5", "1e3", "9" * 60, "\x00", "NaN", "½", "²"])
def test_what_is_no_amount_says_what_to_write_and_names_the_field(typed: str) -> None:
    fault = read(BILLS, {"water_electricity_1": typed}).faults["water_electricity_1"]
    assert says(fault) == "Bill of last month: write an amount in dirhams, for example 210"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "Gas bottles: write 0 or more"),
        ("−0,3", "Gas bottles: write 0 or more"),
        ("1000001", "Gas bottles: write 1000000 or less"),
        ("9" * 40, "Gas bottles: write 1000000 or less"),
    ],
)
def test_an_amount_out_of_bounds_is_refused(typed: str, sentence: str) -> None:
    assert says(read(BILLS, {"butane_monthly": typed}).faults["butane_monthly"]) == sentence


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "Rooms: write 1 or more"),
        ("-2", "Rooms: write 1 or more"),
        ("2,5", "Rooms: write a whole number, for example 3"),
        ("trois", "Rooms: write a number, for example 3"),
        ("1000", "Rooms: write 999 or less"),
    ],
)
def test_a_count_that_cannot_be_is_refused(typed: str, sentence: str) -> None:
    assert says(read(HOME, {**GOOD_HOME, "rooms": typed}).faults["rooms"]) == sentence


def test_an_unusual_value_waits_for_a_confirmation_of_that_very_value() -> None:
    parsed = read(HOME, {**GOOD_HOME, "rooms": "60"})
    assert says(parsed.unusual["rooms"]) == "Rooms: you wrote 60. If this is right, tick the box. If not, correct it."
    assert not parsed.can_be_saved
    box = confirmation_field("rooms")
    assert read(HOME, {**GOOD_HOME, "rooms": "٦٠", box: "60"}).can_be_saved
    assert read(HOME, {**GOOD_HOME, "rooms": "600", box: "60"}).unusual
    assert read(HOME, {**GOOD_HOME, "rooms": "60"}, rooms=60).can_be_saved


def test_a_water_bill_of_40000_dirhams_asks_and_does_not_refuse() -> None:
    parsed = read(BILLS, {"water_electricity_1": "40 000"})
    assert "water_electricity_1" not in parsed.faults
    assert "40000 dirhams" in says(parsed.unusual["water_electricity_1"])


def test_an_empty_page_has_a_fault_for_each_question_and_no_value() -> None:
    for page in QUESTIONNAIRE.pages:
        facts = Facts(18 if page.per_member else None, {"milieu": "rural"})
        parsed = parse_answers(page, {}, facts=facts)
        asked = {one.key for one in page.questions if one.holds(facts.known)}
        assert set(parsed.faults) == asked
        assert parsed.values == {}
        for words in parsed.faults.values():
            assert says(words)


def test_a_choice_that_is_not_offered_is_refused() -> None:
    parsed = read(HOME, {**GOOD_HOME, "dwelling": "castle"})
    assert says(parsed.faults["dwelling"]) == "Kind of home: choose one answer"


def test_a_province_of_another_region_is_refused() -> None:
    parsed = read(ADDRESS, {**GOOD_ADDRESS, "province": "MA-FES"})
    assert says(parsed.faults["province"]) == "Province or prefecture: choose one from the list of your region"


def test_the_occupation_is_asked_only_of_who_works() -> None:
    assert "occupation" in read(WORK, {"activity": "employed"}, age=30).faults
    kept = read(WORK, {"activity": "home", "occupation": "trader"}, age=30)
    assert kept.can_be_saved
    assert kept.values == {"activity": "home"}


def test_none_for_now_stands_alone() -> None:
    aid = QUESTIONNAIRE.by_key["aid"]
    both = parse_answers(aid, {"aids": ["none", "asd"]}, facts=Facts())
    assert says(both.faults["aids"]) == "Aid: choose “None for now” by itself, or take it away"
    assert parse_answers(aid, {"aids": ["amo_tadamon", "asd", "asd"]}, facts=Facts()).values == {
        "aids": ["asd", "amo_tadamon"]
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  douar   Aït Ali \n près de l'école ", "douar Aït Ali près de l'école"),
        ("12\x00 rue\x07 des Oliviers", "12 rue des Oliviers"),
        ("\u202eأكادير\u2066 حي السلام\u200f", "أكادير حي السلام"),
        ("Ai\u0308t Baha \ud800", "Aït Baha"),
        ("12 rue 👩‍👧 Atlas", "12 rue 👩‍👧 Atlas"),
        ("ⴰⴳⴰⴷⵉⵔ", "ⴰⴳⴰⴷⵉⵔ"),
    ],
)
def test_text_is_cleaned_of_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert read(ADDRESS, {**GOOD_ADDRESS, "address": typed}).values["address"] == kept


@pytest.mark.parametrize("typed", ["", "   ", "\u202e\x00", "…", "🏠"])
def test_a_text_without_a_letter_or_digit_is_missing(typed: str) -> None:
    fault = read(ADDRESS, {**GOOD_ADDRESS, "commune": typed}).faults["commune"]
    assert says(fault) == "Commune: write it, for example Agouraï"


@pytest.mark.parametrize("length", [201, 5_000_000])
def test_a_text_too_long_is_refused(length: int) -> None:
    fault = read(ADDRESS, {**GOOD_ADDRESS, "address": "a" * length}).faults["address"]
    assert says(fault) == "Address: write it shorter, in 200 characters at most"


@given(st.text())
def test_cleaning_text_twice_changes_nothing_and_leaves_nothing_hidden(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    cleaned.encode()
    assert not any(unicodedata.category(one) == "Cc" or "\u202a" <= one <= "\u202e" for one in cleaned)


@given(st.text())
def test_any_text_is_a_number_or_none(text: str) -> None:
    read_number(text)


@given(st.dictionaries(st.sampled_from(["rooms", "dwelling", "nuclei", "tenure", "x"]), st.lists(st.text())))
def test_whatever_is_posted_each_question_is_answered_or_at_fault(raw: dict[str, list[str]]) -> None:
    parsed = parse_answers(HOME, raw, facts=Facts())
    keys = {question.key for question in HOME.questions}
    assert set(parsed.values) | set(parsed.faults) == keys
    assert not set(parsed.values) & set(parsed.faults)


def test_what_is_typed_for_saved_values_reads_as_the_same_values() -> None:
    members = some_members(40, 18, 8)
    for (key, position), values in fill_form(members, milieu="rural", activity="home").items():
        page = QUESTIONNAIRE.by_key[key]
        age = members[position - 1].age if position else None
        facts = Facts(age, {"milieu": "rural"} if key == "property" else {})
        parsed = parse_answers(page, as_typed(page, values), facts=facts)
        expected = {one: value for one, value in values.items() if one != "occupation"}
        assert parsed.can_be_saved, Step(key, position)
        assert parsed.values == expected


def test_every_kind_of_question_has_a_sentence_for_a_missing_answer() -> None:
    assert set(READERS) == set(Kind)
