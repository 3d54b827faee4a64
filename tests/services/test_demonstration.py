"""The demonstration's families, after loading them."""

from datetime import datetime

import sqlalchemy as sa

from services.database import Database
from services.demonstration import load
from services.households.household_view import household_of
from services.population.demo import demo_stories
from services.population.register import find_person_id
from services.programmes.catalogue import limits_on
from services.requests.models import Request
from services.scoring.compute import scoring_day
from services.scoring.records import latest_score, replay_score, scores_of


def test_a_demonstration_shows_scored_families_and_stories_to_come(sqlite_database: Database, now: datetime) -> None:
    told = {}
    for _ in range(2):
        load(sqlite_database, now=now)
    (asd,) = (limit for limit in limits_on(scoring_day(now)) if limit.programme == "asd")
    with sqlite_database.reading() as session:
        for story in demo_stories():
            person_id = find_person_id(session, idcs=story.idcs)
            assert person_id is not None
            household = household_of(session, person_id=person_id, now=now)
            if household is None:
                continue
            score = latest_score(session, household_id=household.id)
            assert score is not None
            assert replay_score(session, stored=score).total_nano == score.total_nano
            assert (household.state, len(household.members)) == ("active", len(story.household))
            told[story.story] = score.total_nano
        assert set(session.scalars(sa.select(Request.state))) == {"decided"}
        assert session.scalar(sa.select(sa.func.count(Request.id))) == len(told)
    assert len(told) >= 8
    assert len(demo_stories()) - len(told) >= 4
    assert 0 <= asd.at_most_nano - told["just-under-the-limit"] < 2_000_000
    assert 0 < told["just-above-the-limit"] - asd.at_most_nano < 2_000_000


def test_a_family_that_declared_last_year_has_two_scores_to_compare(sqlite_database: Database, now: datetime) -> None:
    load(sqlite_database, now=now)
    (story,) = (story for story in demo_stories() if story.story == "just-under-the-limit")
    (limit,) = (limit for limit in limits_on(scoring_day(now)) if limit.programme == "asd")
    with sqlite_database.reading() as session:
        person_id = find_person_id(session, idcs=story.idcs)
        assert person_id is not None
        household = household_of(session, person_id=person_id, now=now)
        assert household is not None
        before, after = scores_of(session, household_id=household.id)
    assert (before.cause, after.cause) == ("first", "yearly")
    assert (after.on - before.on).days == 380
    assert after.total_nano <= limit.at_most_nano < before.total_nano
