"""The command `usrati` as a whole: what it offers, and what it does not load."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from portal.cli import COMMANDS, main

LOADED_BY_SCORE = "import sys, portal.cli.scoring; print(*sys.modules)"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_says_what_it_does(name: str) -> None:
    said = CliRunner().invoke(main, [name, "--help"])
    assert said.exit_code == 0
    assert len(said.output.splitlines()) > 2


def test_an_unknown_command_is_bad_input() -> None:
    assert CliRunner().invoke(main, ["no-such-thing"]).exit_code == 2


def test_scoring_loads_neither_the_web_nor_the_queue_nor_a_database() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADED_BY_SCORE], capture_output=True, text=True, check=True).stdout
    assert {"flask", "dbos", "sqlalchemy", "cryptography"} & set(loaded.split()) == set()


def test_settings_that_cannot_be_run_with_are_named_on_stderr() -> None:
    said = CliRunner().invoke(main, ["migrate"], env={"USRATI_ENV": "holiday", "USRATI_TRUSTED_PROXIES": "some"})
    assert said.exit_code == 2
    assert said.stdout == ""
    assert len(said.stderr.splitlines()) == 2
