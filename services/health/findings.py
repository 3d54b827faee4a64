"""What an examination of an installation finds."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One plain sentence about one subject; where it is wrong, it says what to do."""

    subject: str
    level: Level
    sentence: str


def fine(subject: str, sentence: str) -> Finding:
    """All is as it must be."""
    return Finding(subject, Level.FINE, sentence)


def note(subject: str, sentence: str) -> Finding:
    """Worth knowing; nothing fails by it."""
    return Finding(subject, Level.NOTE, sentence)


def wrong(subject: str, sentence: str) -> Finding:
    """Something fails, now or soon."""
    return Finding(subject, Level.WRONG, sentence)
