"""A declaration in few bytes: exactly what the formula reads of it, and nothing else.

Little-endian, a record of 48 bytes for the household and one of 12 for each member, so that a
batch is an array of units of 12. The first byte is the version of this layout. No NumPy here:
this runs wherever a score is kept.
"""

import struct
from collections.abc import Mapping
from typing import Any

from services.households.places import REGIONS
from services.population.birth_dates import BirthDate, InvalidBirthDate, parse_birth_date

VERSION = 1
# The places in these tuples are stored: they are only ever added to.
HOUSEHOLD_CODES: Mapping[str, tuple[str, ...]] = {
    "milieu": ("urban", "rural"),
    "region": tuple(place.code for place in REGIONS),
    "dwelling": (
        "villa",
        "apartment",
        "modern_house",
        "traditional_house",
        "rural_stone_house",
        "rural_earth_house",
        "room",
        "informal",
        "other",
    ),
    "electricity": ("own_meter", "shared_meter", "solar", "none"),
}
MEMBER_CODES: Mapping[str, tuple[str, ...]] = {
    "relation": ("head", "spouse", "child", "parent", "parent_in_law", "sibling", "grandchild", "other"),
    "education": ("none", "basic", "secondary", "technical", "higher"),
    "schooling": ("none", "public", "private"),
    "activity": ("employed", "unemployed", "pensioner", "rentier", "student", "home", "infant", "other"),
    "occupation": (
        "none",
        "senior_manager",
        "middle_manager",
        "employer",
        "employee",
        "machine_operator",
        "craftsman",
        "farmer",
        "trader",
        "labourer",
        "other",
    ),
    "health_cover": ("none", "amo_tadamon", "other"),
}
# One bit each, the first the lowest.
TRUTHS = (
    "has_bath",
    "satellite_dish",
    "landline",
    "loan",
    "second_home",
    "garage",
    "business_premises",
    "non_agricultural_land",
    "irrigated_land",
)
COUNTS = ("nuclei", "rooms", "cows", "computers", "mobile_phones", "cars", "motorbikes")
AMOUNTS = ("butane_monthly", "telecom_monthly")
BILLS = ("water_electricity_1", "water_electricity_2", "water_electricity_3")

# Version, codes, a spare byte, truths; counts; amounts; how many members, which of them is the head.
HOUSEHOLD_RECORD = struct.Struct("<B4BxH7H5I2H2x")
# Year, month and day of birth, 0 where unknown; codes; whether literate.
MEMBER_RECORD = struct.Struct("<HBB6BBx")

_INDEX = {
    key: {value: place for place, value in enumerate(values)}
    for codes in (HOUSEHOLD_CODES, MEMBER_CODES)
    for key, values in codes.items()
}


class Unpackable(ValueError):
    """A document that the formula cannot read: no member, no head, an unknown code, a number too large."""


def pack_document(document: Mapping[str, Any]) -> bytes:
    """The bytes of a declaration. Raises Unpackable where the formula could not read it."""
    try:
        members = document["members"]
        head = next(place for place, member in enumerate(members) if member["relation"] == "head")
        household = HOUSEHOLD_RECORD.pack(
            VERSION,
            *(_INDEX[key][document[key]] for key in HOUSEHOLD_CODES),
            sum(1 << bit for bit, key in enumerate(TRUTHS) if document[key]),
            *(document[key] for key in COUNTS),
            *(document[key] for key in AMOUNTS),
            *_three(document["water_electricity"]),
            len(members),
            head,
        )
        return household + b"".join([_pack_member(member) for member in members])
    except StopIteration:
        raise Unpackable("no member is the head") from None
    except (KeyError, TypeError, InvalidBirthDate, struct.error) as error:
        raise Unpackable(f"{type(error).__name__}: not a declaration that can be scored") from None


def unpack_document(packed: bytes) -> dict[str, Any]:
    """What the formula reads of a declaration, in the shape of the document. Raises Unpackable."""
    try:
        version, *fields = HOUSEHOLD_RECORD.unpack_from(packed)
        records = list(MEMBER_RECORD.iter_unpack(packed[HOUSEHOLD_RECORD.size :]))
    except struct.error:
        raise Unpackable("cut short") from None
    if version != VERSION or fields[-2] != len(records):
        raise Unpackable("of another version or length")
    codes, truths, numbers = fields[:4], fields[4], fields[5:-2]
    named = dict(zip((*COUNTS, *AMOUNTS, *BILLS), numbers, strict=True))
    bills = [named.pop(key) for key in BILLS]
    return {
        **_texts(HOUSEHOLD_CODES, codes),
        **{key: bool(truths >> bit & 1) for bit, key in enumerate(TRUTHS)},
        **named,
        "water_electricity": bills,
        "members": [_unpack_member(record) for record in records],
    }


def _three(bills: Any) -> list[int]:
    if len(bills) != len(BILLS):
        raise TypeError("three bills, one for each month")
    return list(bills)


def _pack_member(member: Mapping[str, Any]) -> bytes:
    born = parse_birth_date(member["birth_date"])
    codes = [_INDEX[key][member[key]] for key in MEMBER_CODES]
    return MEMBER_RECORD.pack(born.year, born.month or 0, born.day or 0, *codes, bool(member["literate"]))


def _unpack_member(record: tuple[int, ...]) -> dict[str, Any]:
    year, month, day, *codes, literate = record
    born = BirthDate(year, month or None, day or None)
    return {"birth_date": born.iso, **_texts(MEMBER_CODES, codes), "literate": bool(literate)}


def _texts(tables: Mapping[str, tuple[str, ...]], codes: list[int]) -> dict[str, str]:
    try:
        return {key: values[code] for (key, values), code in zip(tables.items(), codes, strict=True)}
    except IndexError:
        raise Unpackable("an unknown code") from None
