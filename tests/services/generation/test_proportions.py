"""The proportions of the synthetic country: dated, called invented, and plausible."""

import tomllib
from collections import Counter
from datetime import date
from importlib.resources import files
from statistics import mean, median

import pytest

from services.generation.country import Drawn, draw_household
from services.generation.proportions import the_proportions
from services.households.declaration import faults_of
from services.households.questionnaire import QUESTIONNAIRE
from services.households.questionnaire.unasked import value_unasked
from services.programmes.catalogue import limits_on
from services.scoring.compute import compute_score
from services.scoring.installed import shipped_models

DAY = the_proportions().declared_on
HOUSEHOLDS = 1_000


@pytest.fixture(scope="module")
def drawn() -> list[Drawn]:
    return [draw_household(the_proportions(), seed=1, number=number) for number in range(HOUSEHOLDS)]


@pytest.mark.parametrize(("room", "name"), [("generation", "proportions.toml"), ("population", "names.toml")])
def test_what_is_invented_says_so_and_since_when(room: str, name: str) -> None:
    data = tomllib.loads(files(f"services.{room}").joinpath(name).read_text(encoding="utf-8"))
    assert data["grade"] == "own/invented"
    assert isinstance(data["since"], date)


def test_sizes_have_the_means_of_the_registers(drawn: list[Drawn]) -> None:
    inside = [len(one.family.relatives) for one in drawn]
    outside = [len(one.outside.relatives) for one in drawn if one.outside]
    assert mean(inside) == pytest.approx(9.7 / 2.8, rel=0.05)
    assert (sum(inside) + sum(outside)) / sum(inside) == pytest.approx(13.6 / 9.7, rel=0.05)


def test_the_median_score_lies_between_the_limits(drawn: list[Drawn]) -> None:
    model = shipped_models()["rsu-2023-unofficial"]
    scores = [compute_score(one.document, model=model, on=DAY).total_nano for one in drawn if one.document]
    lowest, highest = sorted(limit.at_most_nano for limit in limits_on(DAY))
    assert lowest < median(scores) < highest


def test_every_declaration_could_have_come_from_the_form(drawn: list[Drawn]) -> None:
    for one in drawn:
        if one.document is None:
            continue
        assert faults_of(one.document, on=DAY) == []
        for relative, entry in zip(one.family.relatives, one.document["members"], strict=True):
            for question in QUESTIONNAIRE.member_questions():
                of_age = question.ages.least <= relative.age <= question.ages.most
                if not of_age or (question.shown_if and not question.holds(entry)):
                    assert entry[question.key] == value_unasked(question, relative.age, entry), question.key


def test_families_are_of_this_world(drawn: list[Drawn]) -> None:
    for one in drawn:
        relations = Counter(relative.relation for relative in one.family.relatives)
        assert relations["head"] == 1
        assert relations["spouse"] <= 1
        by_id = {relative.person.id: relative for relative in one.family.relatives}
        for relative in one.family.relatives:
            assert bool(relative.person.guardians) == (relative.age < 18)
            for guardian in relative.person.guardians:
                assert by_id[guardian].age - relative.age >= 17


def test_a_seed_draws_the_same_family_whatever_else_is_drawn(drawn: list[Drawn]) -> None:
    assert draw_household(the_proportions(), seed=1, number=17) == drawn[17]
    assert draw_household(the_proportions(), seed=2, number=17) != drawn[17]
