"""The confirmation is issued with the decision, once a language, and also afterwards for older ones."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.households.models import Declaration
from services.journal import citizen
from services.papers.checking import UNKNOWN, check_paper
from services.papers.confirmations import decide_with_confirmation, find_confirmation, issue_confirmation
from services.papers.issuing import LOCALES
from services.papers.kinds import CONFIRMATION, KINDS, content_digest
from services.papers.models import IssuedPaper
from services.papers.seals import seal_of
from services.requests.models import Request, Transition
from services.requests.references import new_reference
from services.requests.states import Event
from services.requests.verification import Outcome, decide_request
from services.scoring.models import Score
from services.signing import public_keys, rotate_signing_key
from tests.services.papers.test_checking import change, flipped
from tests.services.requests.families import Family, check, enrol, sent_request


@pytest.fixture
def checked(session: Session, now: datetime) -> tuple[Request, Family]:
    request, family = sent_request(session, now)
    check(session, request, now)
    return request, family


@pytest.fixture
def code(session: Session, now: datetime, checked: tuple[Request, Family]) -> str:
    decide_with_confirmation(session, request_id=checked[0].id, now=now)
    return papers(session)[0].code


def papers(session: Session) -> list[IssuedPaper]:
    return list(session.scalars(sa.select(IssuedPaper).order_by(IssuedPaper.locale)))


def asked(checked: tuple[Request, Family], now: datetime) -> dict[str, Any]:
    return {"actor": citizen(checked[1].mother.id), "reference": checked[0].reference, "now": now}


def test_a_decision_comes_with_its_confirmation_in_every_language(
    session: Session, now: datetime, checked: tuple[Request, Family]
) -> None:
    assert decide_with_confirmation(session, request_id=checked[0].id, now=now) is Outcome.DECIDED
    issued = papers(session)
    assert tuple(paper.locale for paper in issued) == LOCALES
    assert {(paper.kind, paper.issued_at) for paper in issued} == {("confirmation", now)}
    assert decide_with_confirmation(session, request_id=checked[0].id, now=now) is Outcome.ALREADY_DONE
    assert papers(session) == issued


def test_an_older_decision_gets_one_when_it_is_asked_for_and_once(
    session: Session, now: datetime, checked: tuple[Request, Family]
) -> None:
    decide_request(session, request_id=checked[0].id, now=now)
    later = now + timedelta(days=400)
    assert find_confirmation(session, **asked(checked, later), locale="fr").paper is None
    first = issue_confirmation(session, **asked(checked, later))
    assert issue_confirmation(session, **asked(checked, later + timedelta(days=1))) == first
    found = find_confirmation(session, **asked(checked, later), locale="fr")
    assert (found.paper, found.decision.members) == (first["fr"], 3)
    assert found.head is not None
    assert [limit.programme for limit in found.limits] == ["asd", "amo_tadamon"]


def test_nobody_gets_one_before_the_decision_and_no_stranger_after(
    session: Session, now: datetime, checked: tuple[Request, Family]
) -> None:
    for by in (asked(checked, now), {**asked(checked, now), "actor": citizen(enrol(session).id)}):
        with pytest.raises(NotFound):
            issue_confirmation(session, **by)
        with pytest.raises(NotFound):
            find_confirmation(session, **by, locale="fr")
        decide_request(session, request_id=checked[0].id, now=now)
    assert papers(session) == []


def test_the_published_keys_are_enough_to_verify_also_after_a_rotation(
    session: Session, now: datetime, checked: tuple[Request, Family], code: str
) -> None:
    rotate_signing_key(session, now=now + timedelta(days=1))
    keys = {key.key_id: key.public for key in public_keys(session)}
    for paper in papers(session):
        facts = CONFIRMATION.facts_of(session, checked[0].id)
        assert facts is not None
        assert content_digest(facts, locale=paper.locale) == paper.digest
        seal = {name: getattr(paper, name) for name in ("code", "kind", "locale", "issued_at", "digest")}
        Ed25519PublicKey.from_public_bytes(keys[paper.key_id]).verify(paper.signature, seal_of(**seal))
        assert check_paper(session, code=paper.code).key_id == paper.key_id


def test_whatever_is_changed_makes_it_unknown(session: Session, now: datetime, code: str) -> None:
    row = session.scalars(sa.select(IssuedPaper).where(IssuedPaper.code == code)).one()
    score = session.scalars(sa.select(Score)).one()
    changes: list[tuple[Any, dict[str, Any]]] = [
        (IssuedPaper, {"kind": "receipt"}),
        (IssuedPaper, {"kind": "nothing"}),
        (Request, {"reference": new_reference()}),
        (Score, {"total_nano": score.total_nano + 1}),
        (Score, {"model": "another"}),
        (Score, {"on_day": score.on_day - timedelta(days=1)}),
    ]
    for table, values in changes:
        undone = session.begin_nested()
        change(session, table, **values)
        assert check_paper(session, code=code) == UNKNOWN, values
        undone.rollback()
    for column in ("digest", "signature"):
        undone = session.begin_nested()
        session.execute(sa.update(IssuedPaper).filter_by(code=code).values({column: flipped(getattr(row, column))}))
        assert check_paper(session, code=code) == UNKNOWN, column
        undone.rollback()
    decided = sa.update(Transition).where(Transition.event == Event.DECIDE)
    session.execute(decided.values(at=now + timedelta(seconds=1)))
    assert check_paper(session, code=code) == UNKNOWN


def test_a_later_score_of_the_same_declaration_changes_no_paper(session: Session, now: datetime, code: str) -> None:
    first = session.scalars(sa.select(Score)).one()
    again = {name: getattr(first, name) for name in ("household_id", "declaration_id", "model", "total_nano")}
    later = now + timedelta(days=365)
    session.add(Score(**again, on_day=later.date(), takes_effect_on=later.date(), computed_at=later, cause="yearly"))
    session.flush()
    assert check_paper(session, code=code).genuine


def test_it_outlives_what_was_declared(
    session: Session, now: datetime, checked: tuple[Request, Family], code: str
) -> None:
    change(session, Declaration, document={})
    assert check_paper(session, code=code).genuine
    found = find_confirmation(session, **asked(checked, now), locale="ar")
    assert (found.decision.members, found.head) == (0, None)


def test_every_kind_stands_under_its_name_and_says_nothing_of_no_request(session: Session) -> None:
    assert [(name, kind.facts_of(session, uuid4())) for name, kind in KINDS.items()] == [
        (kind.name, None) for kind in KINDS.values()
    ]
