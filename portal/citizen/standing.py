"""Where a score stands beside the limits of the programmes: in one sentence, and on a scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.messages import N_, Words
from services.programmes.catalogue import Limit
from services.scoring.display import distinguish, rounded

OPEN_TO_ALL = N_("Your score is under the limit of each programme: all of them are open to you.")
OPEN_TO_SOME = N_("Your score opens this programme to you: %(programme)s.")
NO_LIMITS = N_("No programme has a limit to compare your score with.")
OPEN_TO_NONE = N_("Your score is above the limit of each programme: none of them is open to you now.")
SAYS = N_("Your score is %(score)s: the smaller it is, the higher your priority. It is %(distances)s.")
SAYS_ALONE = N_("Your score is %(score)s: the smaller it is, the higher your priority.")
BOTH = N_("%(first)s, and %(other)s")
UNDER = N_("%(distance)s under the limit of “%(programme)s” (%(limit)s)")
ABOVE = N_("%(distance)s above the limit of “%(programme)s” (%(limit)s)")
EXACTLY_AT = N_("exactly at the limit of “%(programme)s” (%(limit)s)")
# By whether the formula is the State's own.
FORMULA = {
    True: N_("Way of calculating: %(model)s"),
    False: N_(
        "Way of calculating: %(model)s. It comes from public sources and is not official. "
        "The limits are not official either."
    ),
}
NANO = 1_000_000_000
USUAL_ENDS = (8 * NANO, 11 * NANO)
SCALE_WIDTH = 320


@dataclass(frozen=True)
class LimitShown:
    """A programme's limit beside the score, with as many decimals as tell them apart."""

    limit: Limit
    score: Decimal
    at_most: Decimal
    admits: bool
    place: int

    @property
    def distance(self) -> Decimal:
        """How far apart they are, as they are shown."""
        return abs(self.score - self.at_most)

    @property
    def words(self) -> Words:
        """How far the score is from the limit, as a part of a sentence."""
        values = {"distance": self.distance, "programme": self.limit.name, "limit": self.at_most}
        return Words((UNDER if self.admits else ABOVE) if self.distance else EXACTLY_AT, values)


@dataclass(frozen=True)
class Standing:
    """A score among the limits: ``sentence`` says what is open, ``says`` the numbers, ``place`` is on the scale."""

    limits: tuple[LimitShown, ...]
    score: Decimal
    place: int

    @property
    def sentence(self) -> Words:
        """Which programmes the score opens."""
        admitted = [shown.limit.name for shown in self.limits if shown.admits]
        if len(admitted) == len(self.limits):
            return Words(OPEN_TO_ALL if admitted else NO_LIMITS)
        return Words(OPEN_TO_SOME, {"programme": _together(admitted)}) if admitted else Words(OPEN_TO_NONE)

    @property
    def says(self) -> Words:
        """The number, which direction is better, each limit and the distance to it, in one sentence."""
        if not self.limits:
            return Words(SAYS_ALONE, {"score": self.score})
        distances = _together([shown.words for shown in self.limits])
        return Words(SAYS, {"score": self.score, "distances": distances})


def standing_of(total_nano: int, limits: Sequence[Limit]) -> Standing:
    """A score beside the limits of its day."""
    ends = _ends([total_nano, *(limit.at_most_nano for limit in limits)])
    shown = tuple(limit_shown(limit, total_nano, ends) for limit in limits)
    # With as many decimals as the nearest limit asks for.
    score = max((one.score for one in shown), key=_decimals, default=rounded(total_nano))
    return Standing(shown, score, place_on_scale(total_nano, ends))


def _decimals(score: Decimal) -> int:
    return -int(score.as_tuple().exponent)


def formula_words(model: str, *, official: bool) -> Words:
    """By which formula a score was computed, and whose that is."""
    return Words(FORMULA[official], {"model": model})


def place_on_scale(nano: int, ends: tuple[int, int] = USUAL_ENDS) -> int:
    """Where a score stands on the drawn scale, in its own units from the low end."""
    low, high = ends
    return round((min(max(nano, low), high) - low) * SCALE_WIDTH / (high - low))


def limit_shown(limit: Limit, total_nano: int, ends: tuple[int, int] = USUAL_ENDS) -> LimitShown:
    """A limit as it stands beside a score."""
    score, at_most = distinguish(total_nano, limit.at_most_nano)
    return LimitShown(limit, score, at_most, limit.admits(total_nano), place_on_scale(limit.at_most_nano, ends))


def _ends(values: Sequence[int]) -> tuple[int, int]:
    """The ends of a scale that shows all of ``values``: the usual ones, unless a formula has a scale of its own."""
    lowest, highest = min(values), max(values)
    if USUAL_ENDS[0] <= lowest and highest <= USUAL_ENDS[1]:
        return USUAL_ENDS
    margin = (highest - lowest) // 2 + NANO
    return lowest - margin, highest + margin


def _together(words: Sequence[Words]) -> Words:
    """One after the other, in one part of a sentence."""
    first, *others = words
    for other in others:
        first = Words(BOTH, {"first": first, "other": other})
    return first
