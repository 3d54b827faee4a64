"""The statement of a score: issued once a language, to the declarant and the head, and for good."""

import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import NotFound
from services.households.models import Declaration
from services.journal import citizen
from services.journal.models import JournalEntry
from services.papers.checking import UNKNOWN, check_paper
from services.papers.issuing import LOCALES, Paper
from services.papers.models import IssuedPaper, ScoreStatement
from services.papers.statements import Statement, contents_of, find_statement, issue_statement
from services.requests.verification import decide_request
from services.scoring.compute import compute_score
from services.scoring.explain import explain
from services.scoring.installed import model_named
from services.scoring.models import CURRENT, RunScore, Score, ScoreRun
from services.scoring.records import ReplayDiffers
from services.signing import rotate_signing_key
from tests.services.papers.test_checking import change, flipped
from tests.services.requests.families import Family, check, enrol, sent_request


@pytest.fixture
def family(session: Session, now: datetime) -> Family:
    """A family that is registered and has its first score."""
    request, family = sent_request(session, now)
    check(session, request, now)
    decide_request(session, request_id=request.id, now=now)
    return family


def by(family: Family, now: datetime) -> dict[str, Any]:
    return {"actor": citizen(family.mother.id), "now": now}


def issued(session: Session, family: Family, now: datetime, locale: str = "fr") -> tuple[Statement, Paper]:
    issue_statement(session, **by(family, now))
    found = find_statement(session, **by(family, now), locale=locale)
    assert found is not None
    assert found.paper is not None
    return found, found.paper


def score_anew(session: Session, family: Family, now: datetime, *, counts_after_days: int = 30) -> UUID:
    """The country is scored again: a score without a row of its own."""
    first = session.scalars(sa.select(Score)).one()
    document = session.get_one(Declaration, first.declaration_id).document
    anew = compute_score(document, model=model_named(session, first.model), on=now.date())
    run = ScoreRun(
        model=first.model,
        on_day=now.date(),
        takes_effect_on=now.date() + timedelta(days=counts_after_days),
        cause="yearly",
        state=CURRENT,
        started_at=now,
        became_current_at=now,
    )
    session.add(run)
    session.flush()
    session.add(
        RunScore(
            household_id=family.household_id,
            run_id=run.id,
            declaration_id=first.declaration_id,
            total_nano=anew.total_nano,
        )
    )
    session.flush()
    return run.id


def test_it_is_issued_once_in_every_language(session: Session, now: datetime, family: Family) -> None:
    assert find_statement(session, **by(family, now), locale="fr").paper is None  # type: ignore[union-attr]
    first = issue_statement(session, **by(family, now))
    assert tuple(sorted(first)) == LOCALES
    for days in (0, 1, 400):
        assert issue_statement(session, **by(family, now + timedelta(days=days))) == first
    assert session.scalar(sa.select(sa.func.count()).select_from(ScoreStatement)) == 1
    made = sa.select(JournalEntry.actor_id, JournalEntry.household_id).filter_by(action="statement.issued")
    assert session.execute(made).all() == [(family.mother.id, family.household_id)]


def test_it_says_the_score_the_lines_the_limits_and_the_people(session: Session, now: datetime, family: Family) -> None:
    found, paper = issued(session, family, now, "ar")
    contents = contents_of(session, statement=found)
    assert contents.result.total_nano == found.stored.total_nano
    assert sum(line.nano for line in explain(contents.result).lines) == found.stored.total_nano
    assert [limit.programme for limit in contents.limits] == ["asd", "amo_tadamon"]
    assert [person.relation for person in contents.people] == ["head", "child", "child"]
    assert contents.head == contents.people[0]
    assert {person.card.masked_idcs[:10] for person in contents.people} == {"••• ••• ••"}
    assert (paper.issued_on, found.stored.number) == (now.date(), 1)


def test_eight_at_once_issue_one(database: Database, now: datetime) -> None:
    with database.writing() as session:
        request, family = sent_request(session, now)
        check(session, request, now)
        decide_request(session, request_id=request.id, now=now)
    codes, start = [], threading.Barrier(8)

    def issue() -> None:
        start.wait()
        with database.writing() as session:
            codes.append(issue_statement(session, **by(family, now))["ar"].code)

    issuing = [threading.Thread(target=issue) for _ in range(8)]
    for one in issuing:
        one.start()
    for one in issuing:
        one.join()
    assert (len(codes), len(set(codes))) == (8, 1)
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(IssuedPaper)) == len(LOCALES)


