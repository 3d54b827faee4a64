"""``usrati score``: the stable shape of its answer, and one clear line for each thing wrong."""

import json
from typing import Any

import pytest

from services.scoring.command import score_document
from services.scoring.shipped import shipped_models
from tests.services.scoring.declarations import DAY, a_child, a_declaration, a_head

MODEL = shipped_models()["rsu-2023-unofficial"]


def scored(document: Any) -> dict[str, Any]:
    result = score_document(json.dumps(document), model=MODEL, on=DAY)
    assert result.faults == ()
    assert result.printed is not None
    return result.printed


def faults(text: str) -> list[str]:
    result = score_document(text, model=MODEL, on=DAY)
    assert result.printed is None
    return list(result.faults)


def test_the_answer_has_the_shape_others_build_on() -> None:
    answer = scored(a_declaration())
    lines = answer.pop("lines")
    assert answer == {
        "model": "rsu-2023-unofficial",
        "official": False,
        "milieu": "urban",
        "on": "2026-06-15",
        "score": "10.844874400",
        "score_nano": 10_844_874_400,
        "constant_nano": 9_825_000_000,
        "region": {"code": "MA-04", "contribution_nano": 55_500_000},
    }
    assert len(lines) == 35
    assert lines[0] == {
        "key": "small_household",
        "coefficient": "0.103",
        "value": "1",
        "contribution_nano": 103_000_000,
    }


def test_values_are_exact_fractions_and_an_unknown_coefficient_is_null() -> None:
    members = [a_head(), a_child("2015"), a_child("2016")]
    lines = {line["key"]: line for line in scored(a_declaration(*members, milieu="rural"))["lines"]}
    assert lines["share_literate"]["value"] == "1/3"
    assert lines["car"]["coefficient"] is None


def test_the_answer_is_json() -> None:
    assert json.loads(json.dumps(scored(a_declaration()))) == scored(a_declaration())


def test_every_fault_of_a_declaration_is_one_line() -> None:
    document = a_declaration(a_head(birth_date="2026-06-16"), rooms=0, telecom_monthly=-1) | {"new\nkey": 1}
    lines = faults(json.dumps(document))
    assert [line.split(":")[0] for line in lines] == ["rooms", "telecom_monthly", "new?key", "members[0].birth_date"]
    assert not any("%(" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "one JSON object"),
        ('{"cars": NaN}', "NaN"),
        ('{"cars": 1, "cars": 2}', "'cars' stands more than once"),
        ('{"cars": ' + "9" * 5000 + "}", "not JSON"),
        ("[" * 100_000, "nested"),
    ],
)
def test_what_is_not_a_declaration_is_one_clear_line(text: str, fault: str) -> None:
    lines = faults(text)
    assert len(lines) == 1
    assert fault in lines[0]
    assert "\n" not in lines[0]
