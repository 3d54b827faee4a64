"""What households no longer need is erased, not kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.models import Account, CitizenSession
from services.erasing import Erasure, erasure_of_rows
from services.households.draft_life import drop_expired_drafts, expired_drafts
from services.households.erasing import hold_households, record_erasure
from services.households.models import Draft, DraftPage, Member, MembershipClaim
from services.retention import due_before

# Each is journaled for itself, under the lock of its household.
MOST_MEMBERS = 50
MOST_DRAFTS = 50


def _due_drafts(session: Session, now: datetime) -> sa.Select[UUID, UUID]:
    return expired_drafts(now)


def _erase_drafts(session: Session, found: Sequence[Any], now: datetime) -> int:
    return drop_expired_drafts(session, draft_ids=[row.id for row in found], now=now)


def _due_members(session: Session, now: datetime) -> sa.Select[UUID, UUID]:
    left = Member.removed_at < due_before("member_left", now)
    return sa.select(Member.id, Member.household_id).where(left)


def _erase_members(session: Session, found: Sequence[Any], now: datetime) -> int:
    held = hold_households(session, ids={row.household_id for row in found})
    these = [row.id for row in found if row.household_id in held]
    left = sa.select(Member).where(Member.id.in_(these), Member.removed_at < due_before("member_left", now))
    gone = session.scalars(left).all()
    for member in gone:
        # A place is given anew once nobody stands in it: nothing of what was said of it may wait there.
        drafts = sa.select(Draft.id).where(Draft.household_id == member.household_id)
        of_member = DraftPage.draft_id.in_(drafts), DraftPage.position == member.position
        session.execute(sa.delete(DraftPage).where(*of_member).execution_options(synchronize_session=False))
        record_erasure(
            session, household_id=member.household_id, person_id=member.person_id, kind="member_left", now=now
        )
        session.delete(member)
    session.flush()
    return len(gone)


def _is_stale_account(now: datetime) -> sa.ColumnElement[bool]:
    in_household = sa.exists().where(Member.person_id == Account.person_id, Member.removed_at.is_(None))
    signed_in = sa.exists().where(CitizenSession.person_id == Account.person_id)
    return sa.and_(Account.created_at < due_before("account", now), ~in_household, ~signed_in)


def _due_accounts(session: Session, now: datetime) -> sa.Select[Any]:
    return sa.select(Account.person_id).where(_is_stale_account(now))


def _erase_accounts(session: Session, found: Sequence[Any], now: datetime) -> int:
    these = Account.person_id.in_([row.person_id for row in found])
    gone = sa.delete(Account).where(these, _is_stale_account(now)).returning(Account.person_id)
    people = session.scalars(gone.execution_options(synchronize_session=False)).all()
    for person_id in people:
        record_erasure(session, person_id=person_id, kind="account", now=now)
    session.flush()
    return len(people)


ERASURES = (
    erasure_of_rows(
        "membership_claim",
        MembershipClaim.id,
        over=lambda now: MembershipClaim.made_at < due_before("membership_claim", now),
    ),
    Erasure("draft", _due_drafts, _erase_drafts, most=MOST_DRAFTS),
    Erasure("member_left", _due_members, _erase_members, most=MOST_MEMBERS),
    Erasure("account", _due_accounts, _erase_accounts, most=MOST_MEMBERS),
)
