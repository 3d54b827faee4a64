"""A paper is genuine or not without asking us: its square code, the published keys, the printed facts."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from services.papers.issuing import LOCALES, Paper, issue_papers
from services.papers.kinds import CONFIRMATION, KINDS, RECEIPT, STATEMENT, content_digest
from services.papers.models import IssuedPaper
from services.papers.offline import LAYOUT, NotGenuine, read_square, square_text, verify_square
from services.papers.printed import fingerprint, read_score, write_facts, write_score
from services.papers.statements import find_statement, issue_statement
from services.requests.models import Request
from services.scoring.models import Score
from services.signing import keys_document, published_keys, read_keys, rotate_signing_key
from services.signing.models import SigningKey
from tests.services.papers.test_checking import flipped
from tests.services.papers.test_statements import by, family
from tests.services.requests.families import Family

__all__ = ["family"]
PUBLIC_URL = "https://usrati.example"


@pytest.fixture
def papers(session: Session, now: datetime, family: Family) -> dict[str, Paper]:
    """A French paper of each kind, by its name."""
    request_id = session.scalars(sa.select(Request.id)).one()
    of_request = {
        kind.name: issue_papers(session, kind=kind, subject_id=request_id, now=now)["fr"]
        for kind in (RECEIPT, CONFIRMATION)
    }
    return {**of_request, STATEMENT.name: issue_statement(session, **by(family, now))["fr"]}


@pytest.fixture
def keys(session: Session, papers: dict[str, Paper]) -> Mapping[str, bytes]:
    return read_keys(json.dumps(keys_document(published_keys(session))))


@pytest.fixture
def facts(session: Session, now: datetime, family: Family, papers: dict[str, Paper]) -> dict[str, str]:
    """The facts of the statement as it prints them."""
    found = find_statement(session, **by(family, now), locale="fr")
    assert found is not None
    assert found.facts is not None
    return dict(fact.split("=") for fact in write_facts(STATEMENT.printed, found.facts).split())


def text_of(papers: dict[str, Paper], kind: str = "statement") -> str:
    return square_text(papers[kind], public_url=PUBLIC_URL)


@pytest.mark.parametrize("kind", ["receipt", "confirmation", "statement"])
def test_each_kind_verifies_by_the_published_keys_alone(
    papers: dict[str, Paper], keys: Mapping[str, bytes], kind: str
) -> None:
    found, paper = verify_square(text_of(papers, kind), keys=keys), papers[kind]
    assert (found.kind.name, found.code, found.locale) == (kind, paper.code, "fr")
    assert (found.issued_at, found.key_id, found.digest) == (paper.issued_at, paper.key_id, paper.digest)


def test_the_square_says_nothing_of_anybody(
    session: Session, papers: dict[str, Paper], family: Family, facts: dict[str, str]
) -> None:
    text = text_of(papers)
    assert text.startswith(f"{PUBLIC_URL}/v/{papers['statement'].code}#")
    assert len(text) < 220, "it must stay a square that a cheap telephone reads"
    packed = base64.urlsafe_b64decode(text.partition("#")[2])
    total = session.scalars(sa.select(Score.total_nano)).one()
    for secret in (
        family.household_id.bytes,
        family.mother.id.bytes,
        total.to_bytes(8, "big"),
        facts["score"].encode(),
    ):
        assert secret not in packed


def test_the_printed_facts_hold_however_they_are_typed(
    papers: dict[str, Paper], keys: Mapping[str, bytes], facts: dict[str, str]
) -> None:
    typed = {
        "score": facts["score"].replace(".", ",").translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        "inputs": " ".join(facts["inputs"][start : start + 4] for start in range(0, 16, 4)).upper(),
    }
    assert list(facts) == ["score", "day", "model", "effect", "inputs"]
    for said in (facts, facts | typed):
        assert verify_square(text_of(papers), keys=keys, facts=said).kind is STATEMENT


def with_payload(text: str, payload: bytes) -> str:
    return f"{text.partition('#')[0]}#{base64.urlsafe_b64encode(payload).decode()}"


def payload_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.partition("#")[2])


def test_no_byte_of_the_payload_can_be_changed(papers: dict[str, Paper], keys: Mapping[str, bytes]) -> None:
    text = text_of(papers)
    for place in range(LAYOUT.size):
        for bit in (1, 128):
            changed = bytearray(payload_of(text))
            changed[place] ^= bit
            with pytest.raises(NotGenuine):
                verify_square(with_payload(text, bytes(changed)), keys=keys)


def test_no_character_of_the_code_or_the_payload_can_be_changed(
    papers: dict[str, Paper], keys: Mapping[str, bytes]
) -> None:
    text = text_of(papers)
    for place in range(text.index("/v/") + 3, len(text)):
        other = "A" if text[place] != "A" else "C"
        with pytest.raises(NotGenuine):
            verify_square(text[:place] + other + text[place + 1 :], keys=keys)


def test_no_printed_fact_can_be_changed(
    papers: dict[str, Paper], keys: Mapping[str, bytes], facts: dict[str, str]
) -> None:
    text = text_of(papers)
    for name, said in facts.items():
        for place, character in enumerate(said):
            other = "1" if character != "1" else "2"
            changed = facts | {name: said[:place] + other + said[place + 1 :]}
            with pytest.raises(NotGenuine, match="not those that were signed"):
                verify_square(text, keys=keys, facts=changed)


def test_facts_that_are_missing_or_of_no_paper_are_named(
    papers: dict[str, Paper], keys: Mapping[str, bytes], facts: dict[str, str]
) -> None:
    for said, reason in (
        ({"score": facts["score"]}, "missing: day, model, effect, inputs"),
        (facts | {"name": "Khadija"}, "not one of them: name"),
    ):
        with pytest.raises(LookupError, match=reason):
            verify_square(text_of(papers), keys=keys, facts=said)


@pytest.mark.parametrize(
    "text",
    ["", "#", "hello", f"{PUBLIC_URL}/v/7KQ29XMP4DACHJR2", "7KQ29XMP4DACHJR2#AAAA", "\x00#\x00", "‮🦊#" + "A" * 148],
)
def test_what_is_no_square_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotGenuine, match="not the text of the square code"):
        read_square(text)


@given(st.binary(min_size=LAYOUT.size, max_size=LAYOUT.size))
def test_nothing_that_anybody_makes_up_breaks_the_reading(packed: bytes) -> None:
    text = f"7KQ29XMP4DACHJR2#{base64.urlsafe_b64encode(packed).decode()}"
    with pytest.raises(NotGenuine):
        verify_square(text, keys={})


def test_old_statements_verify_after_each_rotation_and_no_other_key_does(
    session: Session, now: datetime, papers: dict[str, Paper]
) -> None:
    for days in (1, 2):
        rotate_signing_key(session, now=now + timedelta(days=days))
    keys = read_keys(json.dumps(keys_document(published_keys(session))))
    assert len(keys) == 3
    assert verify_square(text_of(papers), keys=keys).key_id == papers["statement"].key_id
    newest = published_keys(session)[0]
    for believed in ({newest.key_id: newest.public}, {papers["statement"].key_id: newest.public}):
        with pytest.raises(NotGenuine):
            verify_square(text_of(papers), keys=believed)


def test_a_key_that_was_put_into_the_table_is_not_published(session: Session, papers: dict[str, Paper]) -> None:
    row = session.scalars(sa.select(SigningKey)).one()
    session.execute(sa.update(SigningKey).values(public=flipped(row.public)))
    session.expire_all()
    assert published_keys(session) == []


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "[1]", "null", '[{"id": "a"}]', '[{"id": "a", "public": "AAAA"}]', '[{"id": 1, "public": 2}]'],
)
def test_a_file_that_holds_no_keys_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a list of public keys"):
        read_keys(text)


def test_the_fingerprint_is_of_the_digest_that_the_facts_make(
    session: Session, papers: dict[str, Paper], facts: dict[str, str]
) -> None:
    digest = session.scalars(sa.select(IssuedPaper.digest).filter_by(kind="statement", locale="fr")).one()
    assert fingerprint(digest).replace(" ", "") == digest.hex()[:16]
    statement = {fact.key: fact.read(facts[fact.name]) for fact in STATEMENT.printed}
    assert content_digest(statement, locale="fr") == digest


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_a_score_is_read_back_to_the_last_unit(nano: int) -> None:
    assert read_score(write_score(nano)) == read_score(write_score(nano).replace(".", ",")) == nano


def test_the_numbers_of_kinds_and_languages_never_change() -> None:
    assert [kind.name for kind in sorted(KINDS.values(), key=lambda kind: kind.number)] == [
        *("receipt", "confirmation", "statement", "answer")
    ]
    assert [KINDS[name].number for name in ("receipt", "answer")] == [1, 4]
    assert LOCALES == ("ar", "fr", "zgh")
    assert LAYOUT.size == 111


def test_an_instant_goes_through_the_square_to_the_microsecond() -> None:
    at = datetime(2026, 6, 15, 10, 0, 0, 123457, tzinfo=UTC)
    paper = Paper("7KQ29XMP4DACHJR2", "receipt", "zgh", "0123abcd", at, bytes(32), bytes(64))
    found = read_square(square_text(paper, public_url="http://127.0.0.1:8000"))
    assert (found.issued_at, found.locale, found.key_id) == (at, "zgh", "0123abcd")
