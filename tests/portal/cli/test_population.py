"""``usrati population`` as its operator meets it."""

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from services.population import loading
from services.population.people_file import COLUMNS

A_LINE = "2345678906,خديجة,Khadija,F,1984-05-02,MA,true,0600000101,"
PRODUCTION = {
    "USRATI_ENV": "production",
    "USRATI_SECRET_KEY": "a secret that nobody guesses, long enough",
    "USRATI_ENCRYPTION_KEYS": base64.b64encode(b"not the demo key, a key of tests").decode(),
    "USRATI_PUBLIC_URL": "https://usrati.example",
    "USRATI_SMS_URL": "http://127.0.0.1:13013/cgi-bin/sendsms",
}


@pytest.fixture
def run(sqlite_template: Path, tmp_path: Path) -> "Run":
    (tmp_path / "usrati.db").write_bytes(sqlite_template.read_bytes())
    return Run(tmp_path)


class Run:
    """The command on a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, **env: str) -> Result:
        return CliRunner().invoke(main, ["population", *words], env={"USRATI_DATA_DIR": str(self.folder)} | env)

    def load(self, *lines: str) -> Result:
        path = self.folder / "people.csv"
        path.write_text("\n".join([",".join(COLUMNS), *lines]), encoding="utf-8")
        return self("load", str(path))


def test_a_country_is_made_once(run: Run) -> None:
    said = run("generate", "--households", "12", "--seed", "7")
    assert said.exit_code == 0, said.output
    assert "added 12 households and" in said.output
    again = run("generate", "--households", "12", "--seed", "7")
    assert "added 0 households and 0 people" in again.output
    assert "; 12 households were there before" in again.output


@pytest.mark.parametrize("households", ["0", "-1", "many", "25000001"])
def test_an_impossible_country_is_bad_input(run: Run, households: str) -> None:
    assert run("generate", "--households", households).exit_code == 2


def test_nobody_is_invented_in_production(run: Run) -> None:
    said = run("generate", "--households", "1", **PRODUCTION)
    assert said.exit_code == 2
    assert len(said.stderr.splitlines()) == 1
    assert "USRATI_ENV=demo only" in said.stderr


def test_loading_names_every_bad_line_and_keeps_the_good(run: Run) -> None:
    said = run.load(A_LINE, "1,x", A_LINE.replace("2345678906", "2345678905"))
    assert said.exit_code == 2
    assert "loaded 1, changed 0, unchanged 0, refused 2" in said.stdout
    assert [line.split(": ")[0].rpartition(":")[2] for line in said.stderr.splitlines()] == ["3", "4"]
    assert "2345678905" not in said.stderr


def test_loading_again_says_that_nothing_changed(run: Run) -> None:
    run.load(A_LINE)
    assert "loaded 0, changed 0, unchanged 1, refused 0" in run.load(A_LINE).stdout
    assert "loaded 0, changed 1, unchanged 0, refused 0" in run.load(A_LINE.replace("Khadija", "Zineb")).stdout


def test_a_missing_file_is_one_line(run: Run) -> None:
    said = run("load", str(run.folder / "nobody.csv"))
    assert (said.exit_code, len(said.stderr.splitlines())) == (2, 1)


def test_more_faults_than_fit_a_list_are_counted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MOST_LISTED", 2)
    said = run.load(*["1,x"] * 5)
    assert "refused 5" in said.stdout
    assert said.stderr.splitlines()[-1] == "3 more lines are refused"
    assert len(said.stderr.splitlines()) == 3
