"""Who may leave, when, and what becomes of the answers and the minors."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import NotAllowed, NotFound, StateConflict
from services.households.draft_life import CORRECTION, open_draft
from services.households.drafts import load_draft, save_page
from services.households.members import (
    MemberAdded,
    Removed,
    StillGuardian,
    add_member,
    change_head,
    correct_relation,
    remove_member,
)
from services.households.models import Member
from services.journal import citizen, system_actor
from services.population.models import Person
from tests.services.households.changes import make_head, remove, submit
from tests.services.households.families import (
    Someone,
    add,
    answer_everything,
    begin_family,
    enrol,
    see,
)
from tests.services.households.moments import at_once


def test_a_guardian_stays_as_long_as_his_wards(session: Session, now: datetime) -> None:
    mother = begin_family(session, now, children=0)[1]
    aunt = enrol(session)
    cousin = enrol(session, "2012-01-01", guardians=(aunt,))
    add(session, mother, aunt, "sibling", now)
    ward = add(session, mother, cousin, "other", now).member
    assert remove(session, mother, aunt, now) == StillGuardian((ward,))
    assert remove(session, mother, cousin, now) == Removed()
    assert remove(session, mother, aunt, now) == Removed()


def test_a_guardian_can_leave_when_another_stays_or_when_he_died(session: Session, now: datetime) -> None:
    mother = begin_family(session, now, children=0)[1]
    uncle, aunt = enrol(session), enrol(session)
    cousin = enrol(session, "2012-01-01", guardians=(uncle, aunt))
    add(session, mother, aunt, "sibling", now)
    assert add(session, mother, cousin, "other", now).member.guardian_id == aunt.id
    add(session, mother, uncle, "sibling", now)
    assert remove(session, mother, aunt, now) == Removed()
    ward = see(session, mother, now).member_of(cousin.id)
    assert ward is not None
    assert ward.guardian_id == uncle.id
    session.execute(sa.update(Person).where(Person.id == uncle.id).values(alive=False))
    assert remove(session, mother, uncle, now) == Removed()


def test_only_the_declarant_and_the_head_change_anything(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    husband, newcomer = enrol(session), enrol(session)
    here = add(session, mother, husband, "spouse", now).member
    there = {"household_id": view.id, "now": now}
    one = {"member_id": here.id, **there}
    newcomer_data = {"idcs": newcomer.idcs, "birth_date": newcomer.birth_date, "relation": "other"}
    for actor in (citizen(husband.id), citizen(newcomer.id), system_actor()):
        for attempt in (
            lambda: add_member(session, actor=actor, **newcomer_data, **there),  # noqa: B023
            lambda: remove_member(session, actor=actor, **one),  # noqa: B023
            lambda: correct_relation(session, actor=actor, relation="other", **one),  # noqa: B023
            lambda: change_head(session, actor=actor, relation_of_former_head="spouse", **one),  # noqa: B023
            lambda: open_draft(session, actor=actor, **there),  # noqa: B023
        ):
            with pytest.raises(NotFound):
                attempt()
    make_head(session, mother, husband, "spouse", now)
    assert isinstance(add_member(session, actor=citizen(husband.id), **newcomer_data, **there), MemberAdded)


def test_a_household_that_does_not_exist_is_not_found(session: Session, now: datetime) -> None:
    mother = begin_family(session, now)[1]
    with pytest.raises(NotFound):
        remove_member(session, actor=citizen(mother.id), household_id=uuid4(), member_id=uuid4(), now=now)


def test_nobody_comes_or_goes_while_the_declaration_is_examined(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    submit(session, mother, now)
    uncle = enrol(session)
    with pytest.raises(StateConflict):
        add(session, mother, uncle, "sibling", now)
    with pytest.raises(StateConflict):
        remove_member(session, actor=citizen(mother.id), household_id=view.id, member_id=view.members[1].id, now=now)
    open_draft(session, actor=citizen(mother.id), household_id=view.id, kind=CORRECTION, now=now)
    assert isinstance(add(session, mother, uncle, "sibling", now), MemberAdded)


def test_the_answers_of_who_left_are_gone_from_the_draft(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    draft_id = answer_everything(session, mother, now)
    leaving = Someone(view.members[1].person_id, "", view.members[1].birth_date)
    assert remove(session, mother, leaving, now) == Removed()
    draft = load_draft(session, draft_id=draft_id, now=now)
    assert draft is not None
    assert {position for _, position in draft.pages} == {0, 1, 3}
    with pytest.raises(NotFound):
        save_page(
            session,
            actor=citizen(mother.id),
            draft_id=draft_id,
            page="studies",
            position=2,
            values={"schooling": "none"},
            seen_version=1,
            now=now,
        )


def test_a_save_and_a_removal_at_once_leave_no_answers_behind(database: Database, now: datetime) -> None:
    for _ in range(10):
        with database.writing() as session:
            view, mother = begin_family(session, now, children=1)
        child = view.members[1]

        def save() -> Any:
            with database.writing() as session:
                asked = {"draft_id": view.draft_id, "page": "studies", "position": 2, "seen_version": 0}  # noqa: B023
                return save_page(session, actor=citizen(mother.id), values={"schooling": "none"}, now=now, **asked)  # noqa: B023

        def leave() -> Any:
            with database.writing() as session:
                return remove(session, mother, Someone(child.person_id, "", child.birth_date), now)  # noqa: B023

        assert Removed() in at_once(save, leave)
        with database.reading() as session:
            draft = load_draft(session, draft_id=view.draft_id, now=now)
        assert draft is not None
        assert draft.pages == {}


def test_who_comes_back_gets_a_new_place(session: Session, now: datetime) -> None:
    mother = begin_family(session, now, children=0)[1]
    uncle = enrol(session)
    assert add(session, mother, uncle, "sibling", now).member.position == 2
    remove(session, mother, uncle, now)
    assert add(session, mother, uncle, "sibling", now).member.position == 3
    assert session.scalar(sa.select(sa.func.count(Member.id))) == 3


def test_the_declarant_stays(session: Session, now: datetime) -> None:
    mother = begin_family(session, now)[1]
    with pytest.raises(NotAllowed):
        remove(session, mother, mother, now)
