"""Families whose score a run changed are written to, each once and a few at a time; the others are not."""

import json
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.sessions import store_language
from services.database import Database
from services.households.models import Household
from services.messaging.models import Message
from services.scoring.bulk import telling
from services.scoring.bulk.runs import Wish
from services.scoring.bulk.telling import Told, tell_next
from services.scoring.models import RunScore, Score, ScoreRun
from tests.conftest import NOW
from tests.services.requests.families import queued
from tests.services.scoring.bulk.countries import MODEL, NEXT_YEAR, populate, rescored

URL = "https://usrati.example"


def tell(database: Database, run_id: UUID, turn: int = 0, per_minute: int = 6000) -> Told:
    with database.writing() as session:
        return tell_next(session, run_id=run_id, turn=turn, per_minute=per_minute, public_url=URL, now=NOW)


def moved(session: Session, run_id: UUID) -> set[UUID]:
    """The declarants of the households whose score is not the one they had."""
    chosen = (
        sa.select(Household.declarant_id)
        .join(Score, Score.household_id == Household.id)
        .join(RunScore, RunScore.household_id == Household.id)
        .where(RunScore.run_id == run_id, RunScore.total_nano != Score.total_nano)
    )
    return set(session.scalars(chosen))


def written(session: Session) -> list[Message]:
    return list(session.scalars(sa.select(Message).where(Message.kind == telling.KIND)))


def test_who_was_moved_is_told_in_his_language_with_a_link_to_what_moved(database: Database) -> None:
    populate(database)
    with database.writing() as session:
        for declarant in session.scalars(sa.select(Household.declarant_id)):
            store_language(session, person_id=declarant, locale="zgh", now=NOW)
    run_id = rescored(database).begun.run_id
    with database.reading() as session:
        assert f"tell:{run_id}:0" in queued(session)
        expected = moved(session, run_id)
        assert 0 < len(expected) < session.scalar(sa.select(sa.func.count()).select_from(RunScore))
    assert tell(database, run_id).written == len(expected)
    assert tell(database, run_id, 1).done
    assert tell(database, run_id, 2) == Told(0, 0, done=True)
    with database.reading() as session:
        messages = written(session)
        assert sorted(message.person_id for message in messages) == sorted(expected)
        assert {message.locale for message in messages} == {"zgh"}
        assert json.loads(messages[0].parameters or "") == {"link": f"{URL}/zgh/score/compare"}
        assert session.get_one(ScoreRun, run_id).told_at == NOW
        sending = [key for key in queued(session) if key.startswith("send:")]
        assert len(sending) == sum(message.to_sealed is not None for message in messages)


def test_families_are_told_at_the_set_rate(database: Database) -> None:
    populate(database)
    run_id = rescored(database).begun.run_id
    turns = []
    while not (told := tell(database, run_id, len(turns), per_minute=12)).done:
        turns.append(told.written)
    with database.reading() as session:
        assert sum(turns) == len(moved(session, run_id)) == len({message.person_id for message in written(session)})
        assert turns[:-1] == [2] * (len(turns) - 1)
        waits = {key: delay for key, delay in queued(session).items() if key.startswith("tell:")}
        assert waits[f"tell:{run_id}:0"] == 0
        assert waits[f"tell:{run_id}:1"] >= 10


def test_a_run_that_changes_nothing_writes_to_nobody(sqlite_database: Database) -> None:
    populate(sqlite_database)
    run_id = rescored(sqlite_database).begun.run_id
    tell(sqlite_database, run_id)
    with sqlite_database.writing() as session:
        session.execute(sa.delete(Message))
    again = rescored(sqlite_database, Wish(MODEL.id, NEXT_YEAR, NEXT_YEAR + timedelta(days=1))).begun.run_id
    assert tell(sqlite_database, again).written == 0
    # The run of another day moves people away from what the last one said, and back.
    before = rescored(sqlite_database, Wish(MODEL.id, date(2026, 6, 15), NEXT_YEAR)).begun.run_id
    assert tell(sqlite_database, before).written > 0


def test_nobody_is_told_of_a_run_that_does_not_count(sqlite_database: Database) -> None:
    populate(sqlite_database)
    run_id = rescored(sqlite_database).begun.run_id
    with sqlite_database.writing() as session:
        session.get_one(ScoreRun, run_id).state = "abandoned"
    assert tell(sqlite_database, run_id) == Told(0, 0, done=True)


def test_a_rate_of_less_than_one_a_turn_spaces_the_turns(sqlite_database: Database) -> None:
    populate(sqlite_database)
    run_id = rescored(sqlite_database).begun.run_id
    assert tell(sqlite_database, run_id, per_minute=2).written == 1
    with sqlite_database.reading() as session:
        # Whole seconds of an instant that was read a moment ago.
        assert queued(session)[f"tell:{run_id}:1"] in (29, 30, 31)
