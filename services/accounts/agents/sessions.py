"""Signed-in browsers of the staff: a row each, ended at once when their agent leaves or is given a new password."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.accounts.agents.roles import opened_by, times_of
from services.accounts.models import Agent, AgentRole, AgentSession
from services.crypto import blind_index

LAST_SEEN_PRECISION = timedelta(minutes=1)


@dataclass(frozen=True)
class FoundAgent:
    """Who is signed in, by a live session; ``ends_at`` is when it ends if nothing more is done."""

    id: UUID
    session_id: UUID
    name: str
    full_name: str
    roles: frozenset[str]
    last_seen_at: datetime
    ends_at: datetime

    def may_open(self, audience: str) -> bool:
        """Whether one of his roles opens the pages of ``audience``."""
        return audience in opened_by(self.roles)


# Made once: every page of the staff begins with it. One row for each role.
_BY_DIGEST = (
    sa.select(
        AgentSession.id,
        AgentSession.agent_id,
        AgentSession.created_at,
        AgentSession.last_seen_at,
        Agent.name,
        Agent.full_name_sealed,
        AgentRole.role,
    )
    .join(Agent, Agent.id == AgentSession.agent_id)
    .outerjoin(
        AgentRole,
        (AgentRole.agent_id == Agent.id)
        & (AgentRole.since <= sa.bindparam("now"))
        & (AgentRole.until.is_(None) | (AgentRole.until > sa.bindparam("now"))),
    )
    .where(
        AgentSession.secret_digest == sa.bindparam("digest"), AgentSession.revoked_at.is_(None), Agent.left_at.is_(None)
    )
)


def open_agent_session(session: Session, *, agent_id: UUID, address_index: bytes, now: datetime) -> str:
    """Open a session; the secret returned goes to the browser's cookie and nowhere else."""
    secret = secrets.token_urlsafe(32)
    session.add(
        AgentSession(
            secret_digest=_digest(secret),
            agent_id=agent_id,
            address_index=address_index,
            created_at=now,
            last_seen_at=now,
        )
    )
    session.flush()
    return secret


def find_agent_session(session: Session, *, secret: str, now: datetime) -> FoundAgent | None:
    """Whose live session a cookie names, and his roles now, in one statement; None where it names none."""
    rows = session.execute(_BY_DIGEST, {"digest": _digest(secret), "now": now}).all()
    if not rows:
        return None
    first = rows[0]
    roles = frozenset(row.role for row in rows if row.role is not None)
    idle, longest = times_of(roles)
    # Both ends: a clock set back by more than the idle time must not lengthen anything.
    if not (-idle < now - first.last_seen_at < idle and -idle < now - first.created_at < longest):
        return None
    return FoundAgent(
        id=first.agent_id,
        session_id=first.id,
        name=first.name,
        full_name=Agent.full_name.open(first.agent_id, first.full_name_sealed) or "",
        roles=roles,
        last_seen_at=first.last_seen_at,
        ends_at=min(first.last_seen_at + idle, first.created_at + longest),
    )


def touch_agent_session(session: Session, *, session_id: UUID, now: datetime) -> None:
    """Note that a session just found to be live is in use; a minute is precise enough."""
    recently = AgentSession.last_seen_at.between(now - LAST_SEEN_PRECISION, now + LAST_SEEN_PRECISION)
    session.execute(
        sa.update(AgentSession)
        .where(AgentSession.id == session_id, AgentSession.revoked_at.is_(None), ~recently)
        .values(last_seen_at=now)
    )


def sign_agent_out(session: Session, *, agent: FoundAgent, now: datetime) -> None:
    """End every session of this agent, on every machine."""
    revoke_sessions(session, agent_id=agent.id, now=now)
    journal.record(session, actor=journal.operator(agent.id), action="agent.signed_out", now=now)
    session.flush()


def revoke_sessions(session: Session, *, agent_id: UUID, now: datetime) -> None:
    """From this commit on, no page opens to them."""
    theirs = (AgentSession.agent_id == agent_id) & AgentSession.revoked_at.is_(None)
    session.execute(sa.update(AgentSession).where(theirs).values(revoked_at=now))


def _digest(secret: str) -> bytes:
    return blind_index("agent session", secret)
