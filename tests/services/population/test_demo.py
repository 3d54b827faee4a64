"""The demonstration's people: valid, verifiable, and each story with what it promises."""

from datetime import date, datetime

import pytest

from services.database import Database
from services.population.birth_dates import parse_birth_date
from services.population.demo import Story, demo_stories, load_demo
from services.population.identifiers import parse_idcs
from services.population.register import Answer, find_person_id, guardians_of, mobile_of, verify_identity

RELATIONS = {"head", "spouse", "child", "parent", "parent_in_law", "sibling", "grandchild", "other"}
TODAY = date(2026, 6, 15)

STORIES = {story.story: story for story in demo_stories()}


def ages(story: Story) -> list[int]:
    return [parse_birth_date(str(member["birth_date"])).age_on(TODAY) for member in story.household]


@pytest.fixture
def loaded(sqlite_database: Database, now: datetime) -> Database:
    load_demo(sqlite_database, now=now)
    return sqlite_database


def test_everybody_is_verified_but_the_dead(loaded: Database, now: datetime) -> None:
    refused = set()
    with loaded.reading() as session:
        for story in STORIES.values():
            for member in story.household:
                born = parse_birth_date(str(member["birth_date"]))
                told = verify_identity(session, idcs=str(member["idcs"]), birth_date=born, sex=member["sex"], now=now)
                if told.answer is not Answer.YES:
                    refused.add((story.story, told.answer))
                else:
                    assert told.name
                    assert (told.name.arabic, told.name.latin) == (member["name_arabic"], member["name_latin"])
    assert refused == {("named-although-dead", Answer.NO)}


def test_who_signs_in_stands_first_in_his_household_and_has_a_mobile(loaded: Database) -> None:
    with loaded.reading() as session:
        for story in STORIES.values():
            assert story.household[0]["idcs"] == parse_idcs(story.idcs) == story.idcs
            person_id = find_person_id(session, idcs=story.idcs)
            assert person_id
            assert mobile_of(session, person_id=person_id) == story.mobile
    assert [story.story for story in STORIES.values() if story.mobile is None] == ["no-mobile-on-file"]
    mobiles = [story.mobile for story in STORIES.values() if story.mobile]
    assert len(set(mobiles)) == len(mobiles)


def test_every_household_has_one_head_and_known_relations() -> None:
    for story in STORIES.values():
        relations = [member["relation"] for member in story.household]
        assert relations.count("head") == 1
        assert set(relations) <= RELATIONS


def test_every_minor_has_a_guardian_in_his_household(loaded: Database) -> None:
    with loaded.reading() as session:
        for story in STORIES.values():
            ids = [find_person_id(session, idcs=str(member["idcs"])) for member in story.household]
            for person_id, age in zip(ids, ages(story), strict=True):
                assert person_id
                guardians = guardians_of(session, person_id=person_id)
                assert set(guardians) <= set(ids)
                assert bool(guardians) == (age < 18)


def test_the_promised_stories_are_told() -> None:
    assert len(STORIES) >= 12
    assert len(STORIES["household-of-fifty"].household) == 50
    assert STORIES["birth-month-unknown"].birth_date == "1957"
    assert min(ages(STORIES["newborn"])) == 0
    assert [member["relation"] for member in STORIES["urban-widow"].household] == ["head", "child", "child", "child"]
    differing = [m for m in STORIES["declared-data-differ"].household if m["declared_birth_date"]]
    assert [m["declared_birth_date"] != m["birth_date"] for m in differing] == [True]
    shared = [
        {m["idcs"] for m in STORIES[name].household}
        for name in ("grandmother-with-her-son", "member-already-elsewhere")
    ]
    assert len(shared[0] & shared[1]) == 1


def test_both_sides_of_the_limit_are_alike_and_keep_their_age_groups_for_years() -> None:
    for name in ("just-under-the-limit", "just-above-the-limit"):
        groups = [
            [sum(least <= age + years <= most for age in ages(STORIES[name])) for least, most in ((0, 14), (30, 59))]
            for years in range(10)
        ]
        assert groups == [[2, 2]] * 10


def test_loading_the_demonstration_again_changes_nothing(database: Database, now: datetime) -> None:
    assert load_demo(database, now=now) == load_demo(database, now=now) == demo_stories()
