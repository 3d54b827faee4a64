"""What a text is on a phone: its alphabet, and how many SMS it takes.

GSM 03.38 (3GPP TS 23.038) writes 160 signs in one SMS, 153 in each of several; a sign of its
extension table counts two. Any other sign makes the whole text UCS-2: 70, or 67 in each of several,
counted in UTF-16 code units (Arabic and Tifinagh: one a letter).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
# What print writes and a phone's alphabet lacks; it says the same. Accents are no such thing:
# a text with ê or ç stays as it is, in UCS-2.
PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "œ": "oe",
        "Œ": "OE",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
    }
)
INSIDE_QUOTES = (("«\u00a0", "«"), ("«\u202f", "«"), ("\u00a0»", "»"), ("\u202f»", "»"))


class Alphabet(StrEnum):
    """How the signs of an SMS are written."""

    GSM = "gsm"
    UCS2 = "ucs2"


# Signs in one SMS, and in each of several.
ROOM = {Alphabet.GSM: (160, 153), Alphabet.UCS2: (70, 67)}


@dataclass(frozen=True)
class Written:
    """A text as it leaves: its alphabet, and the number of SMS (``parts``) that it takes."""

    text: str
    alphabet: Alphabet
    parts: int


def write(text: str) -> Written:
    """The text as a phone shows it, in the smaller alphabet where that says the same."""
    plain = _without_print_signs(text)
    if is_gsm(plain):
        return Written(
            plain, Alphabet.GSM, _count_parts((2 if sign in EXTENSION else 1 for sign in plain), Alphabet.GSM)
        )
    return Written(text, Alphabet.UCS2, _count_parts((2 if ord(sign) > 0xFFFF else 1 for sign in text), Alphabet.UCS2))


def is_gsm(text: str) -> bool:
    """Whether GSM 03.38 has every sign of it."""
    return all(sign in BASIC or sign in EXTENSION for sign in text)


def _without_print_signs(text: str) -> str:
    for printed, quote in INSIDE_QUOTES:
        text = text.replace(printed, quote)
    return text.translate(PLAIN)


def _count_parts(sizes: Iterable[int], alphabet: Alphabet) -> int:
    alone, among_others = ROOM[alphabet]
    sizes = list(sizes)
    if sum(sizes) <= alone:
        return 1
    parts, room = 1, among_others
    for size in sizes:
        # A sign of two is never cut in half.
        if size > room:
            parts, room = parts + 1, among_others
        room -= size
    return parts
