"""What requests, and the households that they hold on to, no longer need is erased, not kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.erasing import Erasure, erasure_of_rows
from services.households.erasing import (
    ERASED,
    blank_declarations,
    delete_household,
    empty_household,
    hold_households,
    record_erasure,
)
from services.households.models import Declaration, Draft, Household, Member
from services.messaging.expiry import delete_messages, old_news
from services.requests.models import Application, Deposit, MemberCheck, Request, Transition
from services.requests.references import format_reference
from services.requests.states import State
from services.retention import due_before
from services.scoring.models import RunScore, Score, ScoreInputs

ENDED = (State.DECIDED, State.CLOSED, State.WITHDRAWN, State.EXPIRED)
# Each is journaled for itself, and takes a few statements.
MOST_AT_ONCE = 50


def _exists(model: type[Any], *which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(sa.literal(1)).select_from(model).where(*which)).correlate_except(model)


def _is_abandoned(before: datetime) -> sa.ColumnElement[bool]:
    """It still forms, no form of it is open, and all this was so at ``before`` already."""
    of_household = Draft.household_id == Household.id
    return sa.and_(
        Household.state == "forming",
        Household.created_at < before,
        ~_exists(Draft, of_household, sa.or_(Draft.state == "open", Draft.expires_at >= before)),
        ~_exists(Member, Member.household_id == Household.id, Member.added_at >= before),
        ~_exists(Deposit, Deposit.draft_id.in_(sa.select(Draft.id).where(of_household))),
    )


def _was_declared() -> sa.ColumnElement[bool]:
    return _exists(Declaration, Declaration.household_id == Household.id)


def _due_unsent(session: Session, now: datetime) -> sa.Select[Any]:
    return sa.select(Household.id).where(_is_abandoned(due_before("unsent_household", now)), ~_was_declared())


def _due_closed(session: Session, now: datetime) -> sa.Select[Any]:
    before = due_before("closed_household", now)
    recent = (Request.household_id == Household.id, Transition.request_id == Request.id, Transition.at >= before)
    moved = sa.exists(sa.select(Request.id).where(*recent)).correlate(Household)
    return sa.select(Household.id).where(_is_abandoned(before), _was_declared(), ~moved)


def _still_due(session: Session, due: sa.Select[Any], found: Sequence[Any]) -> list[Any]:
    held = hold_households(session, ids=[row.id for row in found])
    return list(session.scalars(due.where(Household.id.in_(held)).order_by(Household.id)))


def _erase_unsent(session: Session, found: Sequence[Any], now: datetime) -> int:
    due = _still_due(session, _due_unsent(session, now), found)
    for household_id in due:
        delete_household(session, household_id=household_id, kind="unsent_household", now=now)
    return len(due)


def _erase_closed(session: Session, found: Sequence[Any], now: datetime) -> int:
    due = _still_due(session, _due_closed(session, now), found)
    for household_id in due:
        requests = sa.select(Request.id).where(Request.household_id == household_id)
        _delete(session, MemberCheck, MemberCheck.request_id.in_(requests))
        empty_household(session, household_id=household_id, kind="closed_household", now=now)
    return len(due)


def _due_superseded(session: Session, now: datetime) -> sa.Select[UUID, UUID]:
    newer = aliased(Declaration)
    # What a request still waits for, or the last score rests on, is in force, however old.
    awaited = (Request.declaration_id == Declaration.id, Request.state.not_in(ENDED))
    last_score = (
        sa.select(Score.declaration_id)
        .where(Score.household_id == Declaration.household_id)
        .order_by(Score.computed_at.desc())
        .limit(1)
        .correlate(Declaration)
        .scalar_subquery()
    )
    return (
        sa.select(Declaration.id, Declaration.household_id)
        .distinct()
        .join(newer, sa.and_(newer.household_id == Declaration.household_id, newer.number > Declaration.number))
        # Few households have a second declaration: their index is read, not a country.
        .where(newer.number > sa.literal_column("1"), newer.declared_at < _replaced_before(now))
        .where(Declaration.erased_at.is_(None), ~_exists(Request, *awaited))
        .where(sa.or_(last_score.is_(None), last_score != Declaration.id))
    )


def _replaced_before(now: datetime) -> datetime:
    return due_before("superseded_declaration", now)


def _erase_superseded(session: Session, found: Sequence[Any], now: datetime) -> int:
    held = hold_households(session, ids={row.household_id for row in found})
    due = _due_superseded(session, now).where(Declaration.id.in_([row.id for row in found]))
    erased = 0
    for declaration_id, household_id in session.execute(due).all():
        if household_id in held:
            blank_declarations(session, Declaration.id == declaration_id, now=now)
            record_erasure(session, household_id=household_id, kind="superseded_declaration", now=now, declarations=1)
            erased += 1
    return erased


def _due_requests(session: Session, now: datetime) -> sa.Select[Any]:
    before = due_before("request", now)
    moved = _exists(Transition, Transition.request_id == Request.id, Transition.at >= before)
    return sa.select(Request.id).where(Request.submitted_at < before, Request.state.in_(ENDED), ~moved)


def _erase_requests(session: Session, found: Sequence[Any], now: datetime) -> int:
    due = _due_requests(session, now).where(Request.id.in_([row.id for row in found])).order_by(Request.id)
    held = session.scalars(due.with_for_update(skip_locked=True)).all()
    for request_id in held:
        request = session.get_one(Request, request_id)
        for model in (MemberCheck, Transition):
            _delete(session, model, model.request_id == request_id)
        _delete(session, Application, Application.id == request_id)
        session.delete(request)
        session.flush()
        record_erasure(
            session,
            household_id=request.household_id,
            person_id=request.submitted_by,
            kind="request",
            now=now,
            reference=format_reference(request.reference),
        )
        _delete_remains(session, request, now)
    return len(held)


def _delete_remains(session: Session, request: Request, now: datetime) -> None:
    """The emptied household goes with the last request that named it."""
    empty = (Household.id == request.household_id, Household.state == ERASED)
    is_empty = session.scalar(sa.select(Household.id).where(*empty))
    is_named = session.scalar(sa.select(Request.id).where(Request.household_id == request.household_id).limit(1))
    if is_empty is not None and is_named is None:
        for model in (Score, RunScore, ScoreInputs):
            _delete(session, model, model.household_id == request.household_id)
        delete_household(session, household_id=request.household_id, now=now)


def _due_news(session: Session, now: datetime) -> sa.Select[Any]:
    return old_news(now)


def _erase_news(session: Session, found: Sequence[Any], now: datetime) -> int:
    gone = delete_messages(session, ids=[row.id for row in found])
    for person_id, count in gone.items():
        record_erasure(session, person_id=person_id, kind="news_message", now=now, messages=count)
    session.flush()
    return gone.total()


def _delete(session: Session, model: type[Any], which: sa.ColumnElement[bool]) -> None:
    session.execute(sa.delete(model).where(which).execution_options(synchronize_session=False))


ERASURES = (
    erasure_of_rows("deposit", Deposit.id, over=lambda now: Deposit.expires_at < due_before("deposit", now)),
    Erasure("unsent_household", _due_unsent, _erase_unsent, most=MOST_AT_ONCE),
    Erasure("closed_household", _due_closed, _erase_closed, most=MOST_AT_ONCE),
    Erasure("superseded_declaration", _due_superseded, _erase_superseded, most=MOST_AT_ONCE),
    Erasure("request", _due_requests, _erase_requests, most=MOST_AT_ONCE),
    Erasure("news_message", _due_news, _erase_news),
)
