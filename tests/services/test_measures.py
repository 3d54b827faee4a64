"""What is counted: what was committed, and nothing else."""

import pytest
from prometheus_client import REGISTRY

from services.database import Database
from services.measures import ACTIONS, count_once_committed


def counted() -> float:
    return REGISTRY.get_sample_value("usrati_actions_total", {"action": "test.something"}) or 0.0


def test_what_commits_is_counted_when_it_does(sqlite_database: Database) -> None:
    before = counted()
    with sqlite_database.writing() as session:
        count_once_committed(session, ACTIONS, "test.something")
        count_once_committed(session, ACTIONS, "test.something")
        assert counted() == before
    assert counted() == before + 2


def test_what_is_rolled_back_is_not_counted(sqlite_database: Database) -> None:
    before = counted()

    def count_and_fail() -> None:
        with sqlite_database.writing() as session:
            count_once_committed(session, ACTIONS, "test.something")
            raise LookupError

    with pytest.raises(LookupError):
        count_and_fail()
    assert counted() == before
