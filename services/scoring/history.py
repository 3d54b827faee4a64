"""The scores that a household has had: each with its cause in words, and what changed between any two."""

from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from sqlalchemy.orm import Session

from services.errors import NotFound
from services.messages import N_, Words
from services.scoring.compare import Comparison, compare_results
from services.scoring.display import to_thousandths
from services.scoring.installed import model_named
from services.scoring.records import StoredScore, replay_score, scores_of

CAUSES = {
    "first": N_("Your first score, from your first form."),
    "update": N_("You sent the form again, because something changed."),
    "yearly": N_("Every score is computed again once a year."),
    "formula": N_("The way of calculating changed, for everybody."),
}
ANOTHER = N_("Your score was computed again.")


@dataclass(frozen=True)
class PastScore:
    """A score in the history of its household; ``previous`` is the one before it."""

    stored: StoredScore
    previous: StoredScore | None

    @property
    def cause(self) -> Words:
        """Why it was computed."""
        return Words(CAUSES.get(self.stored.cause, ANOTHER))

    @property
    def thousandths(self) -> int | None:
        """How far it moved from the one before, as both are shown; None for the first."""
        if self.previous is None:
            return None
        return to_thousandths(self.stored.total_nano) - to_thousandths(self.previous.total_nano)


@dataclass(frozen=True)
class ComparedScores:
    """Two scores of a household, the earlier one first.

    ``comparison`` is None once the answers behind one of them were erased in their time.
    """

    before: StoredScore
    after: StoredScore
    comparison: Comparison | None


def history_of(session: Session, *, household_id: UUID) -> tuple[PastScore, ...]:
    """Every score of a household, oldest first, in one statement."""
    scores = scores_of(session, household_id=household_id)
    return tuple(PastScore(after, before) for before, after in pairwise((None, *scores)) if after)


def compare_scores(
    session: Session, *, household_id: UUID, before: int | None = None, after: int | None = None
) -> ComparedScores | None:
    """What changed from the score number ``before`` of a household to its number ``after``.

    Without numbers: between its last two. None for a household that has had one score only.
    Raises NotFound for a number it has not had, and for twice the same.
    """
    scores = scores_of(session, household_id=household_id)
    if len(scores) < 2 and before is None and after is None:
        return None
    last = len(scores) if after is None else after
    first = last - 1 if before is None else before
    if first == last or not all(1 <= number <= len(scores) for number in (first, last)):
        raise NotFound("score")
    return compare_stored(session, before=scores[min(first, last) - 1], after=scores[max(first, last) - 1])


def compare_stored(session: Session, *, before: StoredScore, after: StoredScore) -> ComparedScores:
    """What changed between two stored scores. Raises ReplayDiffers where one does not come out again."""
    if not (before.can_be_explained and after.can_be_explained):
        return ComparedScores(before, after, None)
    results = (replay_score(session, stored=one) for one in (before, after))
    comparison = compare_results(*results, model=model_named(session, before.model))
    return ComparedScores(before, after, comparison)
