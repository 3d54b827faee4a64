"""References: typed in any way, and never mistaken for one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.requests.references import (
    ALPHABET,
    LENGTH,
    InvalidReference,
    format_reference,
    new_reference,
    parse_reference,
)

references = st.builds(new_reference)


@given(references)
def test_a_reference_reads_back_as_it_is_shown(reference: str) -> None:
    assert len(reference) == LENGTH
    assert parse_reference(format_reference(reference)) == reference
    assert parse_reference(f"  {reference.lower()[:5]} . {reference.lower()[5:]}\u200f") == reference


@given(references, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(reference: str, place: int, other: str) -> None:
    wrong = reference[:place] + other + reference[place + 1 :]
    if wrong != reference:
        with pytest.raises(InvalidReference):
            parse_reference(wrong)


@given(references, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_swapped_characters_are_noticed(reference: str, one: int, two: int) -> None:
    letters = list(reference)
    letters[one], letters[two] = letters[two], letters[one]
    if letters != list(reference):
        with pytest.raises(InvalidReference):
            parse_reference("".join(letters))


@given(references)
def test_arabic_digits_and_look_alikes_are_read(reference: str) -> None:
    arabic = reference.translate(str.maketrans("23456789", "٢٣٤٥٦٧٨٩"))
    alike = reference.translate(str.maketrans("5286", "SZBG"))
    assert parse_reference(arabic) == parse_reference(alike) == reference


NO_REFERENCES = ("", "7KQ2", "7KQ2-9XMP-4DD2", "\x00" * 10, "١" * 10, "😀" * 10, "ß" * 5, "7" * 100_000)


@pytest.mark.parametrize("text", NO_REFERENCES)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(InvalidReference):
        parse_reference(text)
