"""Saving pages: what two hands do to one draft, and how long it is kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from services.database import Database
from services.erasing import erase_due
from services.errors import NotFound, StateConflict
from services.households.copying import copy_from_previous, find_model
from services.households.draft_life import CORRECTION, open_draft
from services.households.drafts import Conflict, Saved, compare_answers, load_draft, save_page
from services.households.expiry import ERASURES
from services.households.models import Draft, DraftPage
from services.journal import Actor, citizen, entries_about
from tests.services.households.families import (
    Someone,
    add,
    answer_everything,
    begin_family,
    begin_household,
    enrol,
    see,
    statements,
    values_of,
)
from tests.services.households.moments import at_once

HOME = {"dwelling": "apartment", "tenure": "tenant", "rooms": 2, "nuclei": 1}
ROUNDS = 200


@pytest.fixture
def mother(database: Database, now: datetime) -> Someone:
    with database.writing() as session:
        return begin_family(session, now)[1]


@pytest.fixture
def draft_id(database: Database, mother: Someone, now: datetime) -> UUID:
    with database.reading() as session:
        found = see(session, mother, now).draft_id
    assert found is not None
    return found


@pytest.fixture
def save(database: Database, mother: Someone, draft_id: UUID, now: datetime) -> Callable[..., Saved | Conflict]:
    """Save a page as the mother does, committed."""

    def save(page: str, values: dict[str, Any], seen: int = 0, position: int = 0, **others: Any) -> Saved | Conflict:
        arguments = {"actor": citizen(mother.id), "draft_id": draft_id, "now": now, **others}
        with database.writing() as session:
            return save_page(session, page=page, values=values, seen_version=seen, position=position, **arguments)

    return save


def stored(database: Database, draft_id: UUID, now: datetime, page: str, position: int = 0) -> dict[str, Any]:
    with database.reading() as session:
        return values_of(session, draft_id, page, now, position)


def test_a_saved_page_is_there_on_any_device(database: Database, draft_id: UUID, save: Any, now: datetime) -> None:
    assert save("home", HOME) == Saved(1)
    with database.reading() as session:
        draft = load_draft(session, draft_id=draft_id, now=now)
    assert draft is not None
    assert (draft.values("home"), draft.version("home")) == (HOME, 1)
    assert (draft.values("comfort"), draft.version("comfort")) == ({}, 0)
    assert draft.expires_at == now + timedelta(days=30)


def test_saving_the_same_again_changes_nothing(save: Any) -> None:
    assert save("home", HOME) == Saved(1)
    assert save("home", HOME, seen=1) == Saved(1)
    assert save("home", HOME, seen=0) == Saved(1)
    assert save("home", {**HOME, "rooms": 3}, seen=1) == Saved(2)


def test_personal_answers_are_sealed_and_the_others_stay_clear(
    database: Database, draft_id: UUID, save: Any, now: datetime
) -> None:
    address = {"region": "MA-04", "commune": "Salé", "address": "12, rue des Oliviers"}
    save("address", address)
    save("address", {"milieu": "urban"}, seen=1)
    with database.reading() as session:
        row = session.execute(sa.text("SELECT answers, personal_sealed FROM draft_pages")).one()
    assert "MA-04" in str(row.answers)
    assert "Oliviers" not in str(row)
    assert stored(database, draft_id, now, "address") == {**address, "milieu": "urban"}


def test_a_page_changed_meanwhile_is_told_with_what_stands_there(
    database: Database, draft_id: UUID, save: Any, now: datetime
) -> None:
    save("home", HOME)
    save("home", {"rooms": 5}, seen=1)
    later = save("home", {**HOME, "rooms": 3, "tenure": "owner"}, seen=1)
    assert later == Conflict(2, ("rooms",), {**HOME, "rooms": 5})
    assert stored(database, draft_id, now, "home")["tenure"] == "tenant"
    assert save("home", {**HOME, "rooms": 3}, seen=later.version) == Saved(3)


def test_two_first_answers_to_one_page_conflict(save: Any) -> None:
    save("home", HOME)
    assert save("home", {**HOME, "rooms": 9}) == Conflict(1, ("rooms",), HOME)


def test_different_questions_of_one_page_both_survive(
    database: Database, draft_id: UUID, save: Any, now: datetime
) -> None:
    save("home", HOME)
    assert save("home", {"rooms": 3}, seen=1) == Saved(2)
    assert save("home", {"tenure": "owner"}, seen=1) == Saved(3)
    assert stored(database, draft_id, now, "home") == {**HOME, "rooms": 3, "tenure": "owner"}


def test_a_version_shown_by_an_earlier_draft_has_seen_nothing_of_this_one(save: Any) -> None:
    save("home", HOME)
    assert isinstance(save("home", {"rooms": 4}, seen=7), Conflict)


def test_parallel_saves_of_different_pages_all_survive(
    database: Database, draft_id: UUID, save: Any, now: datetime
) -> None:
    """Two tabs, two hundred times of two hundred; the first round is the first save of each page."""
    survived = 0
    for rooms in range(1, ROUNDS + 1):
        outcomes = at_once(
            lambda rooms=rooms: save("home", {"rooms": rooms}, seen=rooms - 1),
            lambda rooms=rooms: save("equipment", {"mobile_phones": rooms}, seen=rooms - 1),
        )
        assert outcomes == [Saved(rooms), Saved(rooms)]
        with database.reading() as session:
            draft = load_draft(session, draft_id=draft_id, now=now)
        assert draft is not None
        survived += (draft.values("home"), draft.values("equipment")) == ({"rooms": rooms}, {"mobile_phones": rooms})
    assert survived == ROUNDS


def test_of_parallel_saves_of_one_answer_one_wins_and_the_other_is_told(
    database: Database, draft_id: UUID, save: Any, now: datetime
) -> None:
    for version in range(ROUNDS // 8):
        rooms = (2 * version + 1, 2 * version + 2)
        outcomes = at_once(*(lambda n=n, seen=version: save("home", {"rooms": n}, seen=seen) for n in rooms))
        standing = stored(database, draft_id, now, "home")
        assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Saved"]
        told = next(one for one in outcomes if isinstance(one, Conflict))
        winner = rooms[[type(one) for one in outcomes].index(Saved)]
        assert told.values == standing == {"rooms": winner}


def test_somebody_elses_draft_and_none_at_all_look_alike(database: Database, save: Any, now: datetime) -> None:
    with database.writing() as session:
        stranger = enrol(session)
        begin_household(session, stranger, now)
    for wrong in ({"actor": citizen(stranger.id)}, {"draft_id": uuid4()}, {"actor": Actor("system", None)}):
        with pytest.raises(NotFound):
            save("home", HOME, **wrong)


@pytest.mark.parametrize(("page", "position"), [("nowhere", 0), ("home", 1), ("health", 0), ("health", 9)])
def test_a_page_that_does_not_exist_is_not_found(save: Any, page: str, position: int) -> None:
    with pytest.raises(NotFound):
        save(page, {}, position=position)


def test_an_answer_of_another_page_is_refused(save: Any) -> None:
    with pytest.raises(ValueError, match="address"):
        save("home", {"address": "12, rue des Oliviers"})


def test_every_save_is_journaled_without_what_was_answered(
    database: Database, mother: Someone, save: Any, now: datetime
) -> None:
    save("home", HOME)
    with database.reading() as session:
        view = see(session, mother, now)
        entry = entries_about(session, household_id=view.id)[0]
    assert (entry.action, entry.actor_id) == ("draft.page_saved", mother.id)
    assert entry.details == {"page": "home", "position": 0, "version": 1}


def test_after_thirty_days_the_draft_is_gone_and_a_new_one_begins(
    database: Database, mother: Someone, draft_id: UUID, save: Any, now: datetime
) -> None:
    save("home", HOME)
    later = now + timedelta(days=30)
    with database.writing() as session:
        view = see(session, mother, later)
        assert (view.draft_id, load_draft(session, draft_id=draft_id, now=later)) == (None, None)
        again = open_draft(session, actor=citizen(mother.id), household_id=view.id, now=later)
        assert open_draft(session, actor=citizen(mother.id), household_id=view.id, now=later) == again
        assert again != draft_id
        assert values_of(session, again, "home", later) == {}
        assert session.scalar(sa.select(sa.func.count(DraftPage.id))) == 0
    with pytest.raises(StateConflict):
        save("home", HOME, now=later)


def test_expired_drafts_are_forgotten_by_the_worker(
    database: Database, draft_id: UUID, save: Any, now: datetime
) -> None:
    save("home", HOME)
    with database.writing() as session:
        assert erase_due(session, ERASURES, now=now + timedelta(days=29, hours=23))["draft"] == 0
        assert erase_due(session, ERASURES, now=now + timedelta(days=30))["draft"] == 1
        assert session.scalar(sa.select(sa.func.count(DraftPage.id))) == 0
        assert session.get_one(Draft, draft_id).state == "expired"


def test_no_draft_of_a_kind_that_the_household_is_not_ready_for(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now)
    with pytest.raises(StateConflict):
        open_draft(session, actor=citizen(mother.id), household_id=view.id, kind=CORRECTION, now=now)


def test_a_child_is_answered_like_the_one_before(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now, children=2)
    add(session, mother, enrol(session, "1980-01-01"), "spouse", now)
    asked = {"actor": citizen(mother.id), "draft_id": view.draft_id, "page": "studies", "now": now}
    studies = {"schooling": "public", "school_level": "primary"}
    with pytest.raises(NotFound):
        copy_from_previous(session, position=3, seen_version=0, **asked)
    save_page(session, position=1, values={"education": "none", "literate": True}, seen_version=0, **asked)
    save_page(session, position=2, values=studies, seen_version=0, **asked)
    assert copy_from_previous(session, position=3, seen_version=0, **asked) == Saved(1)
    assert values_of(session, view.draft_id, "studies", now, 3) == studies
    grown, draft = see(session, mother, now), load_draft(session, draft_id=view.draft_id, now=now)
    model = find_model(draft, grown, page="studies", position=4)
    assert model is not None
    assert model.position == 1


def test_copying_overwrites_nothing_unseen(session: Session, now: datetime) -> None:
    view, mother = begin_family(session, now, children=2)
    asked = {"actor": citizen(mother.id), "draft_id": view.draft_id, "page": "studies", "now": now}
    save_page(session, position=2, values={"schooling": "none"}, seen_version=0, **asked)
    save_page(session, position=3, values={"schooling": "public"}, seen_version=0, **asked)
    assert isinstance(copy_from_previous(session, position=3, seen_version=0, **asked), Conflict)


def test_a_page_is_read_in_two_statements_also_for_fifty(database: Database, now: datetime) -> None:
    with database.writing() as session:
        mother = begin_family(session, now, children=49)[1]
        answer_everything(session, mother, now)
    with database.reading() as session, statements(database) as seen:
        view = see(session, mother, now)
        draft = load_draft(session, draft_id=view.draft_id, now=now)
        assert view.members[-1].name.latin == "Fatima"
    assert draft is not None
    assert len(view.members) == 50
    assert len(seen) - seen.count("BEGIN") == 2


answers = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2))


@given(
    st.dictionaries(st.sampled_from("abc"), st.tuples(st.integers(0, 2), st.integers(1, 5))), answers, st.integers(0, 9)
)
def test_nothing_changed_unseen_is_ever_overwritten(
    page: dict[str, tuple[int, int]], values: dict[str, int], seen: int
) -> None:
    stored = {key: {"value": value, "version": version} for key, (value, version) in page.items()}
    version = max((version for _, version in page.values()), default=0)
    changed, lost = compare_answers(stored, values, version=version, seen_version=seen)
    assert changed.items() <= values.items()
    for key, value in values.items():
        unseen = key in page and (page[key][1] > seen or seen > version)
        assert (key in lost) == (unseen and page[key][0] != value)
