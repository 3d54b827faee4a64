"""A household that somebody supposes: what was answered of all that counts, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Supposition:
    """Answers under the keys of the questionnaire, the bills one by one; each person has an ``age`` in years."""

    household: Mapping[str, Any]
    people: tuple[Mapping[str, Any], ...]
