"""Sentences for people, as data: the portal finds the words in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def N_(text: str) -> str:
    """Mark a sentence for the catalogues; the English sentence itself is its key."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:
    """Mark a sentence that changes with a number (Arabic has six forms of it)."""
    return one, many


@dataclass(frozen=True)
class Words:
    """A sentence: its key, and the values that stand in it.

    A value may itself be a Words (translated first), a date, an int or a string. Where the
    sentence changes with a number, ``plural`` is its second English form and
    ``params["count"]`` the number: see :func:`counted`.
    """

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)
    plural: str | None = None


def counted(forms: tuple[str, str], count: int, **params: Any) -> Words:
    """The sentence of ``forms`` (from :func:`NN_`) for ``count`` things."""
    one, many = forms
    return Words(one, {"count": count, **params}, plural=many)
