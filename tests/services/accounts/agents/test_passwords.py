"""Which passwords are taken, and how they are compared."""

from time import process_time

import pytest

from services.accounts.agents.passwords import (
    TOO_COMMON,
    TOO_LONG,
    TOO_PLAIN,
    TOO_SHORT,
    TOO_SIMILAR,
    check_password,
    common_passwords,
    hash_password,
    password_fault,
)
from tests.services.accounts.agents.colleagues import PASSWORD, hashed


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "كلمة سر طويلة جدا",
        "ⵜⴰⵡⵊⴰ ⵜⵎⵇⵇⵓⵔⵜ ⴰⵟⵟⴰⵙ",
        "xK9#mVq2$Lw7",
        "à la claire fontaine",
        "0661 et des poires",
    ],
)
def test_a_password_that_nobody_guesses_is_taken(password: str) -> None:
    assert password_fault(password, name="hind.alami") is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("onze signes", TOO_SHORT),
        ("   a   b   ", TOO_SHORT),
        ("x9" * 101, TOO_LONG),
        ("Hind.Alami2026", TOO_SIMILAR),
        ("0661234567890", TOO_PLAIN),
        ("abababababab", TOO_PLAIN),
        ("MotDePasse2024!", TOO_COMMON),
        ("P@ssw0rd1234", TOO_COMMON),
        ("bismillah12345", TOO_COMMON),
        ("C4sabl4nc4!!2026", TOO_COMMON),
        ("azertyuiop123", TOO_COMMON),
        ("inchallahinchallah", TOO_COMMON),
        ("Jetaime-Maman-1", TOO_COMMON),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str, fault: str) -> None:
    assert password_fault(password, name="hind.alami") == fault


def test_the_list_of_common_passwords_holds_hundreds_folded() -> None:
    assert len(common_passwords()) > 500
    assert {"motdepasse", "azerty", "bismillah", "password"} < common_passwords()
    assert [one for one in common_passwords() if one != one.casefold() or " " in one] == []


def test_a_password_is_compared_whatever_keyboard_composed_it() -> None:
    composed, decomposed = "à la claire fontaine", "a\u0300 la claire fontaine"
    assert composed != decomposed
    assert check_password(hash_password(composed), decomposed)
    assert not check_password(hashed(), PASSWORD + " ")
    assert not check_password("not a digest", PASSWORD)


def test_a_name_that_nobody_bears_is_compared_as_slowly() -> None:
    def seconds(digest: str | None) -> float:
        begun = process_time()
        for _ in range(3):
            assert not check_password(digest, "not the password")
        return process_time() - begun

    seconds(None)
    of_somebody, of_nobody = seconds(hashed()), seconds(None)
    assert of_somebody / 3 < of_nobody < of_somebody * 3
