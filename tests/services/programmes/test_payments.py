"""The channels of payment: a bank account by its key, a wallet by its mobile number, cash without any."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.population.identifiers import InvalidIdentifier
from services.programmes.payees import ROLES
from services.programmes.payments import (
    CHANNELS,
    RIB_FORM,
    RIB_WRONG,
    _payments,
    mask_account,
    parse_rib,
    parse_wallet,
    payment_on,
    rib_key,
)

# The first is the example of the IBAN registry; the keys of the others were worked out by hand.
VALID = ("011519000001205000534921", "230810123456789012345695", "007780000123456789012396", "181330211110000000000045")
RIBS = st.integers(min_value=1, max_value=10**22 - 1).map(lambda body: f"{body:022d}{rib_key(f'{body:022d}'):02d}")


@pytest.mark.parametrize("rib", VALID)
def test_a_right_rib_is_taken_and_is_a_multiple_of_97(rib: str) -> None:
    assert parse_rib(rib) == rib
    assert int(rib) % 97 == 0


@pytest.mark.parametrize(
    "typed",
    [
        "011 519 0000012050005349 21",
        "011-519-0000012050005349-21",
        "\u200e011.519 0000 0120 5000 5349 21\u00a0",
        "٠١١٥١٩٠٠٠٠٠١٢٠٥٠٠٠٥٣٤٩٢١",
        "MA64 0115 1900 0001 2050 0053 4921",
        "ma64011519000001205000534921",
    ],
)
def test_a_rib_is_read_however_it_is_written(typed: str) -> None:
    assert parse_rib(typed) == VALID[0]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", RIB_FORM),
        ("01151900000120500053492", RIB_FORM),
        ("0115190000012050005349210", RIB_FORM),
        ("01151900000120500053492X", RIB_FORM),
        ("FR64011519000001205000534921", RIB_FORM),
        ("9" * 5_000_000, RIB_FORM),
        ("011519000001205000534922", RIB_WRONG),
        ("0" * 24, RIB_WRONG),
        ("0" * 22 + "97", RIB_WRONG),
        ("MA65011519000001205000534921", RIB_WRONG),
    ],
)
def test_a_wrong_rib_is_refused_with_what_to_do(typed: str, reason: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        parse_rib(typed)
    assert refused.value.reason == reason


def test_a_key_that_only_looks_right_is_refused() -> None:
    """98 leaves the same remainder as 01, and 00 as 97: no bank gives them."""
    bodies = {key: next(body for n in range(1, 200) if rib_key(body := f"{n:022d}") == key) for key in (1, 97)}
    for key, twin in ((1, 98), (97, 0)):
        assert int(f"{bodies[key]}{twin:02d}") % 97 == 0
        with pytest.raises(InvalidIdentifier):
            parse_rib(f"{bodies[key]}{twin:02d}")


@given(rib=RIBS, place=st.integers(0, 23), other=st.integers(1, 9))
def test_any_single_wrong_digit_is_refused(rib: str, place: int, other: int) -> None:
    assert parse_rib(rib) == rib
    wrong = rib[:place] + str((int(rib[place]) + other) % 10) + rib[place + 1 :]
    with pytest.raises(InvalidIdentifier):
        parse_rib(wrong)


@given(rib=RIBS, place=st.integers(0, 22))
def test_any_two_neighbours_swapped_are_refused(rib: str, place: int) -> None:
    swapped = rib[:place] + rib[place + 1] + rib[place] + rib[place + 2 :]
    if swapped != rib:
        with pytest.raises(InvalidIdentifier):
            parse_rib(swapped)


def test_a_wallet_is_a_moroccan_mobile() -> None:
    assert parse_wallet("06 12-34 56 78") == "+212612345678"
    for wrong in ("0512345678", "12", "+33612345678"):
        with pytest.raises(InvalidIdentifier, match="wallet"):
            parse_wallet(wrong)


def test_an_account_is_shown_by_its_last_four_digits() -> None:
    assert mask_account(VALID[0]) == "•••• 4921"
    assert mask_account("+212612345678") == "•••• 5678"


def test_each_way_to_pay_names_channels_and_payees_that_there_are() -> None:
    for row in _payments():
        assert set(row.channels) <= CHANNELS.keys()
        assert set(row.payees) <= ROLES.keys()
        assert row.grade in ("O", "P", "own")
        assert row.source


def test_who_is_paid_hangs_on_whether_there_is_a_child() -> None:
    day = date(2026, 6, 15)
    assert payment_on("asd", day, has_children=True).payees[0] == "husband"
    assert payment_on("asd", day, has_children=False).payees == ("registrant",)
    assert payment_on("amo_tadamon", day, has_children=True).basis == "care"
    for programme, on in (("asd", date(2022, 1, 1)), ("tayssir", day)):
        with pytest.raises(LookupError):
            payment_on(programme, on, has_children=True)