def test_only_the_declarant_and_the_head_get_one(session: Session, now: datetime, family: Family) -> None:
    for other in (enrol(session).id, family.children[0], uuid4()):
        asked = {"actor": citizen(other), "now": now}
        with pytest.raises(NotFound):
            issue_statement(session, **asked)
        with pytest.raises(NotFound):
            find_statement(session, **asked, locale="fr")
    assert session.scalars(sa.select(ScoreStatement)).all() == []


def test_there_is_none_of_a_score_that_is_not_there(session: Session, now: datetime, family: Family) -> None:
    assert find_statement(session, **by(family, now), number=2, locale="fr") is None
    with pytest.raises(NotFound):
        issue_statement(session, **by(family, now), number=2)
    change(session, Declaration, document={})
    assert find_statement(session, **by(family, now), locale="fr") is None


def test_each_score_has_its_own_those_of_a_run_too(session: Session, now: datetime, family: Family) -> None:
    first = issue_statement(session, **by(family, now))
    later = now + timedelta(days=365)
    score_anew(session, family, later)
    found, paper = issued(session, family, later)
    assert (found.stored.number, found.stored.cause) == (2, "yearly")
    assert found.facts is not None
    assert found.facts["takes_effect_on"] == (later.date() + timedelta(days=30)).isoformat()
    assert paper.code != first["fr"].code
    again = find_statement(session, **by(family, later), number=1, locale="fr")
    assert again is not None
    assert again.paper == first["fr"]
    assert [check_paper(session, code=code).genuine for code in (paper.code, first["ar"].code)] == [True, True]


def test_the_same_score_that_counts_from_another_day_has_its_own(
    session: Session, now: datetime, family: Family
) -> None:
    papers = {}
    for days in (30, 60):
        score_anew(session, family, now + timedelta(minutes=days), counts_after_days=days)
        found, paper = issued(session, family, now + timedelta(days=2))
        assert contents_of(session, statement=found).result.total_nano == found.stored.total_nano
        papers[paper.code] = found.stored.takes_effect_on
    assert len(papers) == len(set(papers.values())) == 2


def test_it_verifies_after_the_keys_were_rotated_and_the_household_erased(
    session: Session, now: datetime, family: Family
) -> None:
    _, paper = issued(session, family, now)
    for days in (1, 2):
        rotate_signing_key(session, now=now + timedelta(days=days))
    found = check_paper(session, code=paper.code)
    assert (found.genuine, found.key_id) == (True, paper.key_id)
    assert found.kind_words is not None
    assert found.kind_words.key == "Statement of a score"
    change(session, Declaration, document={})
    assert check_paper(session, code=paper.code).genuine
    session.execute(sa.delete(ScoreStatement))
    assert check_paper(session, code=paper.code).genuine


def test_whatever_is_changed_makes_it_unknown(session: Session, now: datetime, family: Family) -> None:
    found, paper = issued(session, family, now)
    row = session.scalars(sa.select(IssuedPaper).where(IssuedPaper.code == paper.code)).one()
    document = {**found.stored.document, "rooms": found.stored.document["rooms"] + 1}
    changes: list[tuple[Any, dict[str, Any]]] = [
        (ScoreStatement, {"total_nano": found.stored.total_nano - 1}),
        (ScoreStatement, {"model": "another"}),
        (ScoreStatement, {"on_day": now.date() - timedelta(days=1)}),
        (ScoreStatement, {"takes_effect_on": now.date() + timedelta(days=1)}),
        (Declaration, {"document": document}),
        (IssuedPaper, {"digest": flipped(row.digest)}),
        (IssuedPaper, {"signature": flipped(row.signature)}),
        (IssuedPaper, {"kind": "confirmation"}),
        (IssuedPaper, {"issued_at": now + timedelta(seconds=1)}),
    ]
    for table, values in changes:
        undone = session.begin_nested()
        change(session, table, **values)
        assert check_paper(session, code=paper.code) == UNKNOWN, values
        undone.rollback()
    assert check_paper(session, code=paper.code).genuine


@pytest.mark.parametrize("answer", ["address_hint", "rooms"])
def test_a_declaration_that_was_changed_is_printed_no_more(
    session: Session, now: datetime, family: Family, answer: str
) -> None:
    found, _ = issued(session, family, now)
    change(session, Declaration, document={**found.stored.document, answer: 7})
    again = find_statement(session, **by(family, now), locale="fr")
    assert again is not None
    with pytest.raises(ReplayDiffers):
        contents_of(session, statement=again)
