"""Verification codes: long enough that nobody finds one by trying, short enough to type."""

import secrets

from services.requests.references import ALPHABET, read_characters

LENGTH = 16  # of 23 characters: 72 bits
GROUP = 4


def new_code() -> str:
    """Sixteen random characters of the alphabet of references."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def format_code(code: str) -> str:
    """``7KQ29XMP4DACHJR2`` as people see it: ``7KQ2-9XMP-4DAC-HJR2``."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def parse_code(text: str) -> str | None:
    """The characters of a code however it is written; None for what cannot be one."""
    code = read_characters(text)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
