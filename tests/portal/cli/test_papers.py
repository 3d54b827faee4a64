"""``usrati papers verify``: a paper is checked by its square code, without the database that issued it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from services.database import Database
from services.journal import citizen
from services.papers.kinds import STATEMENT
from services.papers.offline import square_text
from services.papers.printed import fingerprint, write_facts
from services.papers.statements import find_statement, issue_statement
from services.requests.verification import decide_request
from services.signing import rotate_signing_key
from tests.conftest import NOW
from tests.portal.cli.conftest import Usrati
from tests.services.requests.families import check, sent_request


@pytest.fixture
def statement(database: Database) -> tuple[str, list[str], str]:
    """The text of a statement's square code, its facts as options, its fingerprint."""
    with database.writing() as session:
        return _issue(session)


def _issue(session: Session) -> tuple[str, list[str], str]:
    request, family = sent_request(session, NOW)
    check(session, request, NOW)
    decide_request(session, request_id=request.id, now=NOW)
    asked = {"actor": citizen(family.mother.id), "now": NOW}
    paper = issue_statement(session, **asked)["fr"]
    found = find_statement(session, **asked, locale="fr")
    assert found is not None
    assert found.facts is not None
    facts = write_facts(STATEMENT.printed, found.facts).split(" ")
    options = [option for fact in facts for option in ("--fact", fact)]
    return square_text(paper, public_url="https://usrati.example"), options, fingerprint(paper.digest)


@pytest.fixture
def keys(usrati: Usrati, statement: tuple[str, list[str], str], tmp_path: Path) -> Path:
    """The public keys, as anyone may have fetched them."""
    file = tmp_path / "keys.json"
    file.write_text(usrati("keys", "list", "--json").stdout)
    return file


def test_a_genuine_paper_is_said_to_be_so_without_a_database(
    usrati: Usrati, statement: tuple[str, list[str], str], keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, facts, shown = statement
    monkeypatch.setenv("USRATI_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    told = usrati("papers", "verify", text, "--keys", str(keys), *facts)
    assert (told.exit_code, told.stderr) == (0, "")
    for part in (
        "genuine: Statement of a score, in fr, issued 2026-06-15 10:00 UTC",
        shown,
        "facts are those that were",
    ):
        assert part in told.stdout
    told = usrati("papers", "verify", text, "--keys", str(keys))
    assert told.exit_code == 0
    assert "its facts were not compared: --fact score day model effect inputs" in told.stdout


def test_a_changed_byte_is_one_clear_line_and_status_1(
    usrati: Usrati, statement: tuple[str, list[str], str], keys: Path
) -> None:
    text, facts, _ = statement
    changed_text = text[:-1] + ("A" if text[-1] != "A" else "B")
    changed_fact = [option.replace("score=", "score=1") for option in facts]
    for arguments in ((changed_text, *facts), (changed_text,), (text, *changed_fact), ("hello",)):
        told = usrati("papers", "verify", *arguments, "--keys", str(keys))
        assert (told.exit_code, told.stdout) == (1, "")
        assert told.stderr.startswith("not genuine: ")
        assert told.stderr.count("\n") == 1


def test_the_keys_of_the_database_do_too_and_after_a_rotation(
    usrati: Usrati, statement: tuple[str, list[str], str], database: Database
) -> None:
    text, facts, _ = statement
    with database.writing() as session:
        rotate_signing_key(session, now=datetime.now(UTC) + timedelta(days=1))
    assert usrati("papers", "verify", text, *facts).exit_code == 0


def test_bad_input_is_named(usrati: Usrati, statement: tuple[str, list[str], str], keys: Path, tmp_path: Path) -> None:
    text, facts, _ = statement
    (tmp_path / "none.json").write_text("{}")
    for arguments, reason in (
        ((text, "--keys", str(keys), "--fact", "score"), "write it as NAME=VALUE"),
        ((text, "--keys", str(keys), *facts[:2]), "missing: day, model, effect, inputs"),
        ((text, "--keys", str(tmp_path / "none.json")), "not a list of public keys"),
    ):
        told = usrati("papers", "verify", *arguments)
        assert told.exit_code == 2
        assert reason in told.stderr
