"""The IDCS and the mobile, in every way that people write them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import verhoeff

from services.population.identifiers import (
    IDCS_FORM,
    IDCS_WRONG,
    InvalidIdentifier,
    format_idcs,
    issue_idcs,
    mask_mobile,
    parse_idcs,
    parse_mobile,
    to_ascii_digits,
)

SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
BETWEEN = ["", " ", "\u00a0", "-", "\u2011", "–", "\u200f", "\u202a"]

issued = st.integers().map(lambda seed: issue_idcs(random.Random(seed)))


@st.composite
def as_written(draw: st.DrawFn, digits: str) -> str:
    """``digits`` in one of three scripts, with anything harmless between them."""
    script = draw(st.sampled_from(SCRIPTS))
    return "".join(script[int(digit)] + draw(st.sampled_from(BETWEEN)) for digit in digits)


def with_check_digit(prefix: str) -> str:
    return prefix + str(verhoeff.calc_check_digit(prefix))


@given(st.data(), issued)
def test_an_idcs_is_read_however_it_is_written(data: st.DataObject, idcs: str) -> None:
    assert parse_idcs(data.draw(as_written(idcs))) == idcs


@given(issued)
def test_a_shown_idcs_reads_back(idcs: str) -> None:
    assert parse_idcs(format_idcs(idcs)) == idcs


@given(issued, st.integers(1, 9), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(idcs: str, place: int, shift: int) -> None:
    wrong = idcs[:place] + str((int(idcs[place]) + shift) % 10) + idcs[place + 1 :]
    with pytest.raises(InvalidIdentifier, match="not right"):
        parse_idcs(wrong)


@given(issued, st.integers(1, 8))
def test_two_digits_swapped_are_noticed(idcs: str, place: int) -> None:
    swapped = idcs[:place] + idcs[place + 1] + idcs[place] + idcs[place + 2 :]
    if swapped != idcs:
        with pytest.raises(InvalidIdentifier):
            parse_idcs(swapped)


@given(st.text(max_size=80))
def test_any_text_is_an_idcs_or_refused(text: str) -> None:
    try:
        idcs = parse_idcs(text)
    except InvalidIdentifier as refusal:
        idcs = refusal.reason
    assert idcs in (IDCS_FORM, IDCS_WRONG) or parse_idcs(idcs) == idcs


@pytest.mark.parametrize(
    "text", ["", "234567890", "12345678901", "0345678906", "1345678906", "23456\0" + "78906", "²34567890"]
)
def test_what_is_not_ten_digits_from_two_is_told_so(text: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        parse_idcs(text)
    assert refusal.value.reason == IDCS_FORM


def test_five_megabytes_are_refused_at_once() -> None:
    for parse in (parse_idcs, parse_mobile):
        with pytest.raises(InvalidIdentifier):
            parse("2" * 5_000_000)


def test_easy_patterns_are_refused_although_their_check_digit_is_right() -> None:
    halves = [with_check_digit(f"{n:05}{n // 10:04}") for n in range(20000, 99999)]
    easy = [idcs for idcs in halves if idcs[:5] == idcs[5:]][:3]
    palindromes = [with_check_digit(f"{n:05}" + f"{n:05}"[:0:-1]) for n in range(20000, 99999)]
    easy += [idcs for idcs in palindromes if idcs == idcs[::-1]][:3]
    easy += [idcs for idcs in (with_check_digit((f"{n}" * 5)[:9]) for n in range(20, 100)) if idcs == idcs[:2] * 5]
    assert len(easy) > 6
    for idcs in easy:
        with pytest.raises(InvalidIdentifier):
            parse_idcs(idcs)


def test_a_hand_computed_check_digit() -> None:
    assert parse_idcs("234 567 8906") == "2345678906"
    assert format_idcs("2345678906") == "234 567 8906"


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "+212612345678",
        "+212 (0)6 12 34 56 78",
        "00212612345678",
        "٠٦١٢٣٤٥٦٧٨",
        "۰۶۱۲۳۴۵۶۷۸",
        "\u202a+212 612-345678\u202c",
        "612345678",
    ],
)
def test_a_mobile_is_read_however_it_is_written(text: str) -> None:
    assert parse_mobile(text) == "+212612345678"


@given(st.data(), st.from_regex(r"0[67][0-9]{8}", fullmatch=True))
def test_every_mobile_keeps_its_digits(data: st.DataObject, national: str) -> None:
    mobile = parse_mobile(data.draw(as_written(national)))
    assert mobile == "+212" + national[1:]
    assert parse_mobile(mobile) == mobile


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0522123456",
        "+33612345678",
        "06123456",
        "061234567890",
        "0612345678\0",
        "06ABCDEFGH",
        "++212612345678",
        "0812345678",
    ],
)
def test_what_cannot_receive_an_sms_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentifier, match="06 or 07"):
        parse_mobile(text)


def test_a_masked_mobile_shows_its_first_and_last_two_digits() -> None:
    assert mask_mobile("+212612345678") == "06 •• •• •• 78"


def test_other_text_keeps_all_but_its_digits() -> None:
    assert to_ascii_digits("١٢ درهم و ۵۰") == "12 درهم و 50"
