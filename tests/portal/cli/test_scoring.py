"""``usrati score``: which formula a declaration is scored by."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.database import Database
from services.scoring.activation import activate_model, load_model
from tests.portal.cli.conftest import Usrati
from tests.services.scoring.declarations import a_declaration
from tests.services.scoring.model_texts import a_text

NOW = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
SHIPPED = "rsu-2023-unofficial"


@pytest.fixture
def declaration(tmp_path: Path) -> Path:
    file = tmp_path / "declaration.json"
    file.write_text(json.dumps(a_declaration()))
    return file


def load(database: Database, *, active: bool) -> None:
    with database.writing() as session:
        load_model(session, text=a_text(), programmes=["asd"], now=NOW)
        if active:
            activate_model(session, model_id="rsu-2027", now=NOW)


def test_a_loaded_model_scores_when_it_is_named(usrati: Usrati, database: Database, declaration: Path) -> None:
    load(database, active=False)
    named = json.loads(usrati("score", declaration, "--model", "rsu-2027").stdout)
    assert named["model"] == "rsu-2027"
    assert named["score_nano"] == json.loads(usrati("score", declaration, "--model", SHIPPED).stdout)["score_nano"]
    assert json.loads(usrati("score", declaration, "--on", "2027-01-01").stdout)["model"] == SHIPPED


def test_an_activated_model_scores_on_its_days(usrati: Usrati, database: Database, declaration: Path) -> None:
    load(database, active=True)
    for day, model in (("2026-12-31", SHIPPED), ("2027-01-01", "rsu-2027")):
        assert json.loads(usrati("score", declaration, "--on", day).stdout)["model"] == model


def test_a_day_before_any_model_and_a_model_that_is_not_there_are_one_line(usrati: Usrati, declaration: Path) -> None:
    told = usrati("score", declaration, "--on", "2022-12-31")
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr == f"no model holds on 2022-12-31: the first, {SHIPPED}, begins on 2023-01-01\n"
    told = usrati("score", declaration, "--model", "rsu-1999")
    assert (told.exit_code, told.stderr) == (2, f"no model 'rsu-1999'; there is {SHIPPED}\n")


def test_without_a_database_the_shipped_models_score(
    usrati: Usrati, declaration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "none" / "usrati.db"
    monkeypatch.setenv("USRATI_DATABASE_URL", f"sqlite:///{missing}")
    told = usrati("score", declaration, "--on", "2026-06-15")
    assert (told.exit_code, told.stderr, json.loads(told.stdout)["model"]) == (0, "", SHIPPED)
    assert not missing.parent.exists()


def test_a_database_that_does_not_answer_is_said_and_the_shipped_models_score(
    usrati: Usrati, declaration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    monkeypatch.setenv("USRATI_DATABASE_URL", f"sqlite:///{empty}")
    told = usrati("score", declaration, "--on", "2026-06-15")
    assert (told.exit_code, json.loads(told.stdout)["model"]) == (0, SHIPPED)
    assert told.stderr == "the database does not answer or was not migrated: only the shipped models are known\n"
