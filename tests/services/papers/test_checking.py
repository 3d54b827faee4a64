"""Anyone may ask whether a paper is genuine, and learns nothing else."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.messages import Words
from services.papers.checking import UNKNOWN, check_paper
from services.papers.codes import format_code, new_code, parse_code
from services.papers.issuing import Paper, issue_papers
from services.papers.kinds import RECEIPT
from services.papers.models import IssuedPaper
from services.requests.models import Request
from services.requests.references import new_reference
from services.signing import rotate_signing_key
from tests.services.households.families import statements
from tests.services.requests.families import sent_request


@pytest.fixture
def paper(session: Session, now: datetime) -> Paper:
    request, _ = sent_request(session, now)
    return issue_papers(session, kind=RECEIPT, subject_id=request.id, locales=("fr",), now=now)["fr"]


def flipped(value: bytes) -> bytes:
    return bytes([value[0] ^ 1]) + value[1:]


def change(session: Session, table: Any, **values: Any) -> None:
    session.execute(sa.update(table).values(values))
    session.expire_all()


def test_a_genuine_paper_is_said_to_be_one_and_nothing_personal(session: Session, paper: Paper) -> None:
    found = check_paper(session, code=paper.code)
    assert asdict(found) == {
        "genuine": True,
        "kind_words": asdict(Words("Receipt of a request")),
        "issued_on": date(2026, 6, 15),
        "key_id": paper.key_id,
    }


def test_a_code_is_found_however_it_is_written(session: Session, paper: Paper) -> None:
    for written in (format_code(paper.code), format_code(paper.code).lower().replace("-", "  ")):
        assert check_paper(session, code=written).genuine


@pytest.mark.parametrize(
    "code", ["", "hello", "7KQ2-9XMP-4D", "A" * 400, "\x00", "‮🦊", "7KQ29XMP4DACHJR2", "' OR 1=1 --"]
)
def test_what_we_never_issued_is_unknown(session: Session, paper: Paper, code: str) -> None:
    assert check_paper(session, code=code) == UNKNOWN


def test_no_paper_is_known_before_the_first(session: Session) -> None:
    assert check_paper(session, code=new_code()) == UNKNOWN


def test_an_old_paper_verifies_after_the_key_was_rotated(session: Session, paper: Paper, now: datetime) -> None:
    for days in (1, 2):
        rotate_signing_key(session, now=now + timedelta(days=days))
    assert check_paper(session, code=paper.code).key_id == paper.key_id


@pytest.mark.parametrize("column", ["digest", "signature"])
def test_one_changed_byte_makes_it_unknown(session: Session, paper: Paper, column: str) -> None:
    row = session.scalars(sa.select(IssuedPaper)).one()
    change(session, IssuedPaper, **{column: flipped(getattr(row, column))})
    assert check_paper(session, code=paper.code) == UNKNOWN


def test_whatever_else_is_changed_makes_it_unknown(session: Session, paper: Paper, now: datetime) -> None:
    later = now + timedelta(seconds=1)
    changes: list[tuple[Any, dict[str, Any]]] = [
        (IssuedPaper, {"kind": "confirmation"}),
        (IssuedPaper, {"locale": "ar"}),
        (IssuedPaper, {"issued_at": later}),
        (IssuedPaper, {"key_id": "00000000"}),
        (IssuedPaper, {"signature": b""}),
        (Request, {"reference": new_reference()}),
        (Request, {"submitted_at": later}),
        (Request, {"kind": "update"}),
    ]
    for table, values in changes:
        undone = session.begin_nested()
        change(session, table, **values)
        assert check_paper(session, code=paper.code) == UNKNOWN, values
        undone.rollback()
    assert check_paper(session, code=paper.code).genuine


def test_a_signature_holds_for_no_other_code(session: Session, paper: Paper) -> None:
    other = new_code()
    change(session, IssuedPaper, code=other)
    assert check_paper(session, code=other) == UNKNOWN


def test_a_paper_outlives_its_request(session: Session, paper: Paper) -> None:
    change(session, IssuedPaper, subject_id=uuid4())
    assert check_paper(session, code=paper.code).genuine


def test_every_code_costs_the_same(database: Database, session: Session, paper: Paper) -> None:
    seen = []
    for code in (paper.code, new_code(), "no code at all"):
        with statements(database) as run:
            check_paper(session, code=code)
        seen.append(list(run))
    assert seen[0] == seen[1] == seen[2]


def test_codes_are_long_and_of_letters_that_nobody_confuses() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(parse_code(format_code(code)) == code and len(code) == 16 for code in codes)
    assert not set("".join(codes)) & set("01OILSZBGUVWY")
