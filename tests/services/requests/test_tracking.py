"""Following a request: plain words, honest dates, and only one's own."""

import json
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.codes import CodeOutcome, CodeResult
from services.database import Database
from services.errors import NotFound
from services.journal import citizen, system_actor
from services.messaging.models import Message
from services.papers.confirmations import AnswerPaper, find_confirmation, issue_confirmation
from services.population.register import close_register
from services.programmes.eligibility import FOR_EVERY_ADULT
from services.requests.applications.sending import Wish, apply_for
from services.requests.states import LATE, SILENT, Acts, Status
from services.requests.submission import submit_request
from services.requests.tracking import begin_tracking, find_request, finish_tracking, requests_of
from services.requests.verification import decide_request, verify_request
from services.requests.views import RequestView
from services.scoring.models import Score
from tests.services.households.families import add, answer_everything, begin_family, statements
from tests.services.requests.applicants import LOW, SAID, work_on
from tests.services.requests.families import check, die, enrol, sent_request


def seen(session: Session, family: object, reference: str, now: datetime) -> RequestView:
    return find_request(session, actor=citizen(family.mother.id), reference=reference, now=now)  # type: ignore[attr-defined]


def test_a_new_request_says_by_when_it_is_answered(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    view = seen(session, family, request.reference, now)
    assert (view.status, view.acts, view.next_by) == (Status.RECEIVED, Acts.OFFICE, date(2026, 6, 25))
    assert view.next_step.params == {"date": date(2026, 6, 25)}
    assert [(entry.words.key, entry.at) for entry in view.timeline] == [("We received your request.", now)]
    assert view.aids == ("asd",)


def test_the_timeline_is_the_log_in_plain_words(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    check(session, request, now)
    decide_request(session, request_id=request.id, now=now)
    view = seen(session, family, request.reference, now)
    assert [entry.status for entry in view.timeline] == [
        Status.RECEIVED,
        Status.BEING_VERIFIED,
        Status.BEING_VERIFIED,
        Status.DECIDED,
    ]
    assert (view.status, view.acts, view.next_by) == (Status.DECIDED, Acts.NOBODY, None)


def test_a_silent_register_is_told_with_the_next_try(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    close_register(session, actor=system_actor(), until=now + timedelta(minutes=5), now=now)
    check(session, request, now)
    view = seen(session, family, request.reference, now)
    assert view.timeline[-1].words.key == view.next_step.key == SILENT
    assert view.next_step.params == {"date": date(2026, 6, 15), "time": "11:00"}
    assert view.acts is Acts.REGISTER
    check(session, request, now + timedelta(minutes=6), attempt=2)
    told = [entry.words.key for entry in seen(session, family, request.reference, now).timeline]
    assert told[-2] == "The population register was not available. We waited, then asked again."


def test_a_no_says_what_to_do_and_until_when(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    die(session, family.children[0])
    check(session, request, now)
    view = seen(session, family, request.reference, now)
    assert (view.status, view.acts, view.next_by) == (Status.NEEDS_YOU, Acts.YOU, date(2026, 7, 15))
    assert view.timeline[-1].words.params["count"] == 1
    assert view.timeline[-1].words.plural


def test_a_late_answer_is_admitted(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    assert seen(session, family, request.reference, now + timedelta(days=10)).next_step.key != LATE
    view = seen(session, family, request.reference, now + timedelta(days=11))
    assert (view.next_step.key, view.next_by) == (LATE, None)


def test_reading_a_request_is_one_statement(database: Database, now: datetime) -> None:
    with database.writing() as session:
        request, family = sent_request(session, now)
    with statements(database) as run, database.reading() as session:
        seen(session, family, request.reference, now)
        assert len([one for one in run if one.startswith("SELECT")]) == 1


def test_a_households_requests_are_its_own(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    sent_request(session, now, children=0)
    assert [view.reference for view in requests_of(session, household_id=family.household_id, now=now)] == [
        request.reference
    ]


def test_somebody_elses_request_looks_like_none(session: Session, now: datetime) -> None:
    request, family = sent_request(session, now)
    for person_id in (enrol(session).id, family.children[0]):
        with pytest.raises(NotFound):
            find_request(session, actor=citizen(person_id), reference=request.reference, now=now)
    with pytest.raises(NotFound):
        find_request(session, actor=citizen(family.mother.id), reference="2222222222", now=now)


def test_another_adult_follows_but_does_not_see_who_is_not_confirmed(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now, children=1)
    sister = enrol(session, "1990-01-01")
    add(session, mother, sister, "sibling", now)
    answer_everything(session, mother, now)
    sent = submit_request(
        session, actor=citizen(mother.id), household_id=view.id, submission_key="the page's key", now=now
    )
    die(session, view.members[1].person_id)
    request = find_request(session, actor=citizen(mother.id), reference=sent.reference, now=now)
    verify_request(session, request_id=request.id, attempt=1, now=now)
    for person_id, shown in ((mother.id, 1), (sister.id, 0)):
        found = find_request(session, actor=citizen(person_id), reference=sent.reference, now=now)
        assert (found.status, len(found.unconfirmed)) == (Status.NEEDS_YOU, shown)


def test_another_adult_reads_the_answer_to_an_application_without_what_is_the_others(
    session: Session, now: datetime
) -> None:
    view, mother = begin_family(session, now, children=1)
    sister = enrol(session, "1990-01-01")
    add(session, mother, sister, "sibling", now)
    answer_everything(session, mother, now)
    by_mother = {"actor": citizen(mother.id), "household_id": view.id, "now": now}
    work_on(session, submit_request(session, **by_mother, submission_key="registration").reference, now)
    session.execute(sa.update(Score).values(total_nano=LOW))
    wish = Wish(mother.id, "cash_point", None, SAID)
    sent = apply_for(session, **by_mother, programme="asd", wish=wish, submission_key="application")
    work_on(session, sent.reference, now)
    issue_confirmation(session, actor=citizen(mother.id), reference=sent.reference, now=now)
    for person_id, sees_all in ((mother.id, True), (sister.id, False)):
        asked = {"actor": citizen(person_id), "reference": sent.reference, "now": now}
        paper = find_confirmation(session, **asked, locale="fr")
        assert isinstance(paper, AnswerPaper)
        assert (paper.payee is not None) == sees_all
        for answer in (find_request(session, **asked).application, paper.decision.answer):
            assert answer is not None
            assert answer.is_granted
            assert (answer.amount_dirhams is not None) == sees_all
            assert ({reason.condition for reason in answer.reasons} == {*FOR_EVERY_ADULT}) != sees_all


def track(session: Session, reference: str, now: datetime, code: str | None = None) -> RequestView | CodeResult:
    begun = begin_tracking(session, reference=reference, address="192.0.2.7", locale="fr", now=now)
    newest = sa.select(Message).where(Message.kind == "code").order_by(Message.created_at.desc())
    message = session.scalars(newest.limit(1)).one()
    given = code or json.loads(message.parameters or "{}").get("code", "000000")
    return finish_tracking(session, attempt_id=begun.attempt_id, code=given, now=now)


def test_a_reference_and_a_code_show_the_request(session: Session, now: datetime) -> None:
    request, _ = sent_request(session, now)
    view = track(session, request.reference, now)
    assert isinstance(view, RequestView)
    assert (view.reference, view.unconfirmed) == (request.reference, ())


def test_an_unknown_reference_answers_like_a_wrong_code(session: Session, now: datetime) -> None:
    request, _ = sent_request(session, now)
    wrong = track(session, request.reference, now, code="000000")
    unknown = track(session, "2222222222", now, code="000000")
    assert wrong == unknown
    assert isinstance(wrong, CodeResult)
    assert wrong.outcome is CodeOutcome.WRONG
