"""``usrati agents`` and the demonstration's operator."""

import pytest
import sqlalchemy as sa

from services.accounts.models import Agent
from services.database import Database
from services.journal.models import JournalEntry
from tests.portal.cli.conftest import Usrati


def rows(database: Database, query: sa.Select[tuple[str]]) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(query))


def test_an_agent_is_taken_on_listed_reset_and_leaves(usrati: Usrati, database: Database) -> None:
    added = usrati("agents", "add", "Hind.Alami", "--role", "operator", "--full-name", "Hind  Alami").stdout
    assert "/fr/desk/enrol" in added
    assert "user name  hind.alami" in added
    assert "Hind Alami" in usrati("agents", "list").stdout
    again = usrati("agents", "reset", "hind.alami").stdout
    assert "code       " in again
    assert again.splitlines()[2] != added.splitlines()[2]
    assert usrati("agents", "leave", "hind.alami").exit_code == 0
    assert "left 20" in usrati("agents", "list").stdout
    acts = sa.select(JournalEntry.action).order_by(JournalEntry.id)
    assert rows(database, acts) == ["agent.added", "agent.reset", "agent.left"]
    assert set(rows(database, sa.select(JournalEntry.capacity))) == {"operator"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "a b", "--role", "operator", "--full-name", "A"), "a name is 3 to 40"),
        (("add", "abc", "--role", "operator", "--full-name", " "), "the full name is 1 to 100"),
        (("add", "abc", "--role", "king", "--full-name", "A"), "'king'"),
        (("add", "abc", "--full-name", "A"), "--role"),
        (("leave", "nobody"), "nobody of the staff is named nobody"),
        (("reset", "nobody"), "nobody of the staff is named nobody"),
    ],
)
def test_bad_input_is_refused_in_a_line(usrati: Usrati, database: Database, words: tuple[str, ...], told: str) -> None:
    refused = usrati("agents", *words)
    assert refused.exit_code == 2
    assert told in refused.stderr
    assert rows(database, sa.select(Agent.name)) == []


def test_the_full_name_is_asked_for(usrati: Usrati, database: Database) -> None:
    assert "Full name" in usrati("agents", "add", "hind.alami", "--role", "operator").output


def test_the_demonstration_has_an_operator_and_only_the_demonstration(
    usrati: Usrati, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = usrati("demo").stdout, usrati("demo").stdout
    assert first == again
    assert "demo-operator, password " in first
    assert rows(database, sa.select(Agent.name)) == ["demo-operator"]
    assert len(usrati("demo", "--code").stdout.strip()) == 6
    usrati("agents", "leave", "demo-operator")
    assert "changed by hand" in usrati("demo").stdout
