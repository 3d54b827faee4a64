"""Numbers as people write them: the IDCS and the mobile, read forgivingly, kept in one form.

IDCS: ten digits beginning with 2 to 9, the last a Verhoeff check digit; numbers with an easy
pattern are never issued (rules of public third-party code, domain §3). Mobile: E.164.
"""

import random
import re

import phonenumbers
from stdnum import verhoeff

from services.messages import N_

LONGEST_INPUT = 64
IDCS_SHAPE = re.compile(r"[2-9][0-9]{9}")
MOBILE_SHAPE = re.compile(r"\+212[67][0-9]{8}")
PHONE_SHAPE = re.compile(r"\+?[0-9]{9,15}")

ASCII_DIGITS = {ord(digit): str(n) for row in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for n, digit in enumerate(row)}
# White space, and the invisible marks that come along when Arabic is pasted.
INVISIBLE = (
    " \t\r\n\u00a0\u2007\u2009\u202f\ufeff"
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
PUNCTUATION = ".-/()\u2010\u2011\u2012\u2013\u2014\u2212"
READABLE = ASCII_DIGITS | {ord(character): None for character in INVISIBLE + PUNCTUATION}

IDCS_FORM = N_("The IDCS has 10 digits, and the first one is 2 or more. Write all ten.")
IDCS_WRONG = N_("One digit of this IDCS is not right. Compare it with the paper that shows it.")
MOBILE_FORM = N_("Write a Moroccan mobile number: 10 digits that begin with 06 or 07.")


class InvalidIdentifier(ValueError):
    """The text is no such number. ``reason`` is the sentence that says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def to_ascii_digits(text: str) -> str:
    """``text`` with Arabic-Indic and Persian digits written 0 to 9; the rest is kept."""
    return text.translate(ASCII_DIGITS)


def parse_idcs(text: str) -> str:
    """The ten digits of the IDCS that ``text`` holds. Raises InvalidIdentifier."""
    digits = _without_separators(text)
    if not IDCS_SHAPE.fullmatch(digits):
        raise InvalidIdentifier(IDCS_FORM)
    if _has_easy_pattern(digits) or not verhoeff.is_valid(digits):
        raise InvalidIdentifier(IDCS_WRONG)
    return digits


def format_idcs(idcs: str) -> str:
    """``2345678906`` as cards print it: ``234 567 8906``."""
    return f"{idcs[:3]} {idcs[3:6]} {idcs[6:]}"


def parse_mobile(text: str) -> str:
    """The Moroccan mobile that ``text`` holds, in E.164: ``+2126…`` or ``+2127…``.

    Any number of the two mobile ranges is taken: operators open blocks faster than the tables of
    ``phonenumbers`` follow. Raises InvalidIdentifier, also for the fixed ``05…`` (no SMS there).
    """
    digits = _without_separators(text)
    if MOBILE_SHAPE.fullmatch(digits):
        return digits
    if not PHONE_SHAPE.fullmatch(digits):
        raise InvalidIdentifier(MOBILE_FORM)
    try:
        number = phonenumbers.parse(digits, "MA")
    except phonenumbers.NumberParseException:
        raise InvalidIdentifier(MOBILE_FORM) from None
    mobile = f"+{number.country_code}{number.national_number}"
    if not MOBILE_SHAPE.fullmatch(mobile):
        raise InvalidIdentifier(MOBILE_FORM)
    return mobile


def mask_mobile(mobile: str) -> str:
    """``+212612345678`` as it may be shown to whoever holds it: ``06 •• •• •• 78``."""
    return f"0{mobile[4]} •• •• •• {mobile[-2:]}"


def mask_idcs(idcs: str) -> str:
    """``2345678906`` as a paper shows it to whoever knows it: ``••• ••• ••06``."""
    return f"••• ••• ••{idcs[-2:]}"


def issue_idcs(random: random.Random) -> str:
    """A well-formed synthetic IDCS, for demonstrations and tests only."""
    while True:
        prefix = str(random.randrange(200_000_000, 1_000_000_000))
        idcs = prefix + str(verhoeff.calc_check_digit(prefix))
        if not _has_easy_pattern(idcs):
            return idcs


def _without_separators(text: str) -> str:
    # A number never needs more; five megabytes of pasted text are not worth reading.
    return text.translate(READABLE) if len(text) <= LONGEST_INPUT else ""


def _has_easy_pattern(digits: str) -> bool:
    return digits[:5] == digits[5:] or digits == digits[::-1] or digits == digits[:2] * 5
