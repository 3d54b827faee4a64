"""``usrati retention``: what is kept how long, what is due, and erasing it at once."""

from datetime import UTC, datetime, timedelta

from services.accounts.models import LimitCount
from services.database import Database
from services.retention import all_kept
from tests.portal.cli.conftest import Usrati

YEAR = timedelta(days=366)


def test_the_table_is_printed_with_what_is_due_and_erased_when_asked(usrati: Usrati, database: Database) -> None:
    with database.writing() as session:
        for number in range(3):
            bucket = number.to_bytes(16, "big")
            session.add(LimitCount(limit="x", bucket=bucket, window_start=datetime.now(UTC) - YEAR, count=1))
    told = usrati("retention")
    rows = {line.split()[0]: line.split() for line in told.stdout.splitlines()[1:]}
    assert rows.keys() == {row.key for row in all_kept()}
    assert rows["limit_count"] == ["limit_count", "1", "day", "window_over", "2022-01-01", "own", "3"]
    assert rows["draft"][-1] == "0"
    assert rows["journal"] == ["journal", "for", "good", "2022-01-01", "own"]
    assert usrati("retention", "--erase").stdout == "erased 3 of limit_count\nerased 3 in all\n"
    assert usrati("retention", "--erase").stdout == "erased 0 in all\n"
