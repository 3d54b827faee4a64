"""A household to keep scores of."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from services.households.models import Household
from services.population.models import Person
from tests.services.scoring.stored import NOW


@pytest.fixture
def household_id(session: Session) -> UUID:
    """A household of one synthetic person."""
    person = Person(
        idcs_index=b"0" * 16,
        idcs="2345678904",
        name_arabic="فاطمة",
        name_latin="Fatima",
        sex="F",
        birth_year=1984,
        birth_month=5,
        birth_day=2,
        nationality="MA",
    )
    session.add(person)
    session.flush()
    household = Household(declarant_id=person.id, created_at=NOW, consent_version="1", consented_at=NOW)
    session.add(household)
    session.flush()
    return household.id
