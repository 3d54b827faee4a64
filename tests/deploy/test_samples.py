"""The other samples of deploy/: units and settings that this version understands."""

import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.cli import COMMANDS
from portal.server import GRACE_SECONDS
from services.settings import SettingsError, load_settings
from services.workflows import DRAIN_SECONDS

DEPLOY = Path(__file__).parents[2] / "deploy"
ROOT = DEPLOY.parent
FILLED_IN = {
    "USRATI_SMS_URL": "http://127.0.0.1:13013/cgi-bin/sendsms?username=usrati&password=secret",
    "USRATI_SECRET_KEY": "s" * 64,
    "USRATI_ENCRYPTION_KEYS": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=",
}


def unit(name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / f"usrati-{name}.service")
    return parser["Service"]


def sample() -> Iterator[tuple[str, str]]:
    for line in (DEPLOY / "usrati.env").read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield name, value


@pytest.mark.parametrize("name", ["portal", "worker"])
def test_units_run_commands_that_there_are(name: str) -> None:
    lines = [value for option, value in unit(name).items() if option.startswith("Exec")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"/opt/usrati/\.venv/bin/usrati (\w+)( --.*)?", line)
        assert line.split()[1] in COMMANDS


def test_units_wait_for_what_is_in_hand() -> None:
    assert int(unit("portal")["TimeoutStopSec"]) > GRACE_SECONDS
    assert int(unit("worker")["TimeoutStopSec"]) > DRAIN_SECONDS
    # The server's own processes are told by their parent: a second signal would make them hurry.
    assert unit("portal")["KillMode"] == "mixed"


def test_the_sample_settings_start_once_filled_in() -> None:
    given = dict(sample())
    with pytest.raises(SettingsError):
        load_settings(given)
    settings = load_settings(given | FILLED_IN)
    assert (settings.environment, settings.trusted_proxies) == ("production", 1)


def test_every_setting_is_in_the_sample_and_in_the_readme() -> None:
    known = set(re.findall(r'"(USRATI_\w+)"', (ROOT / "services" / "settings.py").read_text()))
    assert {name for name, _ in sample()} <= known
    described = set(re.findall(r"^\| `(USRATI_\w+)`", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert described == known
