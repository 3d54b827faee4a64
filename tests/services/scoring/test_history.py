"""The scores a household has had, and what changed between any two of them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.households.models import Declaration
from services.scoring.compare_path import Cause
from services.scoring.history import ANOTHER, CAUSES, compare_scores, history_of
from services.scoring.records import last_two_scores
from tests.services.scoring.stored import NOW, declare, record

A_YEAR = timedelta(365)


@pytest.fixture
def three_scores(session: Session, household_id: UUID) -> UUID:
    """The first, that of the year after, and that of a second declaration."""
    first = declare(session, household_id)
    record(session, first)
    record(session, first, NOW + A_YEAR, cause="yearly")
    record(session, declare(session, household_id, number=2, cars=1), NOW + 2 * A_YEAR, cause="update")
    return household_id


def causes(session: Session, household_id: UUID, **numbers: Any) -> list[Cause]:
    compared = compare_scores(session, household_id=household_id, **numbers)
    assert compared is not None
    assert compared.comparison is not None
    return [part.cause for part in compared.comparison.parts]


def test_each_score_says_why_it_was_computed_and_how_far_it_moved(session: Session, three_scores: UUID) -> None:
    past = history_of(session, household_id=three_scores)
    assert [one.stored.number for one in past] == [1, 2, 3]
    assert [one.cause.key for one in past] == [CAUSES[cause] for cause in ("first", "yearly", "update")]
    assert [past[0].thousandths, past[2].thousandths] == [None, 222]
    assert past[0].stored.takes_effect_on == date(2026, 6, 15)


def test_a_cause_without_words_of_its_own_is_a_new_computation(session: Session, household_id: UUID) -> None:
    record(session, declare(session, household_id), cause="review")
    assert [one.cause.key for one in history_of(session, household_id=household_id)] == [ANOTHER]


def test_the_last_two_are_compared_where_no_others_are_named(session: Session, three_scores: UUID) -> None:
    compared = compare_scores(session, household_id=three_scores)
    assert compared is not None
    assert (compared.before.number, compared.after.number) == (2, 3)
    assert causes(session, three_scores) == [Cause.BIRTHDAY, Cause.DECLARED]


def test_any_two_are_compared_the_earlier_one_first(session: Session, three_scores: UUID) -> None:
    assert causes(session, three_scores, before=1, after=2) == [Cause.BIRTHDAY]
    compared = compare_scores(session, household_id=three_scores, before=3, after=1)
    assert compared is not None
    assert (compared.before.number, compared.after.number) == (1, 3)


@pytest.mark.parametrize(("before", "after"), [(0, 1), (1, 4), (2, 2), (-1, 2), (None, 1), (10**30, 1)])
def test_a_number_that_was_never_a_score_is_not_found(
    session: Session, three_scores: UUID, before: int | None, after: int
) -> None:
    with pytest.raises(NotFound):
        compare_scores(session, household_id=three_scores, before=before, after=after)


def test_with_one_score_there_is_nothing_to_compare(session: Session, household_id: UUID) -> None:
    record(session, declare(session, household_id))
    assert compare_scores(session, household_id=household_id) is None
    assert compare_scores(session, household_id=uuid4()) is None


def test_where_the_answers_are_gone_the_numbers_stay(session: Session, three_scores: UUID) -> None:
    session.execute(sa.update(Declaration).where(Declaration.number == 1).values(document={}))
    compared = compare_scores(session, household_id=three_scores, before=1, after=3)
    assert compared is not None
    assert (compared.comparison, compared.after.number) == (None, 3)


def test_the_last_two_scores_are_at_hand(session: Session, three_scores: UUID) -> None:
    last, before = last_two_scores(session, household_id=three_scores)
    assert last is not None
    assert before is not None
    assert (last.number, before.number) == (3, 2)
    assert last_two_scores(session, household_id=uuid4()) == (None, None)
