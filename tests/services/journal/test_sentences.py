"""Every action that the code records has its sentence for the family that it is about."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from services.journal import Capacity, Entry
from services.journal.sentences import CAPACITIES, SENTENCES, SOMETHING, what_was_done, who_did_it
from services.retention import WHAT

ROOT = Path(__file__).parents[3]
AT = datetime(2026, 6, 15, tzinfo=UTC)


def literals(tree: ast.AST, name: str) -> Iterator[str]:
    """Every text given as the argument ``name``, or by position to a function that journals."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        given = [word.value for word in call.keywords if word.arg == name]
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        given += call.args if called == "_journal" else []
        for value in given:
            for one in ast.walk(value):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value


def recorded() -> set[str]:
    """The actions as they stand in the code; those that are put together, from their two halves."""
    found: set[str] = set()
    wishes: set[str] = set()
    for folder in ("services", "portal"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {text for text in literals(tree, "action") if "." in text}
            wishes |= {text for text in literals(tree, "what") if text.isidentifier()}
    halves = {action for action in found if action.endswith(".")}
    return (found - halves) | {f"{half}{wish}" for half in {*halves, "household."} for wish in wishes}


# What is done to the service itself names no household and no person.
ABOUT_NO_FAMILY = ("agent", "installation", "keys", "model", "population")


def test_every_action_of_the_code_has_its_sentence_and_every_sentence_its_action() -> None:
    about_families = {action for action in recorded() if not action.startswith(ABOUT_NO_FAMILY)}
    assert about_families == SENTENCES.keys()


def entry(action: str, capacity: Capacity = Capacity.CITIZEN, **others: object) -> Entry:
    values = {"actor_id": None, "purpose": None, "details": {}, "household_id": None, **others}
    return Entry(at=AT, capacity=capacity, action=action, **values)  # type: ignore[arg-type]


def test_an_erasure_says_what_was_erased() -> None:
    words = what_was_done(entry("household.data_erased", details={"kind": "request"}))
    assert words.params["what"].key == WHAT["request"]


def test_an_unknown_action_is_told_all_the_same() -> None:
    assert what_was_done(entry("file.turned")).key == SOMETHING


@pytest.mark.parametrize("capacity", Capacity)
def test_every_capacity_has_its_words(capacity: Capacity) -> None:
    me = uuid4()
    assert who_did_it(entry("request.submitted", capacity, actor_id=uuid4()), reader=me).key
    assert set(CAPACITIES) == set(Capacity) - {Capacity.CITIZEN}


def test_oneself_ones_household_and_strangers_are_told_apart() -> None:
    me, somebody, home = uuid4(), uuid4(), uuid4()
    acts = [(me, home), (somebody, home), (somebody, None)]
    said = [who_did_it(entry("x", actor_id=who, household_id=where), reader=me).key for who, where in acts]
    assert said == ["You", "A person of your household", "Another family"]
