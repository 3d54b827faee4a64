"""What was kept for its time is erased: nothing sooner, nothing else, a batch at a time, and the journal says so."""

import json
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.sessions import open_session, store_language
from services.database import Database
from services.households.models import Declaration, Draft, DraftPage, Household, Member
from services.households.registration import register_household
from services.journal import citizen, entries_about
from services.journal.sealing import seal_entries
from services.messaging.models import Message
from services.papers.checking import check_paper
from services.papers.issuing import issue_papers
from services.papers.kinds import RECEIPT
from services.papers.models import IssuedPaper, ScoreStatement
from services.papers.statements import issue_statement
from services.requests.corrections import withdraw_request
from services.requests.deposits import make_deposit
from services.requests.models import Application, MemberCheck, Request, Transition
from services.requests.tracking import find_request
from services.requests.verification import decide_request
from services.retention import kept_for
from services.scoring.models import Score
from tests.services.expiring import SECOND, YEAR, erase, put, rows
from tests.services.households.families import begin_family, enrol
from tests.services.journal.chains import verified
from tests.services.requests.applicants import apply, registered_family, work_on
from tests.services.requests.families import Family, answered_family, check, send, sent_request


def sent(database: Database, now: datetime) -> tuple[Family, str]:
    """A family that sent its form, and the reference of its request."""
    with database.writing() as session:
        request, family = sent_request(session, now)
        issue_papers(session, kind=RECEIPT, subject_id=request.id, locales=("fr",), now=now)
        return family, request.reference


def withdrawn(database: Database, now: datetime) -> tuple[Family, str]:
    family, reference = sent(database, now)
    with database.writing() as session:
        withdraw_request(session, actor=citizen(family.mother.id), reference=reference, now=now)
    return family, reference


def decided(database: Database, now: datetime) -> tuple[Family, str]:
    family, reference = sent(database, now)
    with database.writing() as session:
        request = session.scalars(sa.select(Request).where(Request.reference == reference)).one()
        check(session, request, now)
        decide_request(session, request_id=request.id, now=now)
    return family, reference


def erasures_of(session: Session, household_id: UUID) -> list[str]:
    entries = entries_about(session, household_id=household_id)
    return [entry.details["kind"] for entry in entries if entry.action == "household.data_erased"]


def test_an_abandoned_household_is_erased_and_its_people_are_free(database: Database, now: datetime) -> None:
    view, mother = put(database, begin_family, now)
    ends = now + kept_for("draft", now)
    over = ends + kept_for("unsent_household", now)
    assert erase(database, ends)["draft"] == 1
    assert "unsent_household" not in erase(database, over)
    assert erase(database, over + SECOND)["unsent_household"] == 1
    assert erase(database, over + SECOND) == {}
    with database.writing() as session:
        assert [rows(session, model) for model in (Household, Member, Draft, DraftPage)] == [0, 0, 0, 0]
        assert erasures_of(session, view.id) == ["unsent_household"]
        register_household(
            session, actor=citizen(mother.id), relation_of_declarant="head", consent_version="1", now=over
        )


def test_a_household_that_somebody_came_back_to_is_not_abandoned(database: Database, now: datetime) -> None:
    put(database, begin_family, now)
    late = now + timedelta(days=100)
    erase(database, late)
    with database.writing() as session:
        session.execute(sa.update(Member).where(Member.position == 3).values(added_at=late))
    assert "unsent_household" not in erase(database, late + timedelta(days=89))
    assert erase(database, late + timedelta(days=91))["unsent_household"] == 1


def test_a_withdrawn_requests_remains_go_after_a_year_and_its_timeline_stays(database: Database, now: datetime) -> None:
    family, reference = withdrawn(database, now)
    after = now + kept_for("draft", now) + kept_for("closed_household", now) + SECOND
    assert "closed_household" not in erase(database, after - 2 * SECOND)
    assert erase(database, after)["closed_household"] == 1
    with database.writing() as session:
        assert [rows(session, model) for model in (Member, DraftPage, MemberCheck)] == [0, 0, 0]
        declaration = session.scalars(sa.select(Declaration)).one()
        assert (declaration.document, declaration.personal, declaration.erased_at) == ({}, None, after)
        mother = citizen(family.mother.id)
        followed = find_request(session, actor=mother, reference=reference, now=after)
        assert len(followed.timeline) == 2
        paper = session.scalars(sa.select(IssuedPaper)).one()
        assert check_paper(session, code=paper.code).genuine
        assert erasures_of(session, family.household_id) == ["closed_household"]
        register_household(session, actor=mother, relation_of_declarant="head", consent_version="1", now=after)


def test_a_request_goes_five_years_after_it_ended_with_all_that_is_left(database: Database, now: datetime) -> None:
    family, _ = withdrawn(database, now)
    after = now + kept_for("request", now) + SECOND
    erased = erase(database, after)
    assert (erased["closed_household"], erased["request"]) == (1, 1)
    with database.reading() as session:
        left = (Household, Member, Draft, DraftPage, Declaration, Request, Transition, MemberCheck)
        assert [rows(session, model) for model in left] == [0] * len(left)
        assert check_paper(session, code=session.scalars(sa.select(IssuedPaper.code)).one()).genuine
        assert erasures_of(session, family.household_id) == ["request", "closed_household"]
    assert erase(database, now + kept_for("paper", now) + SECOND)["paper"] == 1


