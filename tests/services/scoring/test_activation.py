"""A model is loaded, then activated, and from then on never changes; who comes second finds it done."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Barrier, Thread
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.errors import NotFound, StateConflict
from services.journal.models import JournalEntry
from services.scoring.activation import Loading, activate_model, load_model
from services.scoring.installed import every_model, installed_models, model_named, model_on
from services.scoring.model_files import ModelFaults
from services.scoring.models import ScoreModel, ScoreRun
from tests.services.scoring.model_texts import SHIPPED, a_text

NOW = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
PROGRAMMES = ("asd", "amo_tadamon")


def load(session: Session, text: str) -> Loading:
    return load_model(session, text=text, programmes=PROGRAMMES, now=NOW).did


def refused(session: Session, text: str) -> list[str]:
    with pytest.raises(ModelFaults) as told:
        load(session, text)
    return [reason for _, reason in told.value.faults]


def acts(session: Session) -> list[tuple[str, str, str]]:
    entries = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id))
    return [(entry.action, entry.capacity, entry.details["model"]) for entry in entries]


def test_a_loaded_model_counts_once_it_was_activated(session: Session) -> None:
    assert load(session, a_text(garage="0.2")) is Loading.LOADED
    assert model_on(session, date(2027, 1, 1)).id == "rsu-2023-unofficial"
    assert activate_model(session, model_id="rsu-2027", now=NOW)
    model = model_on(session, date(2027, 1, 1))
    assert model.id == "rsu-2027"
    assert {term.key: term.coefficient_nano for term in model.formulas["urban"].terms}["garage"] == 200_000_000
    assert not activate_model(session, model_id="rsu-2027", now=NOW)
    assert acts(session) == [("model.loaded", "operator", "rsu-2027"), ("model.activated", "operator", "rsu-2027")]


def test_one_that_was_only_loaded_may_be_replaced(session: Session) -> None:
    load(session, a_text(garage="0.2"))
    before = model_named(session, "rsu-2027")
    assert load(session, a_text(garage="0.3", valid_from="2028-01-01")) is Loading.REPLACED
    after = model_named(session, "rsu-2027")
    assert (before.valid_from, after.valid_from) == (date(2027, 1, 1), date(2028, 1, 1))
    assert [one.model.id for one in every_model(session)] == ["rsu-2023-unofficial", "rsu-2027"]


def test_the_same_text_again_changes_nothing(session: Session) -> None:
    for text in (SHIPPED, a_text()):
        load(session, text)
        assert load(session, text) is Loading.UNCHANGED
    activate_model(session, model_id="rsu-2027", now=NOW)
    assert load(session, a_text()) is Loading.UNCHANGED
    assert len(acts(session)) == 2
    assert [model.id for model in installed_models(session)] == ["rsu-2023-unofficial", "rsu-2027"]


def test_one_that_was_activated_never_changes(session: Session) -> None:
    load(session, a_text())
    activate_model(session, model_id="rsu-2027", now=NOW)
    why = "was activated on 2026-06-15, and never changes: give this one another id"
    assert refused(session, a_text(garage="0.2")) == [f"id: the model rsu-2027 {why}"]


def test_a_shipped_one_never_changes(session: Session) -> None:
    why = "is shipped with this version, and never changes: give this one another id"
    assert refused(session, SHIPPED.replace("0.117", "0.118")) == [f"id: the model rsu-2023-unofficial {why}"]
    assert not activate_model(session, model_id="rsu-2023-unofficial", now=NOW)


def test_one_that_has_scored_anyone_never_changes(session: Session) -> None:
    load(session, a_text())
    day = date(2027, 1, 1)
    session.add(
        ScoreRun(
            id=uuid4(),
            model="rsu-2027",
            on_day=day,
            takes_effect_on=day,
            cause="formula",
            state="computing",
            started_at=NOW,
            scored=0,
        )
    )
    session.flush()
    why = "has scored already, and never changes: give this one another id"
    assert refused(session, a_text(garage="0.2")) == [f"id: the model rsu-2027 {why}"]


def test_two_models_do_not_begin_on_one_day(session: Session) -> None:
    load(session, a_text("one", "2027-01-01\nvalid_until = 2027-12-31"))
    assert refused(session, a_text("two", "2027-01-01")) == ["valid_from: the model one begins on that day too"]
    assert refused(session, a_text("two", "2027-03-01")) == [
        "valid_from: the model one holds from 2027-01-01 until 2027-12-31"
    ]
    assert load(session, a_text("two", "2028-01-01")) is Loading.LOADED


def test_only_what_was_loaded_is_activated(session: Session) -> None:
    with pytest.raises(NotFound, match="no model 'rsu-2027'; there is rsu-2023-unofficial"):
        activate_model(session, model_id="rsu-2027", now=NOW)


def test_a_text_that_is_not_the_one_that_was_loaded_scores_nobody(session: Session) -> None:
    load(session, a_text("rsu-2031", "2031-01-01"))
    session.execute(sa.update(ScoreModel).values(digest=b"0" * 32, activated_at=NOW))
    session.expire_all()
    with pytest.raises(LookupError, match="the model 'rsu-2031' is not the text that was loaded"):
        model_on(session, date(2027, 1, 1))


def test_days_that_were_taken_meanwhile_keep_a_model_from_being_activated(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(session, a_text("one"))
    monkeypatch.setattr("services.scoring.activation.every_model", lambda session: ())
    load(session, a_text("two"))
    monkeypatch.undo()
    activate_model(session, model_id="two", now=NOW)
    with pytest.raises(StateConflict, match="one: valid_from: the model two begins on that day too"):
        activate_model(session, model_id="one", now=NOW)


def together(*calls: Callable[[], object]) -> None:
    start = Barrier(len(calls))
    threads = [Thread(target=lambda call=call: (start.wait(), call())) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_who_load_at_once_one_wins_and_the_other_finds_it_there(database: Database) -> None:
    did: list[Loading] = []

    def load_it() -> None:
        with database.writing() as session:
            did.append(load(session, a_text()))

    together(load_it, load_it)
    assert sorted(did) == [Loading.LOADED, Loading.UNCHANGED]


def test_of_two_who_load_different_texts_of_one_id_the_later_replaces_or_is_refused(database: Database) -> None:
    did: list[str] = []

    def load_and_activate(garage: str) -> None:
        try:
            with database.writing() as session:
                load(session, a_text(garage=garage))
                activate_model(session, model_id="rsu-2027", now=NOW)
            did.append("won")
        except ModelFaults:
            did.append("refused")

    together(lambda: load_and_activate("0.2"), lambda: load_and_activate("0.3"))
    assert sorted(did) == ["refused", "won"]
