"""Score models: files of exact coefficients with a source and a day from which they hold."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from services.households.places import REGIONS
from services.scoring.variables import VARIABLES

NANO = 10**9
MILIEUS = ("urban", "rural")
REGION_CODES = tuple(place.code for place in REGIONS)
UNKNOWN = "unknown"
ID_SHAPE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class ModelFaults(Exception):
    """A file that is not a model; ``faults`` holds one line for each reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Term:
    """A variable and its coefficient; ``coefficient_nano`` is the same in units of 10⁻⁹.

    An unknown coefficient is None, and 0 in nano-units.
    """

    key: str
    coefficient: Decimal | None
    coefficient_nano: int


@dataclass(frozen=True)
class Formula:
    """The formula of one milieu; constant and regions in nano-units."""

    constant_nano: int
    regions: Mapping[str, int]
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Model:
    """A dated pair of formulas, urban and rural. ``official`` is true for the State's own only."""

    id: str
    official: bool
    valid_from: date
    source: str
    formulas: Mapping[str, Formula]


def read_model(text: str) -> Model:
    """Read a model from the ``text`` of its TOML file. Raises ModelFaults naming every fault."""
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ModelFaults([f"not TOML: {error}"]) from None
    faults = _heading_faults(raw)
    formulas = {milieu: _read_formula(raw.get(milieu), milieu, faults) for milieu in MILIEUS}
    if faults:
        raise ModelFaults(faults)
    return Model(raw["id"], raw["official"], raw["valid_from"], raw["source"], MappingProxyType(formulas))


def _heading_faults(raw: Mapping[str, Any]) -> list[str]:
    known = {"id", "official", "valid_from", "source", *MILIEUS}
    faults = [f"{key}: not a part of a model" for key in raw if key not in known]
    if not isinstance(raw.get("id"), str) or not ID_SHAPE.fullmatch(raw["id"]):
        faults.append("id: up to 40 small letters, digits and dashes")
    if not isinstance(raw.get("official"), bool):
        faults.append("official: true or false")
    if type(raw.get("valid_from")) is not date:
        faults.append("valid_from: a day, such as 2023-01-01")
    if not isinstance(raw.get("source"), str) or not raw["source"].strip():
        faults.append("source: where the coefficients come from")
    return faults


def _read_formula(raw: Any, milieu: str, faults: list[str]) -> Formula:
    if not isinstance(raw, dict) or raw.keys() != {"constant", "regions", "coefficients"}:
        faults.append(f"{milieu}: needs constant, regions and coefficients, and nothing else")
        return Formula(0, {}, ())
    regions, coefficients = raw["regions"], raw["coefficients"]
    if not isinstance(regions, dict) or set(regions) != set(REGION_CODES):
        faults.append(f"{milieu}.regions: needs each of {REGION_CODES[0]} to {REGION_CODES[-1]}")
        regions = {}
    if not isinstance(coefficients, dict) or not coefficients:
        faults.append(f"{milieu}.coefficients: needs at least one variable")
        coefficients = {}
    faults.extend(f"{milieu}.coefficients.{key}: no such variable" for key in coefficients if key not in VARIABLES)
    return Formula(
        _nano(raw["constant"], f"{milieu}.constant", faults),
        MappingProxyType({code: _nano(value, f"{milieu}.regions.{code}", faults) for code, value in regions.items()}),
        tuple(_read_term(key, value, f"{milieu}.coefficients.{key}", faults) for key, value in coefficients.items()),
    )


def _read_term(key: str, value: Any, place: str, faults: list[str]) -> Term:
    if value == UNKNOWN:
        return Term(key, None, 0)
    nano = _nano(value, place, faults)
    return Term(key, Decimal(value) if isinstance(value, int | Decimal) else None, nano)


def _nano(value: Any, place: str, faults: list[str]) -> int:
    exact = isinstance(value, int | Decimal) and not isinstance(value, bool) and Decimal(value).is_finite()
    if not exact or abs(value) >= 1000 or int(value * NANO) != value * NANO:
        faults.append(f"{place}: a number under 1000 with at most nine decimals, or {UNKNOWN!r}")
        return 0
    return int(value * NANO)
