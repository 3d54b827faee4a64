"""Packed declarations as NumPy columns: one array a field, over thousands of households and their members."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from services.scoring.bulk.packing import (
    AMOUNTS,
    BILLS,
    COUNTS,
    HOUSEHOLD_CODES,
    HOUSEHOLD_RECORD,
    MEMBER_CODES,
    MEMBER_RECORD,
    TRUTHS,
    VERSION,
)

Numbers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Records = npt.NDArray[np.void]

# The same layout as packing's two records; a test holds them to each other.
HOUSEHOLD = np.dtype(
    [
        ("version", "u1"),
        *[(key, "u1") for key in HOUSEHOLD_CODES],
        ("", "V1"),
        ("truths", "<u2"),
        *[(key, "<u2") for key in COUNTS],
        *[(key, "<u4") for key in (*AMOUNTS, *BILLS)],
        ("members", "<u2"),
        ("head", "<u2"),
        ("spare", "V2"),
    ]
)
MEMBER = np.dtype(
    [
        ("year", "<u2"),
        ("month", "u1"),
        ("day", "u1"),
        *[(key, "u1") for key in MEMBER_CODES],
        ("literate", "u1"),
        ("spare", "V1"),
    ]
)
UNIT = MEMBER_RECORD.size
UNITS_BEFORE_MEMBERS = HOUSEHOLD_RECORD.size // UNIT
HEAD = MEMBER_CODES["relation"].index("head")


@dataclass(frozen=True, eq=False)
class Columns:
    """Households, in the order given, and all their members, household by household."""

    households: Records
    members: Records

    def __len__(self) -> int:
        return len(self.households)

    @classmethod
    def none(cls) -> "Columns":
        """No household at all."""
        return cls(np.empty(0, HOUSEHOLD), np.empty(0, MEMBER))

    @cached_property
    def size(self) -> Numbers:
        """How many members each household has: the ``n`` of the formula."""
        return self.number("members")

    @cached_property
    def first(self) -> Numbers:
        """Where among the members each household's begin."""
        return np.cumsum(self.size) - self.size

    def number(self, key: str) -> Numbers:
        """A count, an amount or a code of each household."""
        return self.households[key].astype(np.int64)

    def truth(self, key: str) -> Truths:
        """A yes or no of each household."""
        bit: Truths = (self.households["truths"] & (1 << TRUTHS.index(key))) != 0
        return bit

    def count(self, which: Truths) -> Numbers:
        """How many members of each household are ``which``, of which there is one for each member."""
        return np.add.reduceat(which, self.first, dtype=np.int64)

    def take(self, which: Truths) -> "Columns":
        """The households that are ``which``, with their members."""
        return Columns(self.households[which], self.members[np.repeat(which, self.size)])


def read_columns(packed: bytes, lengths: Numbers) -> tuple[Columns, Truths]:
    """Packed declarations, one behind the other, of so many bytes each; and which of them can be read.

    Only those that can are in the columns.
    """
    whole = (lengths % UNIT == 0) & (lengths > HOUSEHOLD.itemsize)
    if not whole.all():
        packed, lengths = _only(packed, lengths, whole)
    if not len(lengths):
        return Columns.none(), whole
    units = np.frombuffer(packed, dtype=f"V{UNIT}")
    ends = np.cumsum(lengths // UNIT)
    starts = ends - lengths // UNIT
    of_household = (starts[:, None] + np.arange(UNITS_BEFORE_MEMBERS)).ravel()
    is_member = np.ones(len(units), dtype=np.bool_)
    is_member[of_household] = False
    columns = Columns(units[of_household].view(HOUSEHOLD), units[is_member].view(MEMBER))
    sound = _sound_households(columns, lengths)
    if not sound.all():
        # A wrong count of members would shift all that follow.
        kept = np.repeat(sound, lengths // UNIT - UNITS_BEFORE_MEMBERS)
        columns = Columns(columns.households[sound], columns.members[kept])
    readable = _sound_people(columns)
    if not readable.all():
        columns = columns.take(readable)
    return columns, _refine(whole, sound, readable)


def _only(packed: bytes, lengths: Numbers, which: Truths) -> tuple[bytes, Numbers]:
    ends = np.cumsum(lengths)
    spans = zip((ends - lengths)[which].tolist(), ends[which].tolist(), strict=True)
    return b"".join([packed[start:end] for start, end in spans]), lengths[which]


def _sound_households(columns: Columns, lengths: Numbers) -> Truths:
    records = columns.households
    sound: Truths = (records["version"] == VERSION) & (records["head"] < records["members"])
    sound &= columns.size == lengths // UNIT - UNITS_BEFORE_MEMBERS
    for key, values in HOUSEHOLD_CODES.items():
        sound &= records[key] < len(values)
    return sound


def _sound_people(columns: Columns) -> Truths:
    if not len(columns):
        return np.ones(0, dtype=np.bool_)
    people = columns.members
    sound: Truths = (people["month"] <= 12) & (people["day"] <= 31) & (people["literate"] <= 1)
    for key, values in MEMBER_CODES.items():
        sound &= people[key] < len(values)
    heads: Truths = people["relation"][columns.first + columns.number("head")] == HEAD
    return heads if sound.all() else heads & np.logical_and.reduceat(sound, columns.first)


def _refine(*sieves: Truths) -> Truths:
    """What passed every sieve, each of which saw only what passed those before."""
    passed = sieves[0].copy()
    for sieve in sieves[1:]:
        passed[passed] = sieve
    return passed
