"""A packed declaration keeps all that the formula reads."""

from typing import Any

import pytest
from hypothesis import given

from services.households.questionnaire import QUESTIONNAIRE, RELATION
from services.households.questionnaire.unasked import values_declared
from services.scoring.bulk.packing import (
    HOUSEHOLD_CODES,
    HOUSEHOLD_RECORD,
    MEMBER_CODES,
    MEMBER_RECORD,
    Unpackable,
    pack_document,
    unpack_document,
)
from services.scoring.compute import compute_score
from services.scoring.household import household_on
from services.scoring.installed import shipped_models
from services.scoring.variables import VARIABLES
from tests.services.scoring.declarations import DAY, a_child, a_declaration, a_head, declarations

MODEL = shipped_models()["rsu-2023-unofficial"]


@given(declarations())
def test_what_is_packed_has_every_variable_and_the_score_of_the_document(document: dict[str, Any]) -> None:
    again = unpack_document(pack_document(document))
    before, after = household_on(document, DAY), household_on(again, DAY)
    for key, variable in VARIABLES.items():
        assert variable.measure(after) == variable.measure(before), key
    assert compute_score(again, model=MODEL, on=DAY) == compute_score(document, model=MODEL, on=DAY)


@given(declarations())
def test_nothing_of_what_is_packed_is_lost(document: dict[str, Any]) -> None:
    again = unpack_document(pack_document(document))
    assert {key: document[key] for key in again if key != "members"} == {
        key: value for key, value in again.items() if key != "members"
    }
    kept = [{key: member[key] for key in again["members"][0]} for member in document["members"]]
    assert again["members"] == kept


def test_every_answer_that_can_be_given_has_its_code() -> None:
    questions = {question.key: question for question in QUESTIONNAIRE.household_questions()}
    questions |= {question.key: question for question in (RELATION, *QUESTIONNAIRE.member_questions())}
    for key, values in {**HOUSEHOLD_CODES, **MEMBER_CODES}.items():
        assert set(values) == set(values_declared(questions[key])), key
    assert HOUSEHOLD_CODES["region"] == tuple(f"MA-{number:02}" for number in range(1, 13))


@pytest.mark.parametrize("born", ["1984", "1984-05", "1984-05-02", "2000-02-29"])
def test_a_birth_date_is_kept_as_far_as_it_is_known(born: str) -> None:
    packed = pack_document(a_declaration(a_head(birth_date=born)))
    assert len(packed) == HOUSEHOLD_RECORD.size + MEMBER_RECORD.size == 60
    assert unpack_document(packed)["members"][0]["birth_date"] == born


@pytest.mark.parametrize(
    "answers",
    [
        {"members": []},
        {"members": [a_child("2015")]},
        {"members": [a_head(birth_date="1984-13")]},
        {"members": [a_head(occupation="astronaut")]},
        {"region": "MA-13"},
        {"rooms": -1},
        {"cars": 70_000},
        {"telecom_monthly": "60"},
        {"telecom_monthly": None},
        {"water_electricity": [1, 2]},
        {"water_electricity": None},
        {"members": None},
    ],
)
def test_what_cannot_be_scored_cannot_be_packed(answers: dict[str, Any]) -> None:
    with pytest.raises(Unpackable):
        pack_document(a_declaration() | answers)


def test_an_erased_declaration_cannot_be_packed() -> None:
    with pytest.raises(Unpackable):
        pack_document({})


@pytest.mark.parametrize(
    "change", [lambda b: b[:-1], lambda b: b[:20], lambda b: b"\x02" + b[1:], lambda b: b + b[-12:]]
)
def test_bytes_that_are_not_whole_are_refused(change: Any) -> None:
    with pytest.raises(Unpackable):
        unpack_document(change(pack_document(a_declaration())))


def test_a_code_that_nobody_knows_is_refused() -> None:
    packed = bytearray(pack_document(a_declaration()))
    packed[2] = 200  # the region
    with pytest.raises(Unpackable):
        unpack_document(bytes(packed))
