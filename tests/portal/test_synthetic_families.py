"""Families of the synthetic country at their pages: everybody who declared can read his score."""

import pytest

from services.generation.country import draw_household, generate_country
from services.generation.proportions import the_proportions
from services.journal import system_actor
from services.population.synthetic import Numbers
from tests.portal.conftest import Portal
from tests.portal.stages import NOW

SEED, HOUSEHOLDS = 2, 40


@pytest.fixture
def country(portal: Portal) -> Portal:
    batches = generate_country(portal.database, households=HOUSEHOLDS, seed=SEED, actor=system_actor(), now=NOW)
    assert sum(batch.households for batch in batches) == HOUSEHOLDS
    return portal


@pytest.mark.parametrize("path", ["/household", "/score", "/score?arithmetic=1", "/requests"])
def test_the_pages_of_generated_families_are_sound(country: Portal, path: str) -> None:
    drawn = [draw_household(the_proportions(), seed=SEED, number=number) for number in range(HOUSEHOLDS)]
    forming = [one for one in drawn if one.document is None][:1]
    rural = [one for one in drawn if one.document and one.document["milieu"] == "rural"][:2]
    urban = [one for one in drawn if one.document and one.document["milieu"] == "urban"][:2]
    assert rural
    assert urban
    for one in (*forming, *rural, *urban):
        head = one.family.people[0]
        page = country.person(Numbers(SEED).issue(head.serial) or "").get(path)
        if path == "/household":
            assert head.name[1] in page.words
        if path.startswith("/score") and one.document:
            assert page.all("p", class_="number")
