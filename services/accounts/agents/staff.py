"""Who belongs to the staff: taking somebody on, beginning anew with a password, leaving."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.accounts.agents.second_factor import digest_of_code, forget_recovery_codes, new_code
from services.accounts.agents.sessions import revoke_sessions
from services.accounts.models import Agent, AgentEnrolment, AgentRole, AgentSession, AgentSignIn
from services.errors import NotFound, StateConflict
from services.journal import Actor

NAME = re.compile(r"[a-z][a-z0-9.-]{2,39}")
ENROLMENT_LIFE = timedelta(hours=24)
GROUPS_OF_AN_ENROLMENT_CODE = 4


@dataclass(frozen=True)
class Enrolment:
    """The code with which an agent makes himself a password; known here once and never again."""

    agent_id: UUID
    code: str
    expires_at: datetime


@dataclass(frozen=True)
class AgentView:
    """One of the staff as its list shows him. ``awaited_until``: he may still enrol until then."""

    name: str
    full_name: str
    roles: tuple[str, ...]
    has_enrolled: bool
    awaited_until: datetime | None
    last_signed_in_at: datetime | None
    left_at: datetime | None


def fold_name(text: str) -> str:
    """A user name as it is kept, from what was typed."""
    return text.strip().lower()


def add_agent(
    session: Session, *, actor: Actor, name: str, full_name: str, roles: Sequence[str], now: datetime
) -> Enrolment:
    """Take somebody on. Raises StateConflict where the name is taken, also by somebody who left."""
    if session.scalar(sa.select(Agent.id).where(Agent.name == name)) is not None:
        raise StateConflict(f"the name {name} is taken; names of those who left are not given again")
    agent = Agent(name=name, full_name=full_name, created_at=now)
    session.add(agent)
    session.flush()
    session.add_all(AgentRole(agent_id=agent.id, role=role, since=now) for role in dict.fromkeys(roles))
    journal.record(session, actor=actor, action="agent.added", now=now, agent=str(agent.id), roles=" ".join(roles))
    return _let_enrol(session, agent.id, now)


def reset_agent(session: Session, *, actor: Actor, name: str, now: datetime) -> Enrolment:
    """Take password, second factor and sessions from an agent, and let him enrol again. Raises NotFound."""
    agent = _find(session, name)
    _shut_out(session, agent, now)
    journal.record(session, actor=actor, action="agent.reset", now=now, agent=str(agent.id))
    return _let_enrol(session, agent.id, now)


def end_agent(session: Session, *, actor: Actor, name: str, now: datetime) -> None:
    """An agent leaves: nothing opens to him any more, at once. Raises NotFound."""
    agent = _find(session, name)
    _shut_out(session, agent, now)
    session.execute(sa.update(AgentRole).where(_held_by(agent.id), AgentRole.until.is_(None)).values(until=now))
    agent.left_at = now
    journal.record(session, actor=actor, action="agent.left", now=now, agent=str(agent.id))
    session.flush()


def list_agents(session: Session, *, now: datetime) -> list[AgentView]:
    """All of the staff, by name; those who left too."""
    last = (
        sa.select(sa.func.max(AgentSession.created_at))
        .where(AgentSession.agent_id == Agent.id)
        .correlate(Agent)
        .scalar_subquery()
    )
    held: dict[UUID, list[str]] = {}
    for role in session.scalars(sa.select(AgentRole).where(AgentRole.until.is_(None)).order_by(AgentRole.role)):
        held.setdefault(role.agent_id, []).append(role.role)
    rows = session.execute(
        sa.select(Agent, AgentEnrolment.expires_at, last)
        .outerjoin(AgentEnrolment, (AgentEnrolment.agent_id == Agent.id) & (AgentEnrolment.expires_at > now))
        .order_by(Agent.name)
    )
    return [
        AgentView(
            name=agent.name,
            full_name=agent.full_name or "",
            roles=tuple(held.get(agent.id, ())),
            has_enrolled=agent.password_hash is not None,
            awaited_until=None if agent.password_hash else awaited_until,
            last_signed_in_at=signed_in_at,
            left_at=agent.left_at,
        )
        for agent, awaited_until, signed_in_at in rows
    ]


def _find(session: Session, name: str) -> Agent:
    chosen = sa.select(Agent).where(Agent.name == name, Agent.left_at.is_(None)).with_for_update()
    agent = session.scalars(chosen).one_or_none()
    if agent is None:
        raise NotFound(f"nobody of the staff is named {name}")
    return agent


def _shut_out(session: Session, agent: Agent, now: datetime) -> None:
    agent.password_hash = agent.totp_secret = agent.totp_last_step = None
    forget_recovery_codes(session, agent_id=agent.id)
    revoke_sessions(session, agent_id=agent.id, now=now)
    for table in (AgentEnrolment, AgentSignIn):
        session.execute(sa.delete(table).where(table.agent_id == agent.id))
    session.flush()


def _let_enrol(session: Session, agent_id: UUID, now: datetime) -> Enrolment:
    code = new_code(GROUPS_OF_AN_ENROLMENT_CODE)
    digest = digest_of_code("enrolment", agent_id, code)
    session.add(AgentEnrolment(agent_id=agent_id, code_digest=digest, expires_at=now + ENROLMENT_LIFE))
    session.flush()
    return Enrolment(agent_id, code, now + ENROLMENT_LIFE)


def _held_by(agent_id: UUID) -> sa.ColumnElement[bool]:
    return AgentRole.agent_id == agent_id
