"""The receipt is issued with the request, once a language, and never to anybody else."""

import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import NotFound
from services.journal import citizen
from services.papers.issuing import LOCALES, issue_papers
from services.papers.kinds import RECEIPT
from services.papers.models import IssuedPaper
from services.papers.receipts import find_receipt, submit_with_receipt
from services.papers.seals import seal_of
from services.requests.states import State
from services.signing import public_keys
from tests.services.requests.families import Family, answered_family, check, enrol, sent_request


def send(session: Session, family: Family, now: datetime, key: str = "the page's key") -> str:
    actor = citizen(family.mother.id)
    return submit_with_receipt(
        session, actor=actor, household_id=family.household_id, submission_key=key, now=now
    ).reference


def papers(session: Session) -> list[IssuedPaper]:
    return list(session.scalars(sa.select(IssuedPaper).order_by(IssuedPaper.locale)))


def test_a_request_comes_with_its_receipt_in_every_language(session: Session, now: datetime) -> None:
    send(session, answered_family(session, now), now)
    issued = papers(session)
    assert tuple(paper.locale for paper in issued) == LOCALES
    assert len({paper.code for paper in issued}) == len(LOCALES)
    assert {(paper.kind, paper.issued_at) for paper in issued} == {("receipt", now)}


def test_sending_again_issues_nothing_more(session: Session, now: datetime) -> None:
    family = answered_family(session, now)
    reference = send(session, family, now)
    before = {paper.locale: paper.code for paper in papers(session)}
    later = now + timedelta(days=1)
    assert send(session, family, later, "another tab's key") == reference
    assert {paper.locale: paper.code for paper in papers(session)} == before


def test_a_refused_submission_issues_nothing(session: Session, now: datetime) -> None:
    family, stranger = answered_family(session, now), enrol(session)
    with pytest.raises(NotFound), session.begin_nested():
        submit_with_receipt(
            session, actor=citizen(stranger.id), household_id=family.household_id, submission_key="k", now=now
        )
    assert papers(session) == []


def test_eight_at_once_issue_one(database: Database, now: datetime) -> None:
    with database.writing() as session:
        request, _ = sent_request(session, now)
        asked = {"kind": RECEIPT, "subject_id": request.id, "locales": ("ar",), "now": now}
    codes, start = [], threading.Barrier(8)

    def issue() -> None:
        start.wait()
        with database.writing() as session:
            codes.append(issue_papers(session, **asked)["ar"].code)

    issuing = [threading.Thread(target=issue) for _ in range(8)]
    for one in issuing:
        one.start()
    for one in issuing:
        one.join()
    assert (len(codes), len(set(codes))) == (8, 1)
    with database.reading() as session:
        assert len(papers(session)) == 1


def test_nobody_else_gets_a_receipt(session: Session, now: datetime) -> None:
    reference = send(session, answered_family(session, now), now)
    stranger = {"actor": citizen(enrol(session).id), "reference": reference, "locale": "fr", "now": now}
    with pytest.raises(NotFound):
        find_receipt(session, **stranger)


def test_a_receipt_says_for_ever_what_it_said_first(session: Session, now: datetime) -> None:
    family = answered_family(session, now)
    asked = {"actor": citizen(family.mother.id), "reference": send(session, family, now), "locale": "fr"}
    first = find_receipt(session, **asked, now=now)
    later = now + timedelta(days=2)
    request, _ = sent_request(session, later)
    check(session, request, later)
    again = find_receipt(session, **asked, now=later)
    assert (again.paper, again.next_step) == (first.paper, first.next_step)
    assert first.request.state is State.SUBMITTED


def test_a_request_older_than_the_papers_has_none(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    actor = citizen(family.mother.id)
    assert find_receipt(session, actor=actor, reference=request.reference, locale="fr", now=now).paper is None


def test_the_published_key_is_enough_to_verify(session: Session, now: datetime) -> None:
    send(session, answered_family(session, now), now)
    (key,) = public_keys(session)
    for paper in papers(session):
        facts = {name: getattr(paper, name) for name in ("code", "kind", "locale", "issued_at", "digest")}
        Ed25519PublicKey.from_public_bytes(key.public).verify(paper.signature, seal_of(**facts))
