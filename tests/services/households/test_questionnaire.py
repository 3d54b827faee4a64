"""The questionnaire as data: whole, consistent, and kind."""

import re
from collections.abc import Iterator

import pytest

from services.households.questionnaire import QUESTIONNAIRE, RELATION, SEX, Choice, Kind, Page, Question
from services.households.questionnaire.unasked import UNASKED, value_unasked, values_declared

SPRITE = """home people person child work school drop bolt gas phone find paper meter car motorbike sound key field
    cow shop garage computer dish health coins hand check clock pen map shield bath wifi building"""
DECLARED = {
    "milieu": "urban rural",
    "dwelling": "villa apartment modern_house traditional_house rural_stone_house rural_earth_house"
    " room informal other",
    "tenure": "owner tenant housed_free other",
    "electricity": "own_meter shared_meter solar none",
    "water": "own_connection shared_connection fountain_or_well other",
    "relation": "head spouse child parent parent_in_law sibling grandchild other",
    "sex": "F M",
    "education": "none basic secondary technical higher",
    "schooling": "none public private",
    "school_level": "none primary lower_secondary upper_secondary",
    "activity": "employed unemployed pensioner rentier student home infant other",
    "occupation": "none senior_manager middle_manager employer employee machine_operator craftsman farmer trader"
    " labourer other",
    "health_cover": "none amo_tadamon other",
}
HOUSEHOLD_KEYS = """milieu region province commune address nuclei dwelling tenure rooms has_bath electricity water
    garage second_home business_premises non_agricultural_land irrigated_land cows computers satellite_dish landline
    mobile_phones cars motorbikes loan butane_monthly water_electricity_1 water_electricity_2 water_electricity_3
    telecom_monthly aids"""
MEMBER_KEYS = """education literate schooling school_level activity occupation health_cover severe_disability
    father_deceased mother_deceased"""
ASKED = [*QUESTIONNAIRE.household_questions(), *QUESTIONNAIRE.member_questions(), RELATION, SEX]
QUESTIONS = {question.key: question for question in ASKED}
each_question = pytest.mark.parametrize("question", ASKED, ids=lambda question: question.key)
each_page = pytest.mark.parametrize("page", QUESTIONNAIRE.pages, ids=lambda page: page.key)


def test_every_key_of_the_declaration_is_asked_once() -> None:
    assert sorted(one.key for one in QUESTIONNAIRE.household_questions()) == sorted(HOUSEHOLD_KEYS.split())
    assert sorted(one.key for one in QUESTIONNAIRE.member_questions()) == sorted(MEMBER_KEYS.split())


@pytest.mark.parametrize("key", DECLARED)
def test_the_choices_are_those_of_the_declaration(key: str) -> None:
    assert set(values_declared(QUESTIONS[key])) == set(DECLARED[key].split())


@each_question
def test_a_question_explains_itself_and_ends_as_a_question(question: Question) -> None:
    assert question.title.endswith("?")
    assert len(question.label) <= 45
    assert question.help is None or "xample" in question.help
    assert question.help or question is SEX


@each_question
def test_the_help_quotes_choices_as_they_are_written(question: Question) -> None:
    labels = {choice.label for choice in question.choices} | {"Yes", "No", "total to pay"}
    for quoted in re.findall("“([^”]+)”", f"{question.help} {question.hint}"):
        assert quoted in labels


@each_question
def test_numbers_have_bounds_and_an_example_within_them(question: Question) -> None:
    if question.kind in (Kind.COUNT, Kind.AMOUNT):
        assert isinstance(question.example, int)
        assert question.least <= question.example <= question.unusual_above < question.most
    assert (question.kind is Kind.TEXT) == isinstance(question.example, str)


@each_question
def test_only_questions_of_choices_have_choices_and_no_value_twice(question: Question) -> None:
    assert bool(question.choices) == (question.kind in (Kind.CHOICE, Kind.CHOICES))
    assert len(question.by_value) == len(question.choices)


def _pictograms() -> Iterator[str | None]:
    things: list[Page | Question | Choice] = [*QUESTIONNAIRE.pages, *QUESTIONS.values()]
    things += [choice for question in QUESTIONS.values() for choice in question.choices]
    return (thing.pictogram for thing in things)


def test_every_pictogram_is_in_the_sprite() -> None:
    assert {name for name in _pictograms() if name} <= set(SPRITE.split())


@each_page
def test_a_page_has_a_key_for_an_address_and_belongs_to_a_step(page: Page) -> None:
    assert page.step in ("register", "complete")
    assert re.fullmatch("[a-z]+", page.key)


@each_page
def test_a_condition_reads_an_earlier_question_that_has_none_itself(page: Page) -> None:
    before = [] if page.per_member else list(QUESTIONNAIRE.household_questions())
    for place, question in enumerate(page.questions):
        earlier = {one.key: one for one in (*before, *page.questions[:place])}
        limits = [choice.only_if for choice in question.choices if choice.only_if]
        for condition in (*question.shown_if, *limits):
            asked = earlier[condition.key]
            assert not asked.shown_if
            assert asked.ages.least <= question.ages.least
            assert asked.ages.most >= question.ages.most
            assert set(condition.values) <= set(asked.by_value)


@pytest.mark.parametrize("age", range(0, 120))
def test_something_stands_for_whatever_is_not_asked(age: int) -> None:
    for page in QUESTIONNAIRE.pages:
        for question in page.questions:
            asked = question in page.asked_at(age if page.per_member else None)
            if not asked or question.shown_if:
                value = value_unasked(question, age if page.per_member else None, {})
                assert value in values_declared(question) or question.accepts(value, {})


def test_nothing_stands_for_what_is_always_asked() -> None:
    always = {key for key, question in QUESTIONS.items() if question.ages.least == 0 and question.ages.most > 120}
    assert {key for key in UNASKED if key in always and not QUESTIONS[key].shown_if} == set()


@pytest.mark.parametrize(("age", "pages"), [(4, "health"), (6, "studies health"), (15, "studies work health")])
def test_a_child_is_not_asked_what_only_adults_can_answer(age: int, pages: str) -> None:
    assert [page.key for page in QUESTIONNAIRE.member_pages if page.asked_at(age)] == pages.split()
