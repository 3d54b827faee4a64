"""Scores as people read them: three decimals that add up, and all of them where three mislead.

Everything comes in nano-units and leaves as an exact Decimal with just the decimals to show; the
portal sets the decimal sign of the reader's language.
"""

from collections.abc import Sequence
from decimal import Decimal

DECIMALS = 3
MOST_DECIMALS = 9
NANO_PER_THOUSANDTH: int = 10 ** (MOST_DECIMALS - DECIMALS)


def to_thousandths(nano: int) -> int:
    """The nearest thousandth, half up."""
    return (2 * nano + NANO_PER_THOUSANDTH) // (2 * NANO_PER_THOUSANDTH)


def from_thousandths(thousandths: int) -> Decimal:
    """9296 is ``9.296``."""
    return Decimal(thousandths).scaleb(-DECIMALS)


def rounded(nano: int) -> Decimal:
    """A score with three decimals."""
    return from_thousandths(to_thousandths(nano))


def in_full(nano: int, decimals: int = MOST_DECIMALS) -> Decimal:
    """A score with so many decimals, the rest cut off: nine lose nothing."""
    unit: int = 10 ** (MOST_DECIMALS - decimals)
    return Decimal(nano // unit).scaleb(-decimals)


def decimals_to_show(score_nano: int, limit_nano: int) -> int:
    """How many decimals a score and a limit need side by side.

    Three; where these show no difference, as many as show both in full.
    """
    if to_thousandths(score_nano) != to_thousandths(limit_nano):
        return DECIMALS
    needed = DECIMALS
    while any(nano % 10 ** (MOST_DECIMALS - needed) for nano in (score_nano, limit_nano)):
        needed += 1
    return needed


def distinguish(score_nano: int, limit_nano: int) -> tuple[Decimal, Decimal]:
    """A score and a limit as they stand side by side, with equally many decimals."""
    decimals = decimals_to_show(score_nano, limit_nano)
    if decimals == DECIMALS:
        return rounded(score_nano), rounded(limit_nano)
    return in_full(score_nano, decimals), in_full(limit_nano, decimals)


def side_by_side(one_nano: int, other_nano: int) -> tuple[Decimal, Decimal]:
    """Two scores, or two limits, with three decimals: or as many as tell them apart, where they are not the same."""
    if one_nano == other_nano:
        return rounded(one_nano), rounded(other_nano)
    return distinguish(one_nano, other_nano)


def apportion(parts_nano: Sequence[int], *, total: int | None = None) -> tuple[int, ...]:
    """Thousandths for each part that add up to those of the sum, by largest remainder.

    Each is the part rounded down, or the next thousandth up; an exact one stays as it is. Of
    equal remainders the earlier part takes the thousandth. ``total`` is what they add up to
    where that is shown as the difference of two rounded scores: less than one off the sum.
    """
    thousandths = [part // NANO_PER_THOUSANDTH for part in parts_nano]
    left_over = (to_thousandths(sum(parts_nano)) if total is None else total) - sum(thousandths)
    by_remainder = sorted(range(len(parts_nano)), key=lambda place: -(parts_nano[place] % NANO_PER_THOUSANDTH))
    for place in by_remainder[:left_over]:
        thousandths[place] += 1
    return tuple(thousandths)
