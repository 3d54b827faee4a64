"""The same journey without any browser: forms, links and cookies over plain HTTP."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from services.population.demo import demo_stories
from tests.journeys.families import Family, new_family
from tests.journeys.installation import Installation, wait_until
from tests.portal.walking import HttpBrowser, Walker


def typed(answer: Any) -> str | list[str]:
    """An answer as a form posts it."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return answer if isinstance(answer, list) else str(answer)


def path_of(walker: Walker) -> str:
    return "/" + urlsplit(walker.page.path).path.split("/", 2)[2]


def answer_page(walker: Walker, family: Family) -> None:
    """Answer each field of the page, and whatever hangs on those answers."""
    last = path_of(walker).rpartition("/")[2]
    answers = family.answers(int(last) if last.isdigit() else 0)
    form = walker.page.form(field="seen")
    wished = {name: typed(answers[name]) for name in form.names & answers.keys()}
    possible = {name: value for name, value in wished.items() if may_be(value, form.choices(name))}
    walker.fill(**possible)


def may_be(value: str | list[str], choices: list[str]) -> bool:
    chosen = [value] if isinstance(value, str) else value
    return not choices or set(chosen) <= set(choices)


@pytest.fixture
def walk(portal: Installation) -> Callable[[str], Walker]:
    return lambda language: Walker(HttpBrowser(portal.base), language=language)


def test_a_family_walks_from_home_to_score_without_a_browser(
    portal: Installation, walk: Callable[[str], Walker]
) -> None:
    family = portal.enrol(new_family("rural"))
    walker = walk("fr")
    walker.get("/")
    walker.get("/sign-in")
    identity = {"idcs": family.mother["idcs"], **birth_fields(family.mother)}
    walker.fill(sex=family.mother["sex"], **identity)
    walker.fill(code=portal.sms.code(family.mobile))
    walker.fill(relation="head", consent="y")
    for child in family.children:
        walker.get("/household/members/add")
        walker.fill(idcs=child["idcs"], relation=child["relation"], **birth_fields(child))
        assert path_of(walker) == "/household/members"
    walker.get("/form/address")
    answer_page(walker, family)
    walker.get("/form/home")
    while path_of(walker) != "/form/check":
        before = path_of(walker)
        answer_page(walker, family)
        assert path_of(walker) != before, walker.page.problems
    walker.press("/form/check")
    reference = path_of(walker).split("/")[2]
    request = f"/requests/{reference}"
    wait_until(lambda: "/fr/score" in walker.get(request).text.split("<main")[1], "it was not decided", seconds=30)
    assert family.score_shown() in walker.get("/score").words
    wait_until(lambda: len(portal.news_for(family.mobile)) == 2, "a message is missing")


def birth_fields(person: dict[str, str]) -> dict[str, str]:
    parts = [*person["birth_date"].split("-"), "", ""][:3]
    return dict(zip(("birth_year", "birth_month", "birth_day"), parts, strict=True))


def test_a_demonstration_family_signs_in(portal: Installation, walk: Callable[[str], Walker]) -> None:
    story = next(story for story in demo_stories() if story.story == "urban-widow")
    walker = walk("ar")
    walker.sign_in(story, portal.sms)
    assert walker.page.status == 200
    assert path_of(walker) in ("/household", "/household/start")
