"""Declarations and scores as they are stored, for the tests of what is kept."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.households.models import Declaration, Draft
from services.scoring.records import record_score
from tests.services.scoring.declarations import a_declaration

NOW = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)


def declare(session: Session, household_id: UUID, number: int = 1, **answers: Any) -> Declaration:
    draft = Draft(household_id=household_id, kind="registration", state="submitted", opened_at=NOW, expires_at=NOW)
    session.add(draft)
    session.flush()
    declaration = Declaration(
        household_id=household_id,
        draft_id=draft.id,
        number=number,
        declared_at=NOW,
        declared_by=uuid4(),
        document=a_declaration(**answers),
    )
    session.add(declaration)
    session.flush()
    return declaration


def record(session: Session, declaration: Declaration, now: datetime = NOW, cause: str = "first") -> UUID:
    return record_score(
        session,
        household_id=declaration.household_id,
        declaration_id=declaration.id,
        document=declaration.document,
        cause=cause,
        now=now,
    )
