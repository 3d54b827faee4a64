"""One head, an adult; and what the others are to him."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import NotAllowed, NotFound, StateConflict
from services.households.draft_life import CORRECTION, open_draft
from services.households.members import (
    Removed,
    correct_relation,
)
from services.journal import citizen, entries_about
from tests.services.households.changes import make_head, relations, remove, submit
from tests.services.households.families import (
    Someone,
    add,
    begin_family,
    begin_household,
    enrol,
    see,
)
from tests.services.households.moments import at_once


def test_there_is_one_head_at_most_whoever_adds_them_at_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        son = enrol(session, "2000-01-01")
        begin_household(session, son, now, relation="child")
        parents = [enrol(session, "1960-01-01"), enrol(session, "1961-01-01")]

    def add_head(who: Someone) -> Any:
        with database.writing() as session:
            return add(session, son, who, "head", now)

    outcomes = at_once(*(lambda who=who: add_head(who) for who in parents))
    assert sorted(type(one).__name__ for one in outcomes) == ["MemberAdded", "StateConflict"]
    with database.reading() as session:
        assert relations(session, son, now) == ["child", "head"]


def test_a_head_is_an_adult(session: Session, now: datetime) -> None:
    son = enrol(session, "2000-01-01")
    view = begin_household(session, son, now, relation="child")
    sister = enrol(session, "2010-01-01", guardians=(son,))
    with pytest.raises(NotAllowed):
        add(session, son, sister, "head", now)
    added = add(session, son, sister, "sibling", now).member
    with pytest.raises(NotAllowed):
        make_head(session, son, sister, None, now)
    with pytest.raises(NotAllowed):
        correct_relation(
            session, actor=citizen(son.id), household_id=view.id, member_id=added.id, relation="head", now=now
        )


def test_a_head_leaves_while_the_household_forms_and_not_after(session: Session, now: datetime) -> None:
    son = enrol(session, "2000-01-01")
    view = begin_household(session, son, now, relation="child")
    father = enrol(session, "1960-01-01")
    add(session, son, father, "head", now)
    assert remove(session, son, father, now, by=father) == Removed()
    assert see(session, son, now).missing
    add(session, son, father, "head", now)
    submit(session, son, now)
    open_draft(session, actor=citizen(son.id), household_id=view.id, kind=CORRECTION, now=now)
    with pytest.raises(StateConflict):
        remove(session, son, father, now)
    make_head(session, son, son, "parent", now)
    assert remove(session, son, father, now) == Removed()


def test_a_relation_is_corrected_and_journaled(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    one = {"household_id": view.id, "member_id": view.members[1].id, "now": now, "actor": citizen(mother.id)}
    correct_relation(session, relation="grandchild", **one)
    assert relations(session, mother, now) == ["head", "grandchild", "child"]
    entry = entries_about(session, household_id=view.id)[0]
    assert (entry.action, entry.details) == ("household.relation_corrected", {"relation": "grandchild"})
    with pytest.raises(StateConflict):
        correct_relation(session, relation="head", **one)
    with pytest.raises(ValueError, match="cousin"):
        correct_relation(session, relation="cousin", **one)
    with pytest.raises(NotFound):
        correct_relation(session, relation="child", **{**one, "member_id": uuid4()})


def test_whoever_said_head_by_mistake_corrects_it_while_the_household_forms(session: Session, now: datetime) -> None:
    son = enrol(session, "2000-01-01")
    view = begin_household(session, son, now)
    me = {"household_id": view.id, "member_id": view.members[0].id, "now": now, "actor": citizen(son.id)}
    correct_relation(session, relation="child", **me)
    assert see(session, son, now).missing
    correct_relation(session, relation="head", **me)
    assert see(session, son, now).head_id == son.id


def test_with_another_head_the_relations_follow_and_the_unsure_are_asked(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    husband, grandfather, cousin = enrol(session), enrol(session, "1940"), enrol(session)
    for who, relation in ((husband, "spouse"), (grandfather, "parent"), (cousin, "sibling")):
        add(session, mother, who, relation, now)
    unsure = make_head(session, mother, husband, "spouse", now)
    assert relations(session, mother, now) == ["spouse", "child", "child", "head", "parent_in_law", "other"]
    assert [member.person_id for member in unsure] == [cousin.id]
    entry = entries_about(session, household_id=view.id)[0]
    assert entry.action == "household.head_changed"
    assert make_head(session, mother, husband, None, now) == ()
    with pytest.raises(ValueError, match="former head"):
        make_head(session, mother, mother, "head", now)


def test_heads_chosen_at_once_leave_one(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother = begin_family(session, now)[1]
        others = [enrol(session), enrol(session)]
        for who in others:
            add(session, mother, who, "sibling", now)

    def choose(who: Someone) -> Any:
        with database.writing() as session:
            return make_head(session, mother, who, "sibling", now)

    at_once(*(lambda who=who: choose(who) for who in others))
    with database.reading() as session:
        assert relations(session, mother, now).count("head") == 1
