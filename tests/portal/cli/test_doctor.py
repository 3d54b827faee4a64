"""`usrati doctor`, `usrati backup` and `usrati restore`, as an operator runs them."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from services.workers import beat
from tests.portal.conftest import Portal


def run(portal: Portal, *words: str, **environment: str) -> Result:
    ours = {"USRATI_DATA_DIR": str(portal.settings.data_dir), **environment}
    return CliRunner().invoke(main, list(words), env=ours)


def test_a_whole_installation_has_nothing_wrong(portal: Portal) -> None:
    with portal.database.writing() as session:
        beat(session, executor_id="one", now=datetime.now(UTC))
    said = run(portal, "doctor")
    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[-1] == "Nothing is wrong."


def test_what_is_wrong_is_a_sentence_and_status_1(portal: Portal) -> None:
    said = run(portal, "doctor", USRATI_PUBLIC_URL="https://usrati.example")
    assert said.exit_code == 1
    wrong = [line.split(maxsplit=2) for line in said.output.splitlines() if line.startswith("wrong")]
    assert [subject for _, subject, _ in wrong] == ["workers", "proxies"]
    assert said.output.splitlines()[-1] == "2 things are wrong."


def test_settings_that_cannot_be_read_are_told_alone(portal: Portal) -> None:
    said = run(portal, "doctor", USRATI_ENV="production")
    assert said.exit_code == 1
    assert {line.split()[1] for line in said.output.splitlines()[:-1]} == {"settings"}


@pytest.mark.parametrize("code", ["ar", "fr", "zgh"])
def test_each_language_says_everything(portal: Portal, code: str) -> None:
    assert f"{code}: all " in run(portal, "doctor").output


def test_what_was_backed_up_is_restored(portal: Portal, tmp_path: Path) -> None:
    folder = str(tmp_path / "a backup")
    made = run(portal, "backup", folder)
    assert made.exit_code == 0, made.output
    assert "Keep USRATI_SECRET_KEY and USRATI_ENCRYPTION_KEYS elsewhere" in made.output
    refused = run(portal, "restore", folder)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == "usrati restore: people are in this database already: restore into an empty one\n"
    portal.database.dispose()
    shutil.rmtree(portal.settings.data_dir)
    restored = run(portal, "restore", folder)
    assert restored.exit_code == 0, restored.output
    assert "are back as they were" in restored.output
    again = run(portal, "backup", folder)
    assert (again.exit_code, len(again.stderr.splitlines())) == (2, 1)
