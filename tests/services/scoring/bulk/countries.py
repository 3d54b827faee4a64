"""A small country, generated and decided, and what a run made of it."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.generation.country import generate_country
from services.households.models import Declaration
from services.journal import system_actor
from services.scoring.bulk.driving import Rescored, rescore
from services.scoring.bulk.runs import Wish
from services.scoring.bulk.scoring import Progress
from services.scoring.compute import compute_score
from services.scoring.installed import shipped_models
from services.scoring.models import RunScore, ScoreInputs
from tests.conftest import NOW

MODEL = shipped_models()["rsu-2023-unofficial"]
NEXT_YEAR = date(2027, 3, 1)
WISH = Wish(MODEL.id, NEXT_YEAR, NEXT_YEAR)


def populate(database: Database, households: int = 24) -> None:
    for _ in generate_country(database, households=households, seed=5, actor=system_actor(), now=NOW):
        pass


def rescored(database: Database, wish: Wish = WISH, passed: list[Progress] | None = None) -> Rescored:
    seen = [] if passed is None else passed
    return rescore(database, wish, actor=system_actor(), clock=lambda: NOW, progress=seen.append)


def run_scores(session: Session, run_id: UUID) -> dict[UUID, int]:
    rows = session.execute(sa.select(RunScore.household_id, RunScore.total_nano).where(RunScore.run_id == run_id)).all()
    assert len({row.household_id for row in rows}) == len(rows)
    return {row.household_id: row.total_nano for row in rows}


def documents(session: Session) -> dict[UUID, dict[str, Any]]:
    """The declaration that each household's inputs are of."""
    chosen = sa.select(ScoreInputs.household_id, Declaration.document).join(
        Declaration, Declaration.id == ScoreInputs.declaration_id
    )
    return {row.household_id: row.document for row in session.execute(chosen)}


def one_by_one(session: Session, on: date = NEXT_YEAR) -> dict[UUID, int]:
    """Every household's score, computed alone."""
    found = documents(session)
    return {id_: compute_score(document, model=MODEL, on=on).total_nano for id_, document in found.items()}
