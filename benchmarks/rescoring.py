"""A country rescored: ``HOUSEHOLDS=2800000 python -m benchmarks.rescoring``, at growing sizes on PostgreSQL.

The households are 20,000 generated families at most, repeated under ids of their own, in no order.
Filled are what a run reads: households, their first scores and their packed inputs; declarations
are opened only for households whose inputs are not kept, and there is none.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import sqlalchemy as sa

from benchmarks.arithmetic import measure_arithmetic, measure_single
from benchmarks.beside_openfisca import measure_openfisca
from services import crypto
from services.database import Database
from services.generation.country import draw_household
from services.generation.proportions import the_proportions
from services.journal import system_actor
from services.migrations import migrate
from services.scoring.bulk.driving import rescore
from services.scoring.bulk.packing import pack_document
from services.scoring.bulk.runs import Wish
from services.scoring.installed import shipped_models
from services.settings import load_settings
from tests.postgresql import PostgreSQL

SIZES = (10_000, 100_000, 1_000_000, 2_800_000)
HOUSEHOLDS = 100_000
FAMILIES = 20_000
SEED = 41
MODEL = "rsu-2023-unofficial"
ON = date(2026, 6, 15)
# Foreign keys are not asked: the people and forms of these households are not written.
FILL = (
    "SET LOCAL session_replication_role = replica",
    """INSERT INTO households (id, declarant_id, state, created_at, consent_version, consented_at)
       SELECT md5('h' || i)::uuid, md5('p' || i)::uuid, 'active', now(), 'bench', now()
       FROM generate_series(CAST(:first AS int), CAST(:last AS int)) i""",
    """INSERT INTO scores (id, household_id, declaration_id, model, on_day, takes_effect_on, computed_at, total_nano,
                           cause)
       SELECT md5('s' || i)::uuid, md5('h' || i)::uuid, md5('d' || i)::uuid, 'bench', '2026-01-01', '2026-01-01', now(),
              9000000000, 'first'
       FROM generate_series(CAST(:first AS int), CAST(:last AS int)) i""",
    """INSERT INTO score_inputs (household_id, declaration_id, packed)
       SELECT md5('h' || i)::uuid, md5('d' || i)::uuid, packed
       FROM generate_series(CAST(:first AS int), CAST(:last AS int)) i
       JOIN family ON family.number = i % (SELECT count(*) FROM family)""",
)


def main() -> None:
    """Measure on a database that is gone afterwards."""
    most = int(os.environ.get("HOUSEHOLDS", HOUSEHOLDS))
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        place = Path(folder) / "postgresql"
        place.mkdir()
        server = PostgreSQL(place)
        server.start()
        try:
            measure_rescoring(server.create("usrati"), Path(folder), most)
        finally:
            server.stop()


def measure_rescoring(url: str, folder: Path, most: int) -> None:
    """Grow the country up to ``most`` households; print what a run took at each size, then where time goes."""
    documents = _families(min(FAMILIES, most))
    print(f"\n### A country rescored (PostgreSQL; {len(documents)} families, repeated)\n")
    print(f"A single score: {measure_single(documents, shipped_models()[MODEL], ON):.0f} µs\n")
    database = Database(url)
    migrate(database)
    _keep_families(database, [pack_document(document) for document in documents])
    print("| households | reading | arithmetic | writing | commit | packing | finishing | all, s | peak MiB |")
    print("|---|---|---|---|---|---|---|---|---|")
    filled = 0
    for size in [size for size in SIZES if size < most] + [most]:
        begun = perf_counter()
        _fill(database, filled, size)
        print(f"filled {size:,} in {perf_counter() - begun:.0f} s", file=sys.stderr)
        filled = size
        _forget_runs(database)
        _print_run(f"{size:,}", _run(url))
    _print_run(f"{most:,}, a second run beside the first", _run(url))
    print()
    measure_arithmetic(database, shipped_models()[MODEL], ON)
    measure_openfisca(database, folder, shipped_models()[MODEL], ON, most=min(most, 1_000_000))
    database.dispose()


def _families(number: int) -> list[dict[str, Any]]:
    drawn = (draw_household(the_proportions(), seed=SEED, number=place).document for place in range(number))
    return [dict(document) for document in drawn if document is not None]


def _keep_families(database: Database, packed: list[bytes]) -> None:
    with database.writing() as session:
        session.execute(sa.text("CREATE TABLE family (number int PRIMARY KEY, packed bytea)"))
        rows = [{"number": number, "packed": one} for number, one in enumerate(packed)]
        session.execute(sa.text("INSERT INTO family VALUES (:number, :packed)"), rows)


def _fill(database: Database, first: int, behind: int) -> None:
    with database.writing() as session:
        for command in FILL:
            session.execute(sa.text(command), {"first": first, "last": behind - 1} if ":first" in command else {})
    with database.write_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in ("households", "scores", "score_inputs"):
            connection.exec_driver_sql(f"VACUUM ANALYZE {table}")
        connection.exec_driver_sql("CHECKPOINT")


def _forget_runs(database: Database) -> None:
    with database.writing() as session:
        session.execute(sa.text("TRUNCATE run_scores, score_runs"))


def _run(url: str) -> dict[str, float]:
    """One run in a process of its own, so that its memory is its own."""
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.rescoring", url], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = json.loads(said.stdout)
    return found


def _print_run(name: str, run: dict[str, float]) -> None:
    parts = ("reading", "arithmetic", "writing", "committing", "packing", "finishing", "all")
    print(f"| {name} | " + " | ".join(f"{run[part]:.2f}" for part in parts) + f" | {run['peak']:.0f} |", flush=True)


def _run_here(url: str) -> None:
    crypto.install_keys(load_settings({}))
    database = Database(url)
    begun = perf_counter()
    done = rescore(
        database,
        Wish(MODEL, ON, ON),
        actor=system_actor(),
        clock=lambda: datetime.now(UTC),
        progress=lambda progress: None,
    )
    seconds = vars(done.seconds) | {"all": perf_counter() - begun}
    assert done.finished.left_out == done.unpacked == 0
    print(json.dumps(seconds | {"peak": _peak()}))


def _peak() -> float:
    """The most memory that this process has had, in MiB; what the system says of a child counts its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _run_here(sys.argv[1])
    else:
        main()
