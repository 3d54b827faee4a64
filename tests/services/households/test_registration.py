"""Registering a household, and whose household a person sees."""

from datetime import datetime
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import NotAllowed, StateConflict
from services.households.declaring import submit_draft
from services.households.household_view import NO_HEAD, find_household, household_of
from services.households.members import change_head
from services.households.models import Household, Member
from services.households.registration import register_household
from services.journal import Actor, Capacity, citizen, entries_about, system_actor
from tests.services.households.families import (
    Someone,
    add,
    answer_everything,
    begin_family,
    begin_household,
    enrol,
    see,
    statements,
)
from tests.services.households.moments import at_once


def test_a_household_begins_with_its_declarant_and_an_open_draft(session: Session, now: datetime) -> None:
    mother = enrol(session)
    view = begin_household(session, mother, now)
    assert (view.state, view.declarant_id, view.head_id, view.missing) == ("forming", mother.id, mother.id, ())
    assert [(member.position, member.relation, member.age) for member in view.members] == [(1, "head", 42)]
    assert view.members[0].name.arabic == "فاطمة"
    assert view.draft_id is not None


def test_a_household_without_its_head_says_so(session: Session, now: datetime) -> None:
    view = begin_household(session, enrol(session), now, relation="spouse")
    assert (view.head_id, view.missing) == (None, (NO_HEAD,))


def test_consent_is_kept_and_registration_journaled(session: Session, now: datetime) -> None:
    mother = enrol(session)
    view = begin_household(session, mother, now)
    row = session.get_one(Household, view.id)
    assert (row.consent_version, row.consented_at) == ("1", now)
    entries = {entry.action: entry for entry in entries_about(session, household_id=view.id)}
    assert entries["household.registered"].details == {"relation": "head", "consent": "1"}
    assert entries["draft.opened"].actor_id == mother.id


def test_an_agent_registers_the_household_of_whom_he_acts_for(session: Session, now: datetime) -> None:
    mother, agent = enrol(session), UUID(int=7)
    actor = Actor(Capacity.AGENT_FOR_CITIZEN, agent, for_person=mother.id)
    register_household(session, actor=actor, relation_of_declarant="head", consent_version="1", now=now)
    view = see(session, mother, now)
    assert view.declarant_id == mother.id
    assert {entry.actor_id for entry in entries_about(session, household_id=view.id)} == {agent}


def test_ten_clicks_at_once_make_one_household(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother = enrol(session)

    def register() -> UUID:
        with database.writing() as session:
            return register_household(
                session, actor=citizen(mother.id), relation_of_declarant="head", consent_version="1", now=now
            )

    assert len(set(at_once(*[register] * 10))) == 1
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(Household.id))) == 1
        assert session.scalar(sa.select(sa.func.count(Member.id))) == 1


def test_a_minor_the_worker_and_a_neighbour_register_nothing(session: Session, now: datetime) -> None:
    register = partial(register_household, session, consent_version="1", now=now)
    for actor, relation in (
        (citizen(enrol(session, "2008-06-16").id), "child"),
        (citizen(enrol(session).id), "other"),
        (system_actor(), "head"),
    ):
        with pytest.raises(NotAllowed):
            register(actor=actor, relation_of_declarant=relation)
    assert register(actor=citizen(enrol(session, "2008-06-15").id), relation_of_declarant="child")


def test_who_was_counted_in_by_another_is_free_until_that_is_submitted(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    uncle = enrol(session, "1970-01-01")
    add(session, mother, uncle, "sibling", now)
    assert household_of(session, person_id=uncle.id, now=now) is None
    own = begin_household(session, uncle, now)
    assert own.id != view.id
    submit_draft(session, actor=citizen(mother.id), draft_id=answer_everything(session, mother, now), now=now)
    assert see(session, uncle, now).id == view.id


def test_whom_a_submitted_declaration_holds_registers_no_other(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    father = enrol(session, "1980-01-01")
    add(session, mother, father, "spouse", now)
    submit_draft(session, actor=citizen(mother.id), draft_id=answer_everything(session, mother, now), now=now)
    for person in (mother, father):
        with pytest.raises(StateConflict):
            begin_household(session, person, now)
    assert see(session, father, now).id == view.id


def test_the_head_sees_and_changes_what_another_declared(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    father: Someone = enrol(session, "1980-01-01")
    added = add(session, mother, father, "spouse", now).member
    change_head(
        session,
        actor=citizen(mother.id),
        household_id=view.id,
        member_id=added.id,
        relation_of_former_head="spouse",
        now=now,
    )
    seen = see(session, father, now)
    assert seen.head_id == father.id
    assert [seen.may_be_changed_by(one) for one in (mother.id, father.id, enrol(session).id, None)] == [
        True,
        True,
        False,
        False,
    ]


def test_nobodys_household_is_none(session: Session, now: datetime) -> None:
    assert household_of(session, person_id=enrol(session).id, now=now) is None
    assert find_household(session, household_id=UUID(int=1), now=now) is None


def test_a_household_is_read_in_one_statement(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother = begin_family(session, now)[1]
    with database.reading() as session, statements(database) as seen:
        see(session, mother, now)
    assert len(seen) - seen.count("BEGIN") == 1