def test_an_application_goes_with_its_request_and_its_account_with_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        family = registered_family(session, now)
        work_on(session, apply(session, family, now).reference, now)
    assert "request" not in erase(database, now + kept_for("request", now) - SECOND)
    assert erase(database, now + kept_for("request", now) + SECOND)["request"] == 2
    with database.reading() as session:
        assert [rows(session, model) for model in (Application, Request, Transition)] == [0, 0, 0]


def test_a_registered_household_keeps_what_its_score_rests_on(database: Database, now: datetime) -> None:
    family, _ = decided(database, now)
    erased = erase(database, now + 20 * YEAR)
    assert (erased["request"], "closed_household" in erased, "superseded_declaration" in erased) == (1, False, False)
    with database.reading() as session:
        assert session.scalars(sa.select(Household.state)).one() == "active"
        assert session.scalars(sa.select(Declaration)).one().document
        assert (rows(session, Score), rows(session, Member)) == (1, 3)
        assert erasures_of(session, family.household_id) == ["request"]


def test_what_a_statement_said_goes_with_its_papers(database: Database, now: datetime) -> None:
    family, _ = decided(database, now)
    put(database, lambda session, now: issue_statement(session, actor=citizen(family.mother.id), now=now), now)
    after = now + kept_for("statement", now)
    assert "statement" not in erase(database, after)
    assert erase(database, after + SECOND)["statement"] == 1
    with database.reading() as session:
        assert (rows(session, ScoreStatement), rows(session, IssuedPaper)) == (0, 0)


def supersede(session: Session, family: Family, now: datetime) -> None:
    """A newer declaration of the family, with its score, as an update makes it."""
    old = session.scalars(sa.select(Declaration).where(Declaration.household_id == family.household_id)).one()
    draft = Draft(household_id=old.household_id, kind="update", state="submitted", opened_at=now, expires_at=now)
    session.add(draft)
    session.flush()
    values = {"household_id": old.household_id, "number": 2, "declared_at": now, "declared_by": family.mother.id}
    newer = Declaration(draft_id=draft.id, document=dict(old.document), personal=json.dumps({}), **values)
    session.add(newer)
    session.flush()
    score = session.scalars(sa.select(Score)).one()
    session.add(
        Score(
            household_id=old.household_id,
            declaration_id=newer.id,
            model=score.model,
            on_day=now.date(),
            takes_effect_on=now.date(),
            computed_at=now,
            total_nano=score.total_nano,
            cause="update",
        )
    )


def test_a_superseded_declaration_is_emptied_and_its_score_keeps_its_total(database: Database, now: datetime) -> None:
    family, _ = decided(database, now)
    put(database, supersede, family, now + YEAR)
    after = now + YEAR + kept_for("superseded_declaration", now) + SECOND
    assert "superseded_declaration" not in erase(database, after - 2 * SECOND)
    assert erase(database, after) == {"superseded_declaration": 1}
    with database.reading() as session:
        old, new = session.scalars(sa.select(Declaration).order_by(Declaration.number))
        assert (old.document, old.personal, old.erased_at) == ({}, None, after)
        assert (bool(new.document), new.erased_at) == (True, None)
        assert len(set(session.scalars(sa.select(Score.total_nano)))) == 1
        assert rows(session, Score) == 2
        assert rows(session, DraftPage) == 0


def test_who_left_is_forgotten_with_what_was_said_of_him(database: Database, now: datetime) -> None:
    family, _ = decided(database, now)
    with database.writing() as session:
        left = sa.update(Member).where(Member.position == 3).values(removed_at=now, held=False)
        session.execute(left)
    after = now + kept_for("member_left", now) + SECOND
    assert erase(database, after)["member_left"] == 1
    with database.reading() as session:
        assert set(session.scalars(sa.select(Member.position))) == {1, 2}
        assert 3 not in set(session.scalars(sa.select(DraftPage.position)))
        assert "member_left" in erasures_of(session, family.household_id)


def test_deposits_news_and_languages_go_in_their_time(database: Database, now: datetime) -> None:
    with database.writing() as session:
        family = answered_family(session, now)
        make_deposit(session, actor=citizen(family.mother.id), household_id=family.household_id, now=now)
        send(session, family, now)
        stranger = enrol(session)
        open_session(session, person_id=stranger.id, now=now)
        store_language(session, person_id=stranger.id, locale="fr", now=now)
    assert erase(database, now + timedelta(days=31) + SECOND) == {"deposit": 1, "session": 1, "limit_count": 1}
    erased = erase(database, now + 2 * YEAR)
    assert (erased["news_message"], erased["account"]) == (1, 1)
    with database.reading() as session:
        assert rows(session, Message) == 0


def test_the_journal_verifies_after_everything_was_erased(database: Database, now: datetime) -> None:
    decided(database, now)
    withdrawn(database, now)
    put(database, begin_family, now)
    for years in (1, 3, 6, 11):
        erase(database, now + years * YEAR)
    before = verified(database)
    assert before.findings == []
    with database.writing() as session:
        seal_entries(session, now=now + 11 * YEAR)
    after = verified(database)
    assert (after.findings, after.waiting) == ([], 0)
