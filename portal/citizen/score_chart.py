"""The scores of a household over time, as a small drawing: steps from one score to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from services.messages import N_, Words
from services.programmes.catalogue import Limit
from services.scoring.display import rounded
from services.scoring.records import StoredScore

POINT, THEN = N_("%(score)s on %(day)s"), N_("%(first)s; then %(other)s")
LABEL = N_("Your score over time: %(points)s.")
# In the drawing's own units.
WIDTH, LEFT, RIGHT, TOP, BOTTOM = 352, 24, 328, 36, 136


@dataclass(frozen=True)
class Chart:
    """The scores in nano-units, their points and the line of steps through them; ``label`` says the same.

    ``limits`` are ``(limit, height)``.
    """

    values: tuple[int, ...]
    points: tuple[tuple[int, int], ...]
    path: str
    limits: tuple[tuple[Limit, int], ...]
    label: Words


def chart_of(scores: Sequence[StoredScore], limits: Sequence[Limit], *, until: date, rtl: bool) -> Chart:
    """Draw ``scores``, oldest first, up to the day ``until``; time runs as the page is read."""
    heights = [*(one.total_nano for one in scores), *(limit.at_most_nano for limit in limits)]
    low, high = min(heights), max(heights)
    first, last = scores[0].on, max(until, scores[-1].on)
    days, span = max((last - first).days, 1), max(high - low, 1)

    def across(day: date) -> int:
        x = LEFT + (RIGHT - LEFT) * (day - first).days // days
        return WIDTH - x if rtl else x

    def down(nano: int) -> int:
        return BOTTOM - (BOTTOM - TOP) * (nano - low) // span

    points = tuple((across(one.on), down(one.total_nano)) for one in scores)
    steps = "".join(f"H{x}V{y}" for _, (x, y) in pairwise(points))
    path = f"M{points[0][0]} {points[0][1]}{steps}H{across(last)}"
    values = tuple(one.total_nano for one in scores)
    return Chart(values, points, path, tuple((limit, down(limit.at_most_nano)) for limit in limits), _label(scores))


def _label(scores: Sequence[StoredScore]) -> Words:
    points, *others = (Words(POINT, {"score": rounded(one.total_nano), "day": one.on}) for one in scores)
    for other in others:
        points = Words(THEN, {"first": points, "other": other})
    return Words(LABEL, {"points": points})
