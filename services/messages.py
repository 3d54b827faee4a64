"""Sentences for people, as data: the portal finds the words in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def N_(text: str) -> str:
    """Mark a sentence for the catalogues; the English sentence itself is its key."""
    return text


@dataclass(frozen=True)
class Words:
    """A sentence: its key, and the values that stand in it.

    A value may itself be a Words (translated first), a date, an int or a string.
    """

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)
