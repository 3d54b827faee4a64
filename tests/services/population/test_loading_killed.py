"""A load that is killed: what was loaded is whole, and loading the file again brings the rest."""

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from random import Random

import sqlalchemy as sa

from services.database import Database
from services.population.identifiers import issue_idcs
from services.population.loading import load_people
from services.population.models import Guardianship, Person
from services.population.people_file import COLUMNS

FAMILIES = 150
IN_A_PROCESS = """
import os, sys
from datetime import datetime
from pathlib import Path
from services import crypto
from services.database import Database
from services.population import loading
from services.settings import load_settings
crypto.install_keys(load_settings(os.environ))
loading.BATCH = 5
loading.load_people(Database(sys.argv[1]), Path(sys.argv[2]), now=datetime.fromisoformat(sys.argv[3]))
"""


def test_a_load_that_is_killed_is_gone_on_with(database: Database, tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "people.csv"
    path.write_text("\n".join([",".join(COLUMNS), *a_population(), "a bad line"]), encoding="utf-8")
    url = database.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", IN_A_PROCESS, url, str(path), now.isoformat()])
    give_up_at = time.monotonic() + 60
    while count(database) < 20 and time.monotonic() < give_up_at:
        time.sleep(0.01)
    process.kill()
    process.wait()
    there = count(database)
    assert there >= 20
    assert there % 5 == 0
    report = load_people(database, path, now=now)
    assert (report.loaded, report.changed, report.unchanged) == (2 * FAMILIES - there, 0, there)
    assert [fault.line for fault in report.faults] == [2 * FAMILIES + 2]
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(Guardianship.ward_id))) == FAMILIES
    assert load_people(database, path, now=now).unchanged == 2 * FAMILIES


def a_population() -> list[str]:
    random = Random(1)
    lines = []
    for _ in range(FAMILIES):
        mother, child = issue_idcs(random), issue_idcs(random)
        lines.append(f"{child},آدم,Adam,M,2015-03-22,MA,true,,{mother}")
        lines.append(f"{mother},خديجة,Khadija,F,1984-05,MA,true,0600000101,")
    return lines


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count(Person.id))) or 0
