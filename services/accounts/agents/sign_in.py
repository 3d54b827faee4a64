"""Signing in as one of the staff: name and password, then a code of the telephone or a recovery code.

A name that nobody bears goes the same way as any other, statement by statement, and its password
is compared as slowly. The comparison stands between two transactions, so that nobody waits for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.accounts.agents.passwords import check_password
from services.accounts.agents.second_factor import is_totp_code, step_of_code, use_recovery_code
from services.accounts.agents.sessions import open_agent_session
from services.accounts.agents.staff import fold_name
from services.accounts.limits import count_attempt, forget_attempts, network_of
from services.accounts.models import Agent, AgentEnrolment, AgentSession, AgentSignIn
from services.crypto import blind_index
from services.errors import TooManyAttempts
from services.retention import due_before

SECOND_FACTOR_WITHIN = timedelta(minutes=5)
MOST_TRIES = 5


@dataclass(frozen=True)
class Candidate:
    """Who may be behind a name; the same for one that nobody bears."""

    agent_id: UUID | None
    password_hash: str | None

    def bears(self, password: str) -> bool:
        """Whether this is his password. A tenth of a second, whoever it is."""
        return check_password(self.password_hash, password)


@dataclass(frozen=True)
class AgentSignedIn:
    """``secret`` goes to the browser's cookie and nowhere else."""

    agent_id: UUID
    secret: str


class SecondFactor(StrEnum):
    """Why a code did not open a session; OVER: begin again with the password."""

    WRONG = "wrong"
    OVER = "over"


def find_candidate(session: Session, *, name: str, address: str, now: datetime) -> Candidate:
    """Count one try under ``name`` and ``address``, and find whose password to compare.

    Raises TooManyAttempts, for names that nobody bears as well.
    """
    name, network = fold_name(name), network_of(address)
    row = session.execute(
        sa.select(Agent.id, Agent.password_hash).where(Agent.name == name, Agent.left_at.is_(None))
    ).one_or_none()
    is_known = _is_known(session, row.id if row else uuid4(), network, now)
    for limit, value in _limits(name, network):
        if limit == "password_per_name" and is_known:
            continue
        wait = count_attempt(session, limit=limit, value=value, now=now)
        if wait is not None:
            raise TooManyAttempts(wait)
    return Candidate(row.id, row.password_hash) if row else Candidate(None, None)


def begin_agent_sign_in(session: Session, *, candidate: Candidate, right: bool, now: datetime) -> UUID | None:
    """Await the second factor where the password was ``right``; the id stays with the browser that began."""
    if not right or candidate.agent_id is None or not _still_bears(session, candidate):
        refused = str(candidate.agent_id) if candidate.agent_id else None
        journal.record(session, actor=journal.operator(None), action="agent.password_refused", now=now, agent=refused)
        return None
    begun = AgentSignIn(agent_id=candidate.agent_id, expires_at=now + SECOND_FACTOR_WITHIN, tries=0)
    session.add(begun)
    session.flush()
    return begun.id


def finish_agent_sign_in(
    session: Session, *, sign_in_id: UUID, code: str, address: str, now: datetime
) -> AgentSignedIn | SecondFactor:
    """Open a session for the right code, once. Raises TooManyAttempts for the agent's telephone codes."""
    agent_id = session.scalar(sa.select(AgentSignIn.agent_id).where(AgentSignIn.id == sign_in_id))
    # First the agent, as whoever resets him does: two that hold one thing each would wait for ever.
    agent = session.get(Agent, agent_id, with_for_update=True) if agent_id is not None else None
    begun = session.get(AgentSignIn, sign_in_id, with_for_update=True)
    if agent is None or begun is None or not _is_open(begun, now):
        return SecondFactor.OVER
    how = _prove(session, agent, code, now)
    if how is None:
        begun.tries += 1
        journal.record(session, actor=journal.operator(agent.id), action="agent.code_refused", now=now)
        session.flush()
        return SecondFactor.WRONG if begun.tries < MOST_TRIES else SecondFactor.OVER
    begun.used_at = now
    # Whoever signs in has kept his recovery codes, or does without: nobody reads them in his enrolment any more.
    session.execute(sa.delete(AgentEnrolment).where(AgentEnrolment.agent_id == agent.id))
    network = network_of(address)
    for limit, value in (*_limits(agent.name, network)[1:], ("second_factor_per_agent", agent.id.hex)):
        forget_attempts(session, limit=limit, value=value)
    journal.record(session, actor=journal.operator(agent.id), action="agent.signed_in", now=now, by=how)
    secret = open_agent_session(session, agent_id=agent.id, address_index=_address_index(network), now=now)
    return AgentSignedIn(agent.id, secret)


def _is_open(begun: AgentSignIn, now: datetime) -> bool:
    return begun.used_at is None and now < begun.expires_at and begun.tries < MOST_TRIES


def _prove(session: Session, agent: Agent, code: str, now: datetime) -> str | None:
    """``telephone`` or ``recovery code``; None where the code is neither's."""
    secret = agent.totp_secret
    if agent.left_at is not None or agent.password_hash is None or secret is None:
        return None
    if not is_totp_code(code):
        return "recovery code" if use_recovery_code(session, agent_id=agent.id, code=code, now=now) else None
    wait = count_attempt(session, limit="second_factor_per_agent", value=agent.id.hex, now=now)
    if wait is not None:
        raise TooManyAttempts(wait)
    step = step_of_code(secret, code, after=agent.totp_last_step, now=now)
    if step is None:
        return None
    agent.totp_last_step = step
    return "telephone"


def _still_bears(session: Session, candidate: Candidate) -> bool:
    """Whether nobody took this password from him while it was compared."""
    chosen = sa.select(Agent.password_hash).where(Agent.id == candidate.agent_id, Agent.left_at.is_(None))
    return session.scalar(chosen) == candidate.password_hash


def _limits(name: str, network: str) -> tuple[tuple[str, str], ...]:
    return (
        ("password_per_address", network),
        ("password_per_name_and_address", f"{name}:{network}"),
        ("password_per_name", name),
    )


def _is_known(session: Session, agent_id: UUID, network: str, now: datetime) -> bool:
    """Whether this is a network where he works: he has signed in from it lately."""
    theirs = sa.exists().where(
        AgentSession.agent_id == agent_id,
        AgentSession.address_index == _address_index(network),
        AgentSession.created_at > due_before("agent_session", now),
    )
    return bool(session.scalar(sa.select(theirs)))


def _address_index(network: str) -> bytes:
    return blind_index("agent address", network)
