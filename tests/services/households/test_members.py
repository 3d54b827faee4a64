"""People come and go: one neutral failure, one head, minors beside their guardian."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import NotAllowed, NotFound, StateConflict, TooManyAttempts, Unavailable
from services.households.declaring import submit_draft
from services.households.draft_life import CORRECTION, open_draft
from services.households.drafts import load_draft, save_page
from services.households.members import (
    AlreadyHere,
    MemberAdded,
    NotAdded,
    Removed,
    StillGuardian,
    add_member,
    change_head,
    correct_relation,
    remove_member,
)
from services.households.models import Member
from services.journal import citizen, entries_about, system_actor
from services.journal.models import JournalEntry
from services.population.birth_dates import BirthDate
from services.population.models import Person
from services.population.register import close_register
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


def remove(session: Session, declarant: Someone, who: Someone, now: datetime, by: Someone | None = None) -> Any:
    view = see(session, declarant, now)
    member = view.member_of(who.id)
    assert member is not None
    actor = citizen((by or declarant).id)
    return remove_member(session, actor=actor, household_id=view.id, member_id=member.id, now=now)


def make_head(session: Session, declarant: Someone, who: Someone, former: str | None, now: datetime) -> Any:
    view = see(session, declarant, now)
    member = view.member_of(who.id)
    assert member is not None
    return change_head(
        session,
        actor=citizen(declarant.id),
        household_id=view.id,
        member_id=member.id,
        relation_of_former_head=former,
        now=now,
    )


def submit(session: Session, declarant: Someone, now: datetime) -> None:
    submit_draft(session, actor=citizen(declarant.id), draft_id=answer_everything(session, declarant, now), now=now)


def relations(session: Session, declarant: Someone, now: datetime) -> list[str]:
    return [member.relation for member in see(session, declarant, now).members]


def someone_with_another_date(session: Session, now: datetime) -> dict[str, Any]:
    return {"who": enrol(session), "birth_date": BirthDate(1984, 5, 3)}


def nobody(session: Session, now: datetime) -> dict[str, Any]:
    return {"who": Someone(uuid4(), "9876543217", BirthDate(1984, 5, 2))}


def someone_dead(session: Session, now: datetime) -> dict[str, Any]:
    return {"who": enrol(session, alive=False)}


def someone_elsewhere(session: Session, now: datetime) -> dict[str, Any]:
    neighbour = begin_family(session, now, children=0)[1]
    submit(session, neighbour, now)
    return {"who": neighbour}


def a_minor_without_guardian(session: Session, now: datetime) -> dict[str, Any]:
    return {"who": enrol(session, "2015-03-01", guardians=(enrol(session),))}


def a_minor_without_any(session: Session, now: datetime) -> dict[str, Any]:
    return {"who": enrol(session, "2015-03-01")}


FAILURES = [
    someone_with_another_date,
    nobody,
    someone_dead,
    someone_elsewhere,
    a_minor_without_guardian,
    a_minor_without_any,
]


def test_whom_the_register_confirms_is_added(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    husband = enrol(session, "1980", sex="M", name_latin="Hassan")
    added = add(session, mother, husband, "spouse", now)
    assert isinstance(added, MemberAdded)
    assert (added.member.position, added.member.name.latin, added.member.age) == (4, "Hassan", 46)
    assert see(session, mother, now).members[-1] == added.member
    entry = entries_about(session, household_id=view.id)[0]
    assert (entry.action, entry.details) == ("household.member_added", {"relation": "spouse", "position": 4})


def test_every_failure_is_the_same_in_words_and_statements(database: Database, now: datetime) -> None:
    asked, told = [], []
    for prepare in FAILURES:
        with database.writing() as session:
            view, mother = begin_family(session, now, children=1)
            failing = prepare(session, now)
        with database.writing() as session:
            with statements(database) as seen:
                outcome = add(session, mother, relation="other", now=now, **failing)
                session.flush()
            assert isinstance(outcome, NotAdded)
            entry = entries_about(session, household_id=view.id)[0]
            assert entry.details == {"reference": str(outcome.reference_id)}
            assert len(see(session, mother, now).members) == 2
        asked.append(seen)
        told.append(entry.action)
    assert all(seen == asked[0] for seen in asked)
    assert set(told) == {"household.member_not_added"}


@pytest.mark.parametrize(
    ("prepare", "reason"), list(zip(FAILURES, ["not_confirmed"] * 3 + ["elsewhere"] + ["no_guardian"] * 2, strict=True))
)
def test_the_reason_stands_in_the_journal_of_the_person_alone(
    session: Session, now: datetime, prepare: Callable[..., dict[str, Any]], reason: str
) -> None:
    mother = begin_family(session, now)[1]
    failing = prepare(session, now)
    outcome = add(session, mother, relation="other", now=now, **failing)
    row = session.scalars(sa.select(JournalEntry).where(JournalEntry.action == "person.member_not_added")).one()
    known = prepare is not nobody
    assert (row.household_id, row.person_id) == (None, failing["who"].id if known else None)
    assert row.details == {"reference": str(outcome.reference_id), "reason": reason}


def test_who_is_here_already_is_told_as_such(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    for member, who in ((view.members[0], mother),):
        assert add(session, mother, who, "other", now) == AlreadyHere(member)


def test_a_wrong_date_for_a_member_fails_like_any_other(session: Session, now: datetime) -> None:
    mother = begin_family(session, now)[1]
    assert isinstance(add(session, mother, mother, "other", now, birth_date=BirthDate(1990)), NotAdded)


def test_a_closed_register_is_neither_yes_nor_no(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother = begin_family(session, now)[1]
        uncle = enrol(session)
        close_register(session, actor=system_actor(), until=now + timedelta(hours=1), now=now)
    with pytest.raises(Unavailable), database.writing() as session:
        add(session, mother, uncle, "sibling", now)
    with database.writing() as session:
        assert isinstance(add(session, mother, uncle, "sibling", now + timedelta(hours=1)), MemberAdded)


def test_after_twenty_refusals_an_hour_nobody_is_looked_up(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother, neighbour = begin_family(session, now)[1], begin_family(session, now)[1]
        uncle = enrol(session, "1970-02-03")
    for day in range(1, 21):
        with database.writing() as session:
            guess = BirthDate(1971, 1, day)
            assert isinstance(add(session, mother, uncle, "sibling", now, birth_date=guess), NotAdded)
    with pytest.raises(TooManyAttempts) as refused, database.writing() as session:
        add(session, mother, uncle, "sibling", now)
    assert 0 < refused.value.retry_after <= 3600
    with database.writing() as session:
        assert isinstance(add(session, neighbour, uncle, "sibling", now), MemberAdded)
        assert isinstance(add(session, mother, uncle, "sibling", now + timedelta(hours=1)), MemberAdded)


def test_a_minor_comes_with_a_guardian_who_is_here(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now, children=1)
    assert [member.guardian_id for member in view.members] == [None, mother.id]
    aunt = enrol(session)
    cousin = enrol(session, "2012-01-01", guardians=(aunt,))
    assert isinstance(add(session, mother, cousin, "other", now), NotAdded)
    add(session, mother, aunt, "sibling", now)
    assert isinstance(add(session, mother, cousin, "other", now), MemberAdded)


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


def test_the_same_person_added_ten_times_at_once_has_one_place(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother = begin_family(session, now)[1]
        uncle = enrol(session)

    def add_uncle() -> Any:
        with database.writing() as session:
            return add(session, mother, uncle, "sibling", now)

    outcomes = at_once(*[add_uncle] * 10)
    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyHere"] * 9 + ["MemberAdded"]
    with database.reading() as session:
        assert [member.position for member in see(session, mother, now).members] == [1, 2, 3, 4]


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
