"""Whom a household may name to be paid: in the order of the programme, adults alone."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from services.households.household_view import HouseholdView
from services.programmes.payees import has_children, payees_of
from tests.services.households.families import Someone, add, begin_family, begin_household, enrol, see

CHILDREN = ("husband", "custodian", "kafala_holder", "guardian")


def offered(session: Session, view: HouseholdView, roles: tuple[str, ...] = CHILDREN) -> list[tuple[str, str]]:
    return [(payee.name.latin, payee.role) for payee in payees_of(session, view, roles=roles)]


def couple(session: Session, now: datetime) -> Someone:
    """A mother who declares, with her husband, a child and her own mother."""
    mother = enrol(session, name_latin="Mother")
    begin_household(session, mother, now)
    add(session, mother, enrol(session, name_latin="Father", sex="M"), "spouse", now)
    add(session, mother, enrol(session, "2015-03-01", guardians=(mother,)), "child", now)
    add(session, mother, enrol(session, "1950", name_latin="Grandmother"), "parent", now)
    return mother


def test_the_husband_stands_first_then_the_mother(session: Session, now: datetime) -> None:
    view = see(session, couple(session, now), now)
    assert offered(session, view) == [("Father", "husband"), ("Mother", "custodian")]
    assert has_children(view)


def test_without_a_husband_it_is_who_has_the_children(session: Session, now: datetime) -> None:
    view, _ = begin_family(session, now)
    assert offered(session, view) == [("Fatima", "custodian")]


def test_the_lump_sum_is_for_who_registered(session: Session, now: datetime) -> None:
    view = see(session, couple(session, now), now)
    assert offered(session, view, ("registrant",)) == [("Mother", "registrant")]


def test_a_child_taken_in_may_be_paid_for_through_its_guardian(session: Session, now: datetime) -> None:
    head = enrol(session, "1950", name_latin="Head")
    begin_household(session, head, now)
    aunt = enrol(session, name_latin="Aunt")
    add(session, head, aunt, "sibling", now)
    add(session, head, enrol(session, "2015-03-01", guardians=(aunt,)), "other", now)
    assert offered(session, see(session, head, now)) == [("Head", "custodian"), ("Aunt", "kafala_holder")]


def test_a_guardian_who_lives_elsewhere_is_offered(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now, children=1)
    uncle = enrol(session, name_latin="Uncle", sex="M")
    niece = enrol(session, "2016-03-01", guardians=(uncle,))
    view = see(session, mother, now)
    ward = replace(view.members[1], person_id=niece.id, guardian_id=None)
    view = replace(view, members=(*view.members, ward))
    assert offered(session, view) == [("Fatima", "custodian"), ("Uncle", "guardian")]


@pytest.mark.parametrize("roles", [CHILDREN, ("registrant",)])
def test_somebody_can_always_be_named_and_never_a_minor(
    session: Session, now: datetime, roles: tuple[str, ...]
) -> None:
    mother = enrol(session, name_latin="Mother")
    view = begin_household(session, mother, now, relation="child")
    assert offered(session, view, roles) == [("Mother", "registrant")]
    assert not has_children(view)
    view, _ = begin_family(session, now)
    assert {name for name, _ in offered(session, view, roles)} == {"Fatima"}
    assert len(payees_of(session, view, roles=roles)) == 1
