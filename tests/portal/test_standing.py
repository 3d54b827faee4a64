"""Where a score stands beside the limits: in words that never say more than is so, and on a scale that shows all."""

from datetime import date

import pytest

from portal.citizen.standing import (
    EXACTLY_AT,
    NO_LIMITS,
    OPEN_TO_ALL,
    OPEN_TO_NONE,
    OPEN_TO_SOME,
    SAYS_ALONE,
    SCALE_WIDTH,
    formula_words,
    standing_of,
)
from portal.languages import LANGUAGES, plain
from services.programmes.catalogue import Limit

NANO = 1_000_000_000


def limits(*at_most: int) -> list[Limit]:
    names = ("asd", "amo_tadamon", "daam")
    return [Limit(name, nano, date(2026, 1, 1), "", "O") for name, nano in zip(names, at_most, strict=False)]


TWO = limits(9_743_001_000, 9_326_428_400)


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (9 * NANO, OPEN_TO_ALL),
        (9_326_428_400, OPEN_TO_ALL),
        (9_326_428_401, OPEN_TO_SOME),
        (9_743_001_000, OPEN_TO_SOME),
        (9_743_001_001, OPEN_TO_NONE),
    ],
)
def test_one_unit_decides_what_is_said_to_be_open(score: int, said: str) -> None:
    assert standing_of(score, TWO).sentence.key == said


def test_at_the_limit_there_is_no_distance() -> None:
    at_it, far = standing_of(9_743_001_000, TWO).limits
    assert (at_it.words.key, at_it.distance) == (EXACTLY_AT, 0)
    assert str(far.distance) == "0.417"


def test_a_unit_beside_the_limit_is_shown_in_full() -> None:
    standing = standing_of(9_743_001_001, TWO)
    assert str(standing.score) == "9.743001001"
    assert "0,000000001" in plain(standing.says, "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_however_many_programmes_are_open_each_is_named(language: str) -> None:
    said = plain(standing_of(9_200_000_000, limits(9_500_000_000, 9 * NANO, 9_400_000_000)).sentence, language)
    assert all(plain(limit.name, language) in said for limit in (TWO[0], limits(1, 1, 1)[2]))
    assert plain(TWO[1].name, language) not in said


def test_without_limits_nothing_is_said_to_be_open() -> None:
    standing = standing_of(9 * NANO, [])
    assert (standing.sentence.key, standing.says.key) == (NO_LIMITS, SAYS_ALONE)


@pytest.mark.parametrize("score", [9_296_000_000, 13 * NANO, 430_000_000, -2 * NANO])
def test_the_scale_shows_every_score_and_limit_where_it_is(score: int) -> None:
    standing = standing_of(score, limits(500_000_000, 700_000_000) if abs(score) < 3 * NANO else TWO)
    places = [standing.place, *(shown.place for shown in standing.limits)]
    values = [score, *(shown.limit.at_most_nano for shown in standing.limits)]
    assert all(0 < place < SCALE_WIDTH for place in places)
    assert [places[place] for place in sorted(range(3), key=values.__getitem__)] == sorted(places)


def test_only_a_formula_of_the_state_is_said_without_a_warning() -> None:
    assert "not official" in formula_words("a-model", official=False).key
    assert "official" not in formula_words("a-model", official=True).key
