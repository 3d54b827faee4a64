"""How an agent comes to his password and second factor, with the one-time code that he was given.

The code opens an enrolment, from then on known by its id, which stays with the browser that began
it. Until the last step nothing of the account has changed.
"""

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.accounts.agents.second_factor import (
    GROUPS_OF_A_RECOVERY_CODE,
    RECOVERY_CODES,
    address_of_secret,
    digest_of_code,
    new_code,
    new_secret,
    step_of_code,
    store_recovery_codes,
)
from services.accounts.agents.sessions import revoke_sessions
from services.accounts.agents.staff import fold_name
from services.accounts.limits import count_attempt, network_of
from services.accounts.models import Agent, AgentEnrolment
from services.crypto import INDEX_BYTES
from services.errors import NotFound, TooManyAttempts


@dataclass(frozen=True)
class EnrolmentView:
    """Where an enrolment stands: ``secret`` once a password is chosen, ``recovery_codes`` once all is done."""

    name: str
    full_name: str
    secret: str | None
    secret_address: str | None
    recovery_codes: tuple[str, ...]


def open_enrolment(session: Session, *, name: str, code: str, address: str, now: datetime) -> UUID | None:
    """The enrolment of this name and code; None, for whatever reason, where it does not open.

    Raises TooManyAttempts for the address.
    """
    wait = count_attempt(session, limit="enrolment_per_address", value=network_of(address), now=now)
    if wait is not None:
        raise TooManyAttempts(wait)
    row = session.execute(
        sa.select(AgentEnrolment.id, AgentEnrolment.agent_id, AgentEnrolment.code_digest)
        .join(Agent, Agent.id == AgentEnrolment.agent_id)
        .where(
            Agent.name == fold_name(name),
            Agent.left_at.is_(None),
            Agent.password_hash.is_(None),
            AgentEnrolment.expires_at > now,
        )
    ).one_or_none()
    digest = digest_of_code("enrolment", row.agent_id if row else uuid4(), code)
    right = hmac.compare_digest(digest, row.code_digest if row else bytes(INDEX_BYTES))
    return row.id if row and right else None


def choose_password(session: Session, *, enrolment_id: UUID, password_hash: str, now: datetime) -> None:
    """Keep the digest of the password, and make the secret of the telephone, until both are confirmed.

    Raises NotFound where the enrolment is over.
    """
    enrolment, _ = _under_way(session, enrolment_id, now)
    enrolment.password_hash = password_hash
    enrolment.totp_secret = enrolment.totp_secret or new_secret()
    session.flush()


def find_enrolment(session: Session, *, enrolment_id: UUID, now: datetime) -> EnrolmentView | None:
    """The enrolment that this browser began, until it expires or its codes are kept."""
    row = session.execute(
        sa.select(AgentEnrolment, Agent)
        .join(Agent, Agent.id == AgentEnrolment.agent_id)
        .where(AgentEnrolment.id == enrolment_id, AgentEnrolment.expires_at > now, Agent.left_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    enrolment, agent = row
    secret = enrolment.totp_secret
    return EnrolmentView(
        name=agent.name,
        full_name=agent.full_name or "",
        secret=secret,
        secret_address=address_of_secret(secret, name=agent.name) if secret else None,
        recovery_codes=tuple(json.loads(enrolment.recovery_codes or "[]")),
    )


def confirm_enrolment(session: Session, *, enrolment_id: UUID, code: str, now: datetime) -> bool:
    """Whether ``code`` shows that the telephone has the secret; then password and secret are the account's.

    Raises NotFound where the enrolment is over or no password was chosen.
    """
    enrolment, agent = _under_way(session, enrolment_id, now)
    secret = enrolment.totp_secret
    if secret is None or enrolment.password_hash is None:
        raise NotFound("enrolment")
    step = step_of_code(secret, code, after=None, now=now)
    if step is None:
        return False
    codes = give_factors(session, agent=agent, password_hash=enrolment.password_hash, secret=secret, now=now)
    agent.totp_last_step = step
    enrolment.recovery_codes = json.dumps(codes)
    enrolment.password_hash = enrolment.totp_secret = None
    session.flush()
    return True


def give_factors(session: Session, *, agent: Agent, password_hash: str, secret: str, now: datetime) -> list[str]:
    """Have the account open by this password and this secret from now on; the recovery codes, known once."""
    codes = [new_code(GROUPS_OF_A_RECOVERY_CODE) for _ in range(RECOVERY_CODES)]
    agent.password_hash, agent.totp_secret = password_hash, secret
    store_recovery_codes(session, agent_id=agent.id, codes=codes)
    revoke_sessions(session, agent_id=agent.id, now=now)
    journal.record(session, actor=journal.operator(agent.id), action="agent.enrolled", now=now)
    return codes


def end_enrolment(session: Session, *, enrolment_id: UUID, now: datetime) -> None:
    """The agent has kept his recovery codes: nobody reads them here again. Nothing, before he was given any."""
    session.execute(
        sa.delete(AgentEnrolment).where(
            AgentEnrolment.id == enrolment_id, AgentEnrolment.recovery_codes_sealed.is_not(None)
        )
    )


def _under_way(session: Session, enrolment_id: UUID, now: datetime) -> tuple[AgentEnrolment, Agent]:
    agent_id = session.scalar(sa.select(AgentEnrolment.agent_id).where(AgentEnrolment.id == enrolment_id))
    # First the agent, as whoever resets him does: two that hold one thing each would wait for ever.
    agent = session.get(Agent, agent_id, with_for_update=True) if agent_id is not None else None
    enrolment = session.get(AgentEnrolment, enrolment_id, with_for_update=True)
    if agent is None or agent.left_at is not None or enrolment is None:
        raise NotFound("enrolment")
    if enrolment.expires_at <= now or enrolment.recovery_codes_sealed is not None:
        raise NotFound("enrolment")
    return enrolment, agent
