"""Stored scores come out again to the bit, and each that does not is named, by its ids only."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.households.models import Declaration
from services.scoring import replaying
from services.scoring.models import CURRENT, RunScore, Score, ScoreRun
from services.scoring.replaying import Replaying
from tests.services.scoring.stored import NOW, declare, record

SCORES, RUNS = 7, 3


@pytest.fixture
def kept(session: Session, household_id: UUID, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Scores of seven days and of three runs, in batches of two."""
    monkeypatch.setattr(replaying, "BATCH", 2)
    declaration = declare(session, household_id)
    for day in range(SCORES):
        record(session, declaration, NOW + timedelta(days=day))
    total = session.scalars(sa.select(Score.total_nano)).first()
    for _ in range(RUNS):
        run = ScoreRun(
            id=uuid4(),
            model="rsu-2023-unofficial",
            on_day=NOW.date(),
            takes_effect_on=NOW.date(),
            cause="yearly",
            state=CURRENT,
            started_at=NOW,
            scored=1,
        )
        session.add(run)
        session.flush()
        session.add(RunScore(household_id=household_id, run_id=run.id, declaration_id=declaration.id, total_nano=total))
    session.commit()
    return session


def replayed(database: Database, **how: int) -> Replaying:
    done = Replaying(database, **how)
    assert sum(done.run()) == sum(done.shares)
    return done


def test_every_score_is_computed_again(database: Database, kept: Session) -> None:
    done = replayed(database)
    assert (done.equal, done.differing, done.erased) == (SCORES + RUNS, 0, 0)


def test_nothing_stored_is_nothing_wrong(database: Database) -> None:
    for sample in (None, 5):
        done = replayed(database, sample=sample)
        assert (done.equal, done.differing) == (0, 0)


def test_each_score_that_was_changed_is_named(database: Database, kept: Session) -> None:
    score_id = kept.scalars(sa.select(Score.id).limit(1)).one()
    run_id, household_id = kept.execute(sa.select(RunScore.run_id, RunScore.household_id).limit(1)).one()
    kept.execute(sa.update(Score).where(Score.id == score_id).values(total_nano=Score.total_nano + 1))
    kept.execute(sa.update(RunScore).where(RunScore.run_id == run_id).values(total_nano=RunScore.total_nano - 2))
    kept.commit()
    done = replayed(database)
    assert done.equal == SCORES + RUNS - 2
    assert done.findings == [
        f"score {score_id}: not what its declaration and model give, but +1 units of 10⁻⁹ beside it",
        f"score of household {household_id} in run {run_id}: not what its declaration and model give, "
        "but -2 units of 10⁻⁹ beside it",
    ]


def test_inputs_that_were_changed_are_found(database: Database, kept: Session) -> None:
    (declaration,) = kept.scalars(sa.select(Declaration))
    declaration.document = {**declaration.document, "rooms": 1, "cars": 9}
    kept.commit()
    assert replayed(database).differing == SCORES + RUNS
    declaration.document = {**declaration.document, "members": "none"}
    kept.commit()
    assert "its declaration cannot be scored any more (" in replayed(database).findings[0]


def test_a_model_or_a_declaration_that_is_gone_is_told(database: Database, kept: Session) -> None:
    kept.execute(sa.update(Score).values(model="rsu-2011"))
    kept.execute(sa.update(RunScore).values(declaration_id=uuid4()))
    kept.commit()
    told = [finding.partition(": ")[2] for finding in replayed(database).findings]
    assert told == ["no model 'rsu-2011'; there is rsu-2023-unofficial"] * SCORES + ["its declaration is gone"] * RUNS


def test_a_declaration_erased_in_its_time_is_left_out_and_counted(database: Database, kept: Session) -> None:
    kept.execute(sa.update(Declaration).values(document={}, erased_at=NOW))
    kept.commit()
    done = replayed(database)
    assert (done.equal, done.differing, done.erased) == (0, 0, SCORES + RUNS)


def test_only_so_many_findings_are_kept(database: Database, kept: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "MOST_FINDINGS", 4)
    kept.execute(sa.update(Score).values(total_nano=0))
    kept.commit()
    done = replayed(database)
    assert (len(done.findings), done.unsaid, done.differing) == (4, SCORES - 4, SCORES)


@pytest.mark.parametrize("seed", [0, 1, 2**40])
def test_a_sample_is_of_its_size_of_both_kinds_and_the_same_for_a_seed(
    database: Database, kept: Session, seed: int
) -> None:
    kept.execute(sa.update(Score).values(total_nano=0))
    kept.execute(sa.update(RunScore).values(total_nano=0))
    kept.commit()
    assert replayed(database, sample=100, seed=seed).differing == SCORES + RUNS
    drawn = replayed(database, sample=5, seed=seed).findings
    assert len(set(drawn)) == 5
    assert len([one for one in drawn if "in run" in one]) == 1
    assert drawn == replayed(database, sample=5, seed=seed).findings


def test_nothing_personal_is_told(database: Database, kept: Session) -> None:
    kept.execute(sa.update(Score).values(total_nano=Score.total_nano - 7))
    kept.commit()
    total = kept.scalars(sa.select(Score.total_nano)).first()
    told = "".join(replayed(database).findings)
    assert str(total) not in told
    assert str(total + 7) not in told
