"""Deposit numbers: one for a finished draft."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.errors import NotFound, StateConflict
from services.journal import citizen
from services.requests.deposits import make_deposit
from services.requests.models import Deposit
from services.requests.references import parse_reference
from tests.services.households.families import begin_family
from tests.services.requests.families import answered_family, enrol


def test_a_finished_draft_has_one_number(session: Session, now: datetime) -> None:
    family = answered_family(session, now)
    numbers = {
        make_deposit(session, actor=citizen(family.mother.id), household_id=family.household_id, now=now)
        for _ in range(3)
    }
    deposit = session.scalars(sa.select(Deposit)).one()
    assert numbers == {parse_reference(deposit.number)}
    assert deposit.expires_at == now + timedelta(days=30)


def test_an_unfinished_draft_has_none(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    with pytest.raises(StateConflict):
        make_deposit(session, actor=citizen(mother.id), household_id=view.id, now=now)


def test_nobody_deposits_for_others(session: Session, now: datetime) -> None:
    family = answered_family(session, now)
    with pytest.raises(NotFound):
        make_deposit(session, actor=citizen(enrol(session).id), household_id=family.household_id, now=now)
