"""The limits of the programmes: dated, with their source. Who is at or under one may have the aid."""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from services.messages import N_, Words

FILE = Path(__file__).parent / "limits.toml"
NAMES = {
    "asd": N_("Direct social aid"),
    "amo_tadamon": N_("Free health cover, AMO-Tadamon"),
}


@dataclass(frozen=True)
class Limit:
    """A programme is open at ``at_most_nano`` and under, from the day ``since`` on.

    ``grade`` is O for an official source, P for the press, C for public third-party code.
    """

    programme: str
    at_most_nano: int
    since: date
    source: str
    grade: str

    @property
    def name(self) -> Words:
        """The programme as people call it."""
        return Words(NAMES[self.programme])

    @property
    def official(self) -> bool:
        """Whether the limit was read in an official text."""
        return self.grade == "O"

    def admits(self, total_nano: int) -> bool:
        """Whether a score of ``total_nano`` is at or under the limit."""
        return total_nano <= self.at_most_nano


@cache
def all_limits() -> tuple[Limit, ...]:
    """Every limit there was, in the order of the file."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal)
    return tuple(
        Limit(row["programme"], int(row["at_most"] * 10**9), row["since"], row["source"], row["grade"])
        for row in raw["limit"]
    )


def limits_on(day: date) -> tuple[Limit, ...]:
    """The limit in force on ``day`` of each programme that has one."""
    in_force: dict[str, Limit] = {}
    for limit in sorted(all_limits(), key=lambda limit: limit.since):
        if limit.since <= day:
            in_force[limit.programme] = limit
    return tuple(in_force[programme] for programme in NAMES if programme in in_force)
