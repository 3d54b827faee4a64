"""Submitting the draft: once, whole, and one household a person."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import NotFound, StateConflict
from services.households.declaration import faults_of
from services.households.declaring import activate_household, release_household, submit_draft
from services.households.draft_life import CORRECTION, end_of_draft, open_draft
from services.households.drafts import load_draft, save_page
from services.households.members import remove_member
from services.households.models import Declaration, Member
from services.journal import citizen, entries_about, system_actor
from tests.services.households.families import (
    Someone,
    add,
    answer_everything,
    begin_family,
    begin_household,
    enrol,
    see,
    values_of,
)
from tests.services.households.moments import at_once


def submit(session: Session, declarant: Someone, now: datetime, draft_id: UUID | None = None) -> UUID:
    draft_id = draft_id or answer_everything(session, declarant, now)
    return submit_draft(session, actor=citizen(declarant.id), draft_id=draft_id, now=now)


def state_of(session: Session, declarant: Someone, now: datetime) -> tuple[str, set[bool]]:
    view = see(session, declarant, now)
    return view.state, {member.held for member in view.members}


def test_a_finished_draft_becomes_a_declaration(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    declaration = session.get_one(Declaration, submit(session, mother, now))
    assert (declaration.number, declaration.declared_by, declaration.declared_at) == (1, mother.id, now)
    people = [member["person"] for member in declaration.document["members"]]
    assert people == [str(member.person_id) for member in view.members]
    assert faults_of(declaration.document, on=now.date()) == []
    assert state_of(session, mother, now) == ("declared", {True})
    assert see(session, mother, now).draft_id is None
    entry = entries_about(session, household_id=view.id)[0]
    assert (entry.action, entry.details) == ("declaration.submitted", {"number": 1, "kind": "registration"})


def test_address_and_numbers_of_people_are_not_in_the_clear_document(session: Session, now: datetime) -> None:
    mother = begin_family(session, now)[1]
    declaration = session.get_one(Declaration, submit(session, mother, now))
    assert not {"address", "commune"} & declaration.document.keys()
    assert mother.idcs not in json.dumps(declaration.document)
    assert json.loads(declaration.personal or "{}").keys() == {"address", "commune"}


def test_ten_submissions_at_once_make_one_declaration(database: Database, now: datetime) -> None:
    with database.writing() as session:
        view, mother = begin_family(session, now)
        draft_id = answer_everything(session, mother, now)

    def send() -> UUID:
        with database.writing() as session:
            return submit(session, mother, now, draft_id)

    made = at_once(*[send] * 10)
    with database.reading() as session:
        assert set(made) == set(session.scalars(sa.select(Declaration.id)))
        actions = [entry.action for entry in entries_about(session, household_id=view.id)]
    assert actions.count("declaration.submitted") == 1


def test_a_draft_that_is_not_finished_is_not_submitted(session: Session, now: datetime) -> None:
    mother = begin_family(session, now)[1]
    draft_id = answer_everything(session, mother, now)
    add(session, mother, enrol(session), "sibling", now)
    with pytest.raises(StateConflict, match="not finished"):
        submit(session, mother, now, draft_id)


def test_a_household_without_head_is_not_submitted(session: Session, now: datetime) -> None:
    son = enrol(session, "2000-01-01")
    begin_household(session, son, now, relation="child")
    with pytest.raises(StateConflict, match="not finished"):
        submit(session, son, now)


def test_a_draft_is_submitted_by_declarant_or_head_within_its_thirty_days(session: Session, now: datetime) -> None:
    mother = begin_family(session, now)[1]
    sister = enrol(session)
    add(session, mother, sister, "sibling", now)
    draft_id = answer_everything(session, mother, now)
    for actor, wrong_draft in (
        (citizen(sister.id), draft_id),
        (system_actor(), draft_id),
        (citizen(mother.id), uuid4()),
    ):
        with pytest.raises(NotFound):
            submit_draft(session, actor=actor, draft_id=wrong_draft, now=now)
    with pytest.raises(StateConflict):
        submit_draft(session, actor=citizen(mother.id), draft_id=draft_id, now=end_of_draft(now))


def test_nothing_is_saved_once_it_is_submitted(session: Session, now: datetime) -> None:
    mother = begin_family(session, now)[1]
    draft_id = answer_everything(session, mother, now)
    submit(session, mother, now, draft_id)
    with pytest.raises(StateConflict):
        save_page(
            session,
            actor=citizen(mother.id),
            draft_id=draft_id,
            page="home",
            values={"rooms": 9},
            seen_version=9,
            now=now,
        )


def test_a_save_and_a_submission_at_once_never_lose_an_answer(database: Database, now: datetime) -> None:
    for _ in range(8):
        with database.writing() as session:
            mother = begin_family(session, now, children=0)[1]
            draft_id = answer_everything(session, mother, now)
            version = 1

        def save() -> Any:
            with database.writing() as session:
                asked = {"draft_id": draft_id, "page": "home", "values": {"rooms": 9}}  # noqa: B023
                return save_page(session, actor=citizen(mother.id), seen_version=version, now=now, **asked)  # noqa: B023

        def send() -> Any:
            with database.writing() as session:
                return submit(session, mother, now, draft_id)  # noqa: B023

        saved, declaration_id = at_once(save, send)
        with database.reading() as session:
            rooms = session.get_one(Declaration, declaration_id).document["rooms"]
        assert (rooms == 9) == (not isinstance(saved, StateConflict))


def test_a_person_held_elsewhere_stops_the_submission(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother, neighbour = begin_family(session, now)[1], begin_family(session, now)[1]
        uncle = enrol(session)
        for declarant in (mother, neighbour):
            add(session, declarant, uncle, "sibling", now)
        submit(session, neighbour, now)
        draft_id = answer_everything(session, mother, now)
    with pytest.raises(StateConflict, match="another household"), database.writing() as session:
        submit(session, mother, now, draft_id)
    with database.reading() as session:
        assert state_of(session, mother, now) == ("forming", {False})


def test_two_households_that_claim_the_same_people_at_once(database: Database, now: datetime) -> None:
    """One gets them all, the other is told; they never wait for each other."""
    for _ in range(3):
        with database.writing() as session:
            families = [begin_family(session, now, children=0)[1] for _ in range(2)]
            shared = [enrol(session) for _ in range(4)]
            for declarant, people in zip(families, (shared, shared[::-1]), strict=True):
                for who in people:
                    add(session, declarant, who, "sibling", now)
            drafts = [answer_everything(session, declarant, now) for declarant in families]

        def send(place: int) -> Any:
            with database.writing() as session:
                return submit(session, families[place], now, drafts[place])  # noqa: B023

        outcomes = at_once(lambda: send(0), lambda: send(1))
        assert sorted(type(one).__name__ for one in outcomes) == ["StateConflict", "UUID"]


def test_a_decided_household_is_active_and_stays_so(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    submit(session, mother, now)
    for _ in range(2):
        activate_household(session, actor=system_actor(), household_id=view.id, now=now)
    release_household(session, actor=system_actor(), household_id=view.id, now=now)
    assert state_of(session, mother, now) == ("active", {True})
    actions = [entry.action for entry in entries_about(session, household_id=view.id)]
    assert actions.count("household.activated") == 1


def test_a_released_household_forms_again_and_frees_its_people(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    submit(session, mother, now)
    release_household(session, actor=system_actor(), household_id=view.id, now=now)
    assert state_of(session, mother, now) == ("forming", {False})
    leaving = view.members[1]
    who = {"actor": citizen(mother.id), "household_id": view.id, "now": now}
    remove_member(session, member_id=leaving.id, **who)
    again = open_draft(session, **who)
    draft = load_draft(session, draft_id=again, now=now)
    assert draft is not None
    assert {position for _, position in draft.pages} == {0, 1, 3}
    assert session.get_one(Declaration, submit(session, mother, now, again)).number == 2


def test_a_correction_under_way_goes_on_when_the_household_is_released(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    submit(session, mother, now)
    who = {"actor": citizen(mother.id), "household_id": view.id, "now": now}
    correction = open_draft(session, kind=CORRECTION, **who)
    release_household(session, actor=system_actor(), household_id=view.id, now=now)
    assert open_draft(session, **who) == correction
    submit(session, mother, now, correction)
    assert state_of(session, mother, now) == ("declared", {True})


def test_a_correction_begins_with_what_was_sent(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    first = answer_everything(session, mother, now)
    sent = values_of(session, first, "address", now)
    submit(session, mother, now, first)
    again = open_draft(session, actor=citizen(mother.id), household_id=view.id, kind=CORRECTION, now=now)
    assert again != first
    assert values_of(session, again, "address", now) == sent
    newcomer = enrol(session)
    added = add(session, mother, newcomer, "sibling", now).member
    submit(session, mother, now)
    declarations = session.scalars(sa.select(Declaration).order_by(Declaration.number)).all()
    assert [len(one.document["members"]) for one in declarations] == [3, 4]
    assert session.get_one(Member, added.id, populate_existing=True).held
