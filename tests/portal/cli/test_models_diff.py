"""``usrati models diff``: who would move from one formula to another, counted over the country."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from services.database import Database
from services.scoring.models import RunScore, Score
from tests.portal.cli.conftest import Usrati
from tests.services.scoring.bulk.countries import populate
from tests.services.scoring.model_texts import a_text

SHIPPED = "rsu-2023-unofficial"
ON = ("--on", "2026-06-15")


@pytest.fixture
def country(usrati: Usrati, database: Database, tmp_path: Path) -> int:
    """Some households, and a formula by which every urban one stands 0.001 higher, with a limit of its own."""
    populate(database, households=24)
    file = tmp_path / "model.toml"
    file.write_text(a_text(constant="9.826") + "\n[thresholds]\nasd = 0\n")
    assert usrati("models", "load", file).exit_code == 0
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count(Score.id))) or 0


def rows(printed: str) -> dict[str, list[str]]:
    return {line[:32].strip(): line[32:].split() for line in printed.splitlines()}


def test_who_moves_is_counted_by_region_milieu_and_programme(usrati: Usrati, country: int, database: Database) -> None:
    told = usrati("models", "diff", SHIPPED, "rsu-2027", *ON)
    assert (told.exit_code, told.stderr) == (0, "")
    assert f"{SHIPPED} → rsu-2027, as of 2026-06-15: {country} households" in told.stdout
    found = rows(told.stdout)
    urban, rural = int(found["urban"][0]), int(found["rural"][0])
    assert found["all"][:4] == [str(country), str(urban), "0", str(rural)]
    assert found["urban"] == [str(urban), str(urban), "0", "0", "+0.001000000"]
    assert found["rural"] == [str(rural), "0", "0", str(rural), "+0.000000000"]
    assert sum(int(row[0]) for name, row in found.items() if name.startswith("MA-")) == country
    before = int(found["asd"][0])
    assert found["asd"] == [str(before), "0", "0", str(before)]
    assert before > 0
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(RunScore.run_id))) == 0


def test_a_formula_moves_nobody_from_itself(usrati: Usrati, country: int) -> None:
    found = rows(usrati("models", "diff", SHIPPED, SHIPPED, *ON).stdout)
    assert found["all"] == [str(country), "0", "0", str(country), "+0.000000000"]
    assert found["asd"][0] == found["asd"][1]


def test_a_formula_that_is_not_there_is_one_line(usrati: Usrati) -> None:
    told = usrati("models", "diff", SHIPPED, "rsu-2099")
    assert (told.exit_code, told.stderr) == (2, f"no model 'rsu-2099'; there is {SHIPPED}\n")
