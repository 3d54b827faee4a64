"""``make bench``: everything measured in one run, on SQLite and on PostgreSQL, printed as the README has it."""

import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from benchmarks import rescoring
from benchmarks.families import gather
from benchmarks.pages import Row, measure_bare, measure_pages, measure_submissions
from benchmarks.profiles import profile_pages
from benchmarks.register import Rate, measure_register
from benchmarks.servers import serving
from portal.assets import prepare_assets
from services import crypto
from services.database import Database
from services.generation.country import generate_country
from services.journal import Actor, Capacity
from services.migrations import migrate
from services.settings import load_settings
from tests.postgresql import PostgreSQL

HOUSEHOLDS = 100_000
SEED = 41


def main() -> None:
    """Measure on each database, in folders that are gone afterwards."""
    households = int(os.environ.get("HOUSEHOLDS", HOUSEHOLDS))
    wanted = sys.argv[1:] or ["sqlite", "postgresql"]
    print(f"{_machine()}; {households} households; {datetime.now(UTC):%Y-%m-%d}")
    for kind in wanted:
        with tempfile.TemporaryDirectory(dir="/tmp") as folder, _database(kind, Path(folder)) as url:
            _measure(kind, url, Path(folder), households)
    if "postgresql" in wanted:
        rescoring.main()


def _measure(kind: str, url: str, folder: Path, households: int) -> None:
    # As behind one proxy: each visitor has his own address, and his own limits.
    given = {"USRATI_DATA_DIR": str(folder / "var"), "USRATI_DATABASE_URL": url, "USRATI_TRUSTED_PROXIES": "1"}
    environment = os.environ | given
    settings = load_settings(environment)
    settings.data_dir.mkdir()
    crypto.install_keys(settings)
    prepare_assets(settings.data_dir)
    database = Database(settings.database_url)
    migrate(database)
    # The country comes after them: its numbers are other ones than those that are taken.
    cast = gather(database)
    rates = [_generate(database, households), *measure_register(database, folder)]
    with serving(environment) as server:
        bare = measure_bare(server)
        rows = measure_pages(server, cast)
        made, per_second = measure_submissions(server, database, cast)
    _print_pages(kind, bare, rows)
    print(f"\nSubmissions acknowledged: {per_second:.0f} a second ({made} families, 8 connections, no worker beside)\n")
    _print_rates(rates)
    for page, spent in profile_pages(settings, cast).items():
        print(f"{page}: " + ", ".join(f"{room} {share:.0%}" for room, share in spent))
    database.dispose()


def _generate(database: Database, households: int) -> Rate:
    begun, people = (perf_counter(), process_time()), 0
    operator = Actor(Capacity.OPERATOR, None)
    for batch in generate_country(database, households=households, seed=SEED, actor=operator, now=datetime.now(UTC)):
        people += batch.people
    _refresh(database)
    wall, cpu = perf_counter() - begun[0], process_time() - begun[1]
    return Rate(f"people of {households} households generated", people / wall, people / cpu)


def _refresh(database: Database) -> None:
    """Have the database know what it holds, as it would after a night."""
    with database.write_engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _print_pages(kind: str, bare: tuple[float, float], rows: list[Row]) -> None:
    print(f"\n### {kind}: a bare Flask page on the same server {bare[0]:.0f} a second, {bare[1]:.2f} ms of CPU\n")
    print("| Page | of bare | a second | p99 ms | CPU ms | CPU, times bare | bytes, brotli |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        one, size = row.measured, "" if row.compressed is None else row.compressed
        print(
            f"| {row.name} | {one.share:.3f} | {one.rate:.0f} | {one.p99:.0f} | {one.cpu:.2f} | {one.cpu_ratio:.1f} "
            f"| {size} |"
        )


def _print_rates(rates: list[Rate]) -> None:
    print("| What | a second | a second of this process's CPU |\n|---|---|---|")
    for rate in rates:
        print(f"| {rate.name} | {rate.per_second:.0f} | {rate.per_cpu_second:.0f} |")
    print()


def _machine() -> str:
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores of {model[1] if model else platform.machine()}, {pages:.0f} GiB, "
        f"Python {platform.python_version()}, load {load:.1f} at the start"
    )


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/usrati.db"
        return
    place = folder / "postgresql"
    place.mkdir()
    # As it is installed: what is acknowledged is on the disk.
    server = PostgreSQL(place)
    server.start()
    try:
        yield server.create("usrati")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
