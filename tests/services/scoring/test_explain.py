"""A score told in plain words: complete, adding up, and in the family's own values."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given

from services.households.places import Place
from services.households.questionnaire import QUESTIONNAIRE
from services.messages import Words
from services.scoring.compute import compute_score
from services.scoring.display import to_thousandths
from services.scoring.explain import EFFECTS, Effect, ExplainedLine, Explanation, arithmetic, explain, fold_arithmetic
from services.scoring.installed import shipped_models
from services.scoring.topics import TOPICS, Theme
from services.scoring.variables import VARIABLES
from tests.services.scoring.declarations import CHOICES, DAY, a_child, a_declaration, a_head, declarations

MODEL = shipped_models()["rsu-2023-unofficial"]
PICTOGRAMS = {
    *("home", "people", "person", "child", "work", "school", "drop", "bolt", "gas", "phone", "car", "motorbike"),
    *("computer", "dish", "health", "coins", "field", "cow", "shop", "garage", "key", "map", "bath"),
}
ABOUT_MEMBERS = {"members", "relation", "birth_date"}


def explained(document: dict[str, Any]) -> Explanation:
    return explain(compute_score(document, model=MODEL, on=DAY))


def line(document: dict[str, Any], key: str) -> ExplainedLine:
    return next(line for line in explained(document).lines if line.key == key)


def english(words: Words) -> str:
    many = words.plural is not None and words.params["count"] != 1
    names = {key: value.names["fr"] if isinstance(value, Place) else value for key, value in words.params.items()}
    return (words.plural if many and words.plural else words.key) % names


def test_every_variable_is_told_on_one_line() -> None:
    told = Counter(key for topic in TOPICS for key in topic.variables)
    assert told == Counter([*VARIABLES, "constant", "region"])


def test_every_line_can_be_traced_to_questions_of_the_form() -> None:
    asked = {question.key for question in QUESTIONNAIRE.household_questions()}
    asked |= {question.key for question in QUESTIONNAIRE.member_questions()} | ABOUT_MEMBERS
    assert all(topic.questions and set(topic.questions) <= asked for topic in TOPICS)


@pytest.mark.parametrize("milieu", ["urban", "rural"])
def test_the_form_says_of_the_same_questions_that_they_count(milieu: str) -> None:
    form = {
        q.key for q in (*QUESTIONNAIRE.household_questions(), *QUESTIONNAIRE.member_questions()) if milieu in q.counts
    }
    told = {key for line in explained(a_declaration(milieu=milieu)).lines for key in line.questions}
    assert told - ABOUT_MEMBERS == form


def test_every_line_has_a_pictogram_of_the_sprite() -> None:
    assert {topic.pictogram for topic in TOPICS} <= PICTOGRAMS
    assert {theme.pictogram for theme in explained(a_declaration()).themes} <= PICTOGRAMS


@given(declarations())
def test_the_lines_shown_add_up_to_the_score(document: dict[str, Any]) -> None:
    told = explained(document)
    assert sum(line.nano for line in told.lines) == told.total_nano
    assert sum(theme.nano for theme in told.themes) == told.total_nano
    terms = arithmetic(compute_score(document, model=MODEL, on=DAY))
    assert sum(term.nano for term in terms) == told.total_nano
    assert sum(line.thousandths for line in told.lines) == told.thousandths == to_thousandths(told.total_nano)
    assert sum(theme.thousandths for theme in told.themes) == told.thousandths


@given(declarations())
def test_the_terms_folded_into_a_line_add_up_to_it(document: dict[str, Any]) -> None:
    result = compute_score(document, model=MODEL, on=DAY)
    folded = fold_arithmetic(explain(result), result)
    assert all(line.nano == sum(term.nano for term in terms) for line, terms in folded)
    assert Counter(term.key for _, terms in folded for term in terms) == Counter(t.key for t in arithmetic(result))


@given(declarations())
def test_every_line_is_a_whole_sentence_about_the_family(document: dict[str, Any]) -> None:
    told = explained(document)
    sentences = [english(words) for line in told.lines for words in (line.words, line.effect_words)]
    assert all(sentences)
    assert not any("%" in sentence for sentence in sentences)
    keys = [line.key for line in told.lines]
    assert len(keys) == len(set(keys))
    assert [theme.theme for theme in told.themes] == list(Theme)
    for told_line in told.lines:
        assert told_line.counts == (told_line.nano != 0 or told_line.effect is Effect.START)
        assert all(0 <= place < len(document["members"]) for place in told_line.members)


def test_the_size_of_the_household_is_one_line() -> None:
    told = line(a_declaration(a_head(), *(a_child("2015") for _ in range(4))), "members")
    assert english(told.words) == "Your household has 5 people"
    assert told.variables == ("members", "members_squared")
    assert told.nano == 5 * -177_000_000 + 25 * 5_330_000
    assert (told.effect, told.counts) == (Effect.LOWERS, True)


def test_the_age_of_the_head_is_one_line_and_names_the_head() -> None:
    told = line(a_declaration(a_child("2015"), a_head()), "head_age")
    assert english(told.words) == "The head of household is 42 years old"
    assert told.nano == 42 * -10_400_000 + 42 * 42 * 77_100
    assert (told.questions, told.members) == (("birth_date",), (1,))


def test_lines_speak_in_the_values_of_the_family() -> None:
    document = a_declaration(rooms=3, water_electricity=[100, 100, 101])
    assert english(line(document, "mobile_phones").words) == "2 mobile phones"
    assert english(line(document, "motorbikes").words) == "1 motorbike"
    assert english(line(document, "cars").words) == "No car"
    assert english(line(document, "rooms").words) == "People in your home: 1. Rooms: 3."
    assert english(line(document, "region").words) == "Your region: Rabat-Salé-Kénitra"
    assert english(line(document, "milieu").words) == "Starting point for a household in a town"
    assert english(line(document, "water_electricity").words) == (
        "On average you pay 100 dirhams a month for water and electricity"
    )


def test_what_is_zero_does_not_count_and_says_so() -> None:
    told = line(a_declaration(), "cars")
    assert (told.counts, told.effect, told.nano) == (False, Effect.NONE, 0)
    assert told.effect_words.key == EFFECTS[Effect.NONE]


def test_what_has_no_public_weight_does_not_count_and_says_why() -> None:
    told = line(a_declaration(milieu="rural", cars=1), "cars")
    assert english(told.words) == "1 car"
    assert (told.counts, told.effect, told.nano) == (False, Effect.UNKNOWN, 0)


def test_a_line_names_the_members_who_make_it() -> None:
    members = [a_head(), a_child("2014", schooling="public"), a_child("2023"), a_child("2015", schooling="public")]
    told = line(a_declaration(*members), "children_public_school")
    assert english(told.words) == "2 children aged 6 to 14 go to a public school"
    assert (told.questions, told.members) == (("schooling", "birth_date"), (1, 3))


@pytest.mark.parametrize("question", ["education", "occupation", "activity"])
def test_every_answer_about_the_head_has_its_sentence(question: str) -> None:
    told = {
        english(line(a_declaration(a_head(**{question: answer})), f"head_{question}").words)
        for answer in CHOICES[question]
    }
    assert len(told) == len(CHOICES[question])


def test_the_arithmetic_has_every_term_under_a_plain_name() -> None:
    terms = arithmetic(compute_score(a_declaration(), model=MODEL, on=DAY))
    assert [term.key for term in terms[:3]] == ["constant", "region", "small_household"]
    assert len(terms) == 37
    assert len({english(term.name) for term in terms}) == 37
