"""Where a score stands beside the limits of the programmes: in one sentence, and on a scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.messages import N_, Words
from services.programmes.catalogue import Limit
from services.scoring.display import distinguish, rounded

OPEN_TO_ALL = N_("Your score is under the limit of each programme: all of them are open to you.")
OPEN_TO_SOME = N_("Your score opens this programme to you: %(programme)s.")
OPEN_TO_NONE = N_("Your score is above the limit of each programme: none of them is open to you now.")
SAYS = N_("Your score is %(score)s: the smaller it is, the higher your priority. It is %(distances)s.")
SAYS_ALONE = N_("Your score is %(score)s: the smaller it is, the higher your priority.")
BOTH = N_("%(first)s, and %(other)s")
UNDER = N_("%(distance)s under the limit of “%(programme)s” (%(limit)s)")
ABOVE = N_("%(distance)s above the limit of “%(programme)s” (%(limit)s)")
EXACTLY_AT = N_("exactly at the limit of “%(programme)s” (%(limit)s)")
LOWEST_NANO, HIGHEST_NANO = 8_000_000_000, 11_000_000_000
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
        admitted = [shown for shown in self.limits if shown.admits]
        if len(admitted) == len(self.limits):
            return Words(OPEN_TO_ALL)
        return Words(OPEN_TO_SOME, {"programme": admitted[0].limit.name}) if admitted else Words(OPEN_TO_NONE)

    @property
    def says(self) -> Words:
        """The number, which direction is better, each limit and the distance to it, in one sentence."""
        if not self.limits:
            return Words(SAYS_ALONE, {"score": self.score})
        distances, *others = (shown.words for shown in self.limits)
        for other in others:
            distances = Words(BOTH, {"first": distances, "other": other})
        return Words(SAYS, {"score": self.score, "distances": distances})


def standing_of(total_nano: int, limits: Sequence[Limit]) -> Standing:
    """A score beside the limits of its day."""
    shown = tuple(limit_shown(limit, total_nano) for limit in limits)
    # With as many decimals as the nearest limit asks for.
    score = max((one.score for one in shown), key=lambda score: len(str(score)), default=rounded(total_nano))
    return Standing(shown, score, place_on_scale(total_nano))


def place_on_scale(nano: int) -> int:
    """Where a score stands on the drawn scale, in its own units from the low end."""
    within = min(max(nano, LOWEST_NANO), HIGHEST_NANO) - LOWEST_NANO
    return round(within * SCALE_WIDTH / (HIGHEST_NANO - LOWEST_NANO))


def limit_shown(limit: Limit, total_nano: int) -> LimitShown:
    """A limit as it stands beside a score."""
    score, at_most = distinguish(total_nano, limit.at_most_nano)
    return LimitShown(limit, score, at_most, limit.admits(total_nano), place_on_scale(limit.at_most_nano))
