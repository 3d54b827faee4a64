"""Signed-in browsers: a row each, found by the digest of the cookie's secret, ended at will."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.accounts.models import Account, CitizenSession
from services.accounts.upserts import upsert
from services.crypto import blind_index
from services.database import rows_of
from services.errors import NotAllowed
from services.journal import Actor, Capacity
from services.retention import kept_for

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
LAST_SEEN_PRECISION = timedelta(minutes=1)
DEFAULT_LOCALE = "ar"


class SessionState(StrEnum):
    """Whether a session opens pages."""

    LIVE = "live"
    OVER = "over"


@dataclass(frozen=True)
class FoundSession:
    """A session as its cookie names it; ``ends_at`` is when it ends if nothing more is done."""

    id: UUID
    person_id: UUID
    locale: str
    state: SessionState
    last_seen_at: datetime
    ends_at: datetime


# Made once: every page begins with it.
_BY_DIGEST = (
    sa.select(
        CitizenSession.id,
        CitizenSession.person_id,
        CitizenSession.created_at,
        CitizenSession.last_seen_at,
        CitizenSession.revoked_at,
        Account.locale,
    )
    .outerjoin(Account, Account.person_id == CitizenSession.person_id)
    .where(CitizenSession.secret_digest == sa.bindparam("digest"))
)


def open_session(session: Session, *, person_id: UUID, now: datetime) -> str:
    """Open a session; the secret returned goes to the browser's cookie and nowhere else."""
    secret = secrets.token_urlsafe(32)
    digest = _digest(secret)
    session.add(CitizenSession(secret_digest=digest, person_id=person_id, created_at=now, last_seen_at=now))
    session.flush()
    return secret


def find_session(session: Session, *, secret: str, now: datetime) -> FoundSession | None:
    """The session of a cookie, in one statement; None when there never was one, or long ago.

    ``over``: idle for 30 minutes, open for 12 hours, or signed out.
    """
    row = rows_of(session, _BY_DIGEST, {"digest": _digest(secret)}).one_or_none()
    if row is None or now - row.created_at >= kept_for("session", now):
        return None
    state = SessionState.LIVE if _is_live(row, now) else SessionState.OVER
    ends_at = min(row.last_seen_at + IDLE, row.created_at + LONGEST)
    return FoundSession(row.id, row.person_id, row.locale or DEFAULT_LOCALE, state, row.last_seen_at, ends_at)


def touch_session(session: Session, *, session_id: UUID, now: datetime) -> None:
    """Note that a live session is in use. What is over stays over; a minute is precise enough."""
    session.execute(
        sa.update(CitizenSession)
        .where(
            CitizenSession.id == session_id,
            CitizenSession.revoked_at.is_(None),
            CitizenSession.last_seen_at.between(now - IDLE, now + LONGEST),
            # Also after a clock was set back: the time that counts is the one that runs now.
            ~CitizenSession.last_seen_at.between(now - LAST_SEEN_PRECISION, now + LAST_SEEN_PRECISION),
        )
        .values(last_seen_at=now, created_at=_not_after(CitizenSession.created_at, now))
    )


def settle_sessions(session: Session, *, now: datetime) -> int:
    """Close for good what is over, and date what is live by the clock that runs now; how many that were.

    Done every half minute: a clock that is set back later finds nothing to bring to life again,
    and lengthens by half a minute at most what nobody uses.
    """
    open_ones = CitizenSession.revoked_at.is_(None)
    over = (CitizenSession.last_seen_at <= now - IDLE) | (CitizenSession.created_at <= now - LONGEST)
    ahead = CitizenSession.last_seen_at > now + LAST_SEEN_PRECISION
    if not session.scalar(sa.select(sa.exists().where(open_ones, over | ahead))):
        return 0
    dated = {"last_seen_at": now, "created_at": _not_after(CitizenSession.created_at, now)}
    changes = (
        sa.update(CitizenSession).where(open_ones, over).values(revoked_at=now),
        sa.update(CitizenSession).where(open_ones, ahead).values(**dated),
    )
    return sum(len(session.execute(change.returning(CitizenSession.id)).all()) for change in changes)


def sign_out(session: Session, *, actor: Actor, session_id: UUID, now: datetime) -> None:
    """End every session of this person, on every device. Raises NotAllowed for anyone else."""
    person_id = _himself(actor)
    session.execute(
        sa.update(CitizenSession)
        .where(CitizenSession.person_id == person_id, CitizenSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    journal.record(
        session, actor=actor, action="account.signed_out", now=now, person_id=person_id, session_id=str(session_id)
    )
    session.flush()


def remember_language(session: Session, *, actor: Actor, locale: str, now: datetime) -> None:
    """Write to this person in ``locale`` from now on. Raises NotAllowed for anyone else."""
    store_language(session, person_id=_himself(actor), locale=locale, now=now)


def store_language(session: Session, *, person_id: UUID, locale: str, now: datetime) -> None:
    """Make or change the account of someone who has just proved who he is."""
    values = {"person_id": person_id, "locale": locale, "created_at": now}
    session.execute(upsert(session, Account, values, changes={"locale": locale}))


def language_of(session: Session, *, person_id: UUID) -> str | None:
    """The language to write to this person in; None for someone who never signed in."""
    return session.scalar(sa.select(Account.locale).where(Account.person_id == person_id))


def _is_live(row: Any, now: datetime) -> bool:
    # What was used in a time to come was live when the clock was set back; what was over is closed by then.
    idle, age = now - row.last_seen_at, now - row.created_at
    return row.revoked_at is None and -LONGEST < idle < IDLE and age < LONGEST


def _not_after(column: Any, now: datetime) -> Any:
    return sa.case((column > now, now), else_=column)


def _himself(actor: Actor) -> UUID:
    if actor.capacity is not Capacity.CITIZEN or actor.id is None:
        raise NotAllowed("only the person himself")
    return actor.id


def _digest(secret: str) -> bytes:
    return blind_index("session", secret)
