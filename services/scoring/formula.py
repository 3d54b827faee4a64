"""Score models: exact coefficients with a source, and the days on which they hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

NANO = 10**9
MILIEUS = ("urban", "rural")
UNKNOWN = "unknown"


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
    """A dated pair of formulas, urban and rural. ``official`` is true for the State's own only.

    It holds from the day ``valid_from`` to the day ``valid_until``, both included; None: until a
    later one begins. ``thresholds`` are the limits on its own scale, by programme, in nano-units;
    without any, those of the catalogue stand.
    """

    id: str
    official: bool
    valid_from: date
    source: str
    formulas: Mapping[str, Formula]
    valid_until: date | None = None
    thresholds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def holds_on(self, day: date) -> bool:
        """Whether ``day`` is among its days."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class NoModel(LookupError):
    """No model holds on a day; the argument says which day, and when the first begins."""


def model_holding(models: Iterable[Model], day: date) -> Model:
    """Of ``models``, the one that holds on ``day``: the last that began. Raises NoModel where none does."""
    models = list(models)
    holding = [model for model in models if model.holds_on(day)]
    if holding:
        return max(holding, key=age)
    first = min(models, key=age, default=None)
    before = f": the first, {first.id}, begins on {first.valid_from}" if first and day < first.valid_from else ""
    raise NoModel(f"no model holds on {day.isoformat()}{before}")


def age(model: Model) -> tuple[date, str]:
    """What models are ordered by, oldest first."""
    return model.valid_from, model.id
