"""References that people can read out, copy and type: no look-alikes, one check character."""

import secrets

from services.messages import N_

ALPHABET = "23456789ACDEFHJKMNPQRTX"
LENGTH = 10
GROUPS = (4, 4, 2)
MODULUS = len(ALPHABET)  # a prime, so that one wrong or two swapped characters never pass
_READ_AS = str.maketrans("SZBG", "5286")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


class InvalidReference(ValueError):
    """Not a reference; ``reason`` is the sentence that says so."""

    reason = N_("This is not one of our references. Copy it again from your receipt or from our message.")


def new_reference() -> str:
    """Nine random characters and their check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check_character(body)


def format_reference(reference: str) -> str:
    """``7KQ29XMP4D`` as people see it: ``7KQ2-9XMP-4D``."""
    first, second, _ = GROUPS
    return "-".join((reference[:first], reference[first : first + second], reference[first + second :]))


def parse_reference(text: str) -> str:
    """The ten characters of what someone typed. Raises InvalidReference.

    Case, spaces, dashes and Arabic-Indic digits do not matter; a look-alike that we never
    write (S, Z, B, G) is read as the digit it was taken for.
    """
    reference = read_characters(text)
    if len(reference) != LENGTH or any(letter not in ALPHABET for letter in reference):
        raise InvalidReference(InvalidReference.reason)
    if reference[-1] != _check_character(reference[:-1]):
        raise InvalidReference(InvalidReference.reason)
    return reference


def read_characters(text: str) -> str:
    """What was meant by what was typed: letters and digits alone, in capitals, look-alikes put right."""
    letters = [letter for letter in text.translate(_DIGITS).upper() if letter.isalnum()]
    return "".join(letters).translate(_READ_AS)


def _check_character(body: str) -> str:
    # Weighted by position: the whole, check character included (weight 1), is 0 modulo 23.
    weighted = sum(weight * ALPHABET.index(letter) for weight, letter in zip(range(LENGTH, 1, -1), body, strict=True))
    return ALPHABET[-weighted % MODULUS]
