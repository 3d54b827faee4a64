"""``usrati audit scores``: what an auditor of the scores runs."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.households.models import Declaration
from services.scoring.models import Score
from tests.portal.cli.conftest import Usrati
from tests.services.scoring.conftest import household_id
from tests.services.scoring.stored import NOW, declare, record

__all__ = ["household_id"]


@pytest.fixture
def score_id(session: Session, household_id: UUID) -> UUID:
    """The one stored score."""
    kept = record(session, declare(session, household_id))
    session.commit()
    return kept


def test_scores_that_come_out_again_are_counted(usrati: Usrati, score_id: UUID) -> None:
    told = usrati("audit", "scores")
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout.endswith("1 scores are equal to the bit, 0 are not.\n")


def test_one_that_does_not_is_named_and_status_1(usrati: Usrati, session: Session, score_id: UUID) -> None:
    session.execute(sa.update(Score).values(total_nano=Score.total_nano + 1))
    session.commit()
    told = usrati("audit", "scores", "--sample", 3, "--seed", 11)
    assert told.exit_code == 1
    assert told.stdout.startswith("The sample of --seed 11\n")
    assert told.stderr.startswith(f"score {score_id}: ")
    assert len(told.stderr.splitlines()) == 1


def test_one_of_an_erased_declaration_is_left_out(usrati: Usrati, session: Session, score_id: UUID) -> None:
    session.execute(sa.update(Declaration).values(document={}, erased_at=NOW))
    session.commit()
    told = usrati("audit", "scores")
    assert told.exit_code == 0
    assert told.stdout.endswith("1 were left out: their declaration was erased in its time.\n")
