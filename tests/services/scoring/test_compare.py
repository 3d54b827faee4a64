"""What changed between two scores: every difference has its cause, and nothing is left over."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.compare import CAUSES, Comparison, MovedLine, compare_results, reasons_between
from services.scoring.compare_path import Cause
from services.scoring.compute import compute_score
from services.scoring.display import to_thousandths
from services.scoring.explain import Effect, explain
from services.scoring.formula import Formula, Model
from services.scoring.installed import shipped_models
from tests.services.scoring.declarations import DAY, a_child, a_declaration, a_head, declarations
from tests.services.scoring.test_explain import english

MODEL = shipped_models()["rsu-2023-unofficial"]
LATER = date(2027, 6, 15)
DAYS = st.integers(-3000, 3000).map(lambda days: DAY + timedelta(days)) | st.just(date(2028, 2, 29))


def reweighed(percent: int = 110, without: tuple[str, ...] = ()) -> Model:
    """Another formula: other weights, and not all of its lines."""

    def other(formula: Formula) -> Formula:
        terms = tuple(
            replace(term, coefficient_nano=term.coefficient_nano * percent // 100)
            for term in formula.terms
            if term.key not in without
        )
        return replace(formula, constant_nano=formula.constant_nano + 1, terms=terms)

    formulas = {milieu: other(formula) for milieu, formula in MODEL.formulas.items()}
    return replace(MODEL, id=f"other-{percent}", formulas=formulas)


MODELS = (MODEL, reweighed(110), reweighed(90, without=("members", "cars", "region", "cows", "head_age")))


def compare(
    before: dict[str, Any], after: dict[str, Any], *, days: tuple[date, date] = (DAY, DAY), model: Model = MODEL
) -> Comparison:
    first = compute_score(before, model=MODEL, on=days[0])
    return compare_results(first, compute_score(after, model=model, on=days[1]), model=MODEL)


def named(member: dict[str, Any], person: str) -> dict[str, Any]:
    return member | {"person": person}


def causes(comparison: Comparison) -> list[Cause]:
    return [part.cause for part in comparison.parts]


def line(comparison: Comparison, key: str) -> MovedLine:
    return next(line for part in comparison.parts for line in part.lines if line.key == key)


@st.composite
def families(draw: st.DrawFn) -> dict[str, Any]:
    """Any declaration, of people who may stand in another one too."""
    document = draw(declarations())
    people = draw(st.permutations("abcdefghijkl"))
    members = [named(member, person) for member, person in zip(document["members"], people, strict=False)]
    return document | {"members": members}


@given(families(), families(), DAYS, DAYS, st.sampled_from(MODELS), st.sampled_from(MODELS))
def test_the_parts_add_up_exactly_to_the_whole_difference(
    before: dict[str, Any], after: dict[str, Any], day: date, other_day: date, model: Model, other_model: Model
) -> None:
    first, last = compute_score(before, model=model, on=day), compute_score(after, model=other_model, on=other_day)
    comparison = compare_results(first, last, model=model)
    assert sum(part.nano for part in comparison.parts) == comparison.nano == last.total_nano - first.total_nano
    shown = to_thousandths(last.total_nano) - to_thousandths(first.total_nano)
    assert sum(part.thousandths for part in comparison.parts) == comparison.thousandths == shown
    for part in comparison.parts:
        assert all(abs(line.thousandths * 10**6 - line.nano) < 10**6 for line in part.lines)
    assert causes(comparison) == sorted(set(causes(comparison)), key=list(Cause).index)
    reasons = reasons_between(explain(first), explain(last))
    assert sum(line.nano for line in reasons) == comparison.nano
    assert sum(line.thousandths for line in reasons) == shown


@settings(max_examples=25)
@given(families(), DAYS)
def test_between_a_score_and_itself_there_is_nothing(document: dict[str, Any], day: date) -> None:
    assert compare(document, document, days=(day, day)).parts == ()


@settings(max_examples=25)
@given(families(), families(), DAYS)
def test_the_way_back_undoes_the_way(before: dict[str, Any], after: dict[str, Any], day: date) -> None:
    there, back = compare(before, after, days=(DAY, day)), compare(after, before, days=(day, DAY))
    assert there.nano == -back.nano
    assert there.thousandths == -back.thousandths


def test_time_alone_is_told_by_birthdays() -> None:
    family = a_declaration(named(a_head(), "mother"), named(a_child("2012-01-01", schooling="public"), "son"))
    comparison = compare(family, family, days=(DAY, LATER))
    [part] = comparison.parts
    assert part.cause is Cause.BIRTHDAY
    assert [(one.person, one.age_before, one.age_after) for one in part.people] == [("mother", 42, 43), ("son", 14, 15)]
    moved = {line.key: (english(line.before), english(line.after)) for line in part.lines if line.before and line.after}
    assert moved["head_age"] == ("The head of household is 42 years old", "The head of household is 43 years old")
    assert moved["children_public_school"][1] == "No child aged 6 to 14 goes to a public school"


def test_a_birthday_that_moves_nothing_is_told_all_the_same() -> None:
    family = a_declaration(a_head(birth_date="1984-01"), named(a_child("2022-06-20"), "daughter"))
    [part] = compare(family, family, days=(DAY, DAY + timedelta(7))).parts
    assert (part.cause, [one.person for one in part.people], part.nano) == (Cause.BIRTHDAY, ["daughter"], 0)


@pytest.mark.parametrize(("day", "older"), [(date(2027, 2, 28), 0), (date(2027, 3, 1), 1), (date(2028, 2, 29), 1)])
def test_who_was_born_on_29_february_is_a_year_older_on_1_march(day: date, older: int) -> None:
    family = a_declaration(a_head(birth_date="1984-02-29"))
    comparison = compare(family, family, days=(date(2026, 3, 1), day))
    assert [len(part.people) for part in comparison.parts] == [1] * older


def test_a_newborn_joins_with_all_that_follows_from_it() -> None:
    before = a_declaration(named(a_head(), "mother"))
    after = a_declaration(named(a_head(), "mother"), named(a_child("2026-05-01"), "baby"), mobile_phones=3)
    joined, declared = compare(before, after).parts
    assert (joined.cause, [one.person for one in joined.people]) == (Cause.JOINED, ["baby"])
    assert (joined.people[0].age_before, joined.people[0].age_after) == (None, 0)
    assert {"members", "small_household", "telecom_monthly"} <= {line.key for line in joined.lines}
    assert (declared.cause, [line.key for line in declared.lines]) == (Cause.DECLARED, ["mobile_phones"])


def test_when_the_head_leaves_everybody_is_to_the_new_head_what_he_is_later() -> None:
    before = a_declaration(named(a_head(), "father"), named(a_head(relation="spouse", sex="F"), "mother"))
    after = a_declaration(named(a_head(education="higher"), "mother"))
    left, declared = compare(before, after).parts
    assert (left.cause, [(one.person, one.age_after) for one in left.people]) == (Cause.LEFT, [("father", None)])
    assert [line.key for line in declared.lines if line.nano] == ["head_education"]


def test_a_change_of_head_alone_is_declared() -> None:
    older, younger = a_head(birth_date="1960"), a_head(birth_date="1990", relation="child")
    before = a_declaration(named(older, "mother"), named(younger, "son"))
    after = a_declaration(named(older | {"relation": "parent"}, "mother"), named(younger | {"relation": "head"}, "son"))
    comparison = compare(before, after)
    assert causes(comparison) == [Cause.DECLARED]
    assert [line.key for line in comparison.parts[0].lines] == ["head_age"]


def test_who_comes_as_another_goes_is_told_together() -> None:
    before = a_declaration(named(a_head(), "mother"), named(a_child("2004"), "son"))
    after = a_declaration(named(a_head(), "mother"), named(a_head(relation="parent"), "grandmother"))
    assert causes(compare(before, after)) == [Cause.JOINED_AND_LEFT]


def test_moving_to_the_countryside_exchanges_the_lines() -> None:
    comparison = compare(a_declaration(cows=2), a_declaration(milieu="rural", cows=2))
    [part] = comparison.parts
    assert part.cause is Cause.DECLARED
    cows, phones = line(comparison, "cows"), line(comparison, "mobile_phones")
    assert (cows.before, cows.nano) == (None, 2 * 25_700_000)
    assert (phones.after, phones.nano) == (None, -2 * 51_600_000)
    assert line(comparison, "milieu").nano == (8_695 - 9_825) * 10**6


def test_what_has_no_public_weight_is_told_and_moves_nothing() -> None:
    comparison = compare(a_declaration(milieu="rural"), a_declaration(milieu="rural", cars=1))
    assert (line(comparison, "cars").effect, comparison.nano) == (Effect.UNKNOWN, 0)


def test_another_formula_is_its_own_cause() -> None:
    family = a_declaration(a_head(), a_child("2015"))
    comparison = compare(family, family, model=reweighed(110))
    assert causes(comparison) == [Cause.FORMULA]
    members = line(comparison, "members")
    assert members.before == members.after
    assert members.nano_before != members.nano_after


def test_the_reasons_are_the_lines_that_moved_it_furthest() -> None:
    before = compute_score(a_declaration(), model=MODEL, on=DAY)
    after = compute_score(a_declaration(cars=1, mobile_phones=3), model=MODEL, on=LATER)
    reasons = reasons_between(explain(before), explain(after))
    assert [line.key for line in reasons] == ["cars", "mobile_phones", "head_age"]


def test_the_earlier_score_is_compared_by_its_own_formula() -> None:
    score = compute_score(a_declaration(), model=MODEL, on=DAY)
    with pytest.raises(ValueError, match="rsu-2023-unofficial made"):
        compare_results(score, score, model=reweighed())


def test_every_cause_has_its_words() -> None:
    assert set(CAUSES) == set(Cause)
