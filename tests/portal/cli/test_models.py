"""``usrati models``: what the operator who keeps the formulas runs."""

from pathlib import Path

import pytest

from services.database import Database
from services.journal.models import JournalEntry
from tests.portal.cli.conftest import Usrati
from tests.services.scoring.model_texts import a_text, line_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "model.toml"
    file.write_text(a_text())
    return file


def test_a_model_is_loaded_listed_and_activated(usrati: Usrati, file: Path, database: Database) -> None:
    told = usrati("models", "load", file)
    assert told.exit_code == 0
    assert told.stdout == "rsu-2027 loaded: it counts for nobody until `usrati models activate rsu-2027`\n"
    shipped, loaded = usrati("models", "list").stdout.splitlines()
    assert "rsu-2023-unofficial" in shipped
    assert "active (shipped)" in shipped
    assert "unofficial  2027-01-01 to …           loaded, not active  0 scores" in loaded
    assert usrati("models", "activate", "rsu-2027").stdout == "rsu-2027 is active\n"
    assert usrati("models", "activate", "rsu-2027").stdout == "rsu-2027 is active already: nothing changed\n"
    assert "  active 20" in usrati("models", "list").stdout.splitlines()[1]
    with database.reading() as session:
        assert [entry.action for entry in session.query(JournalEntry)] == ["model.loaded", "model.activated"]


def test_the_same_file_again_changes_nothing(usrati: Usrati, file: Path) -> None:
    usrati("models", "load", file)
    told = usrati("models", "load", file)
    assert (told.exit_code, told.stdout.partition(" ")[2]) == (
        0,
        "is there already, with this very text: nothing changed\n",
    )
    file.write_text(a_text(garage="0.2"))
    assert "replaced the file that was loaded before" in usrati("models", "load", file).stdout


def test_every_fault_is_a_line_with_the_file_and_its_line(usrati: Usrati, file: Path) -> None:
    text = a_text(garage="1e-12").replace("bath =", "camel =", 1) + "\n[thresholds]\ntaysir = 9\n"
    file.write_text(text)
    told = usrati("models", "load", file)
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.splitlines()[0] == f"{file}:{line_of(text, 'camel')}: urban.coefficients.camel: no such variable"
    assert [line.split(": ")[1] for line in told.stderr.splitlines()] == [
        "urban.coefficients.camel",
        "urban.coefficients.garage",
        "thresholds.taysir",
    ]


def test_an_active_model_refuses_another_text_in_one_line(usrati: Usrati, file: Path) -> None:
    usrati("models", "load", file)
    usrati("models", "activate", "rsu-2027")
    file.write_text(a_text(garage="0.2"))
    told = usrati("models", "load", file)
    assert told.exit_code == 2
    assert told.stderr.startswith(f"{file}:5: id: the model rsu-2027 was activated on ")
    assert len(told.stderr.splitlines()) == 1


def test_what_is_no_file_of_a_model_is_one_line(usrati: Usrati, file: Path) -> None:
    file.write_bytes(b'id = "a"\n\xff')
    assert usrati("models", "load", file).stderr == f"{file}:2: not UTF-8\n"
    file.write_bytes(b"#" * 100_001)
    assert usrati("models", "load", file).stderr == f"{file}: larger than 100000 bytes: not a model\n"
    told = usrati("models", "load", file.parent)
    assert (told.exit_code, told.stderr) == (2, f"{file.parent}: IsADirectoryError: cannot be read\n")
    told = usrati("models", "activate", "rsu-2099")
    assert (told.exit_code, told.stderr) == (2, "no model 'rsu-2099'; there is rsu-2023-unofficial\n")
