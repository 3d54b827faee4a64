"""The demonstration's operator, for whoever tries the service.

His password and the secret of his telephone are worked out from the installation's own secret key:
they can be shown again at will, and nobody knows them who does not hold that key. Only the
demonstration makes him.
"""

import base64
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.agents.enrolling import give_factors
from services.accounts.agents.passwords import check_password, hash_password
from services.accounts.agents.second_factor import code_at
from services.accounts.agents.staff import add_agent
from services.accounts.models import Agent, AgentEnrolment
from services.crypto import keys
from services.journal import Actor

NAME, FULL_NAME, ROLE = "demo-operator", "Demo Operator", "operator"
GROUP, GROUPS = 4, 4
SECRET_BYTES = 15


@dataclass(frozen=True)
class DemoOperator:
    """What he signs in with."""

    name: str
    password: str
    secret: str

    def code(self, now: datetime) -> str:
        """What his telephone would show at ``now``."""
        return code_at(self.secret, now)


def demo_operator() -> DemoOperator:
    """What the demonstration's operator of this installation signs in with, whether or not he is there."""
    letters = keys().digest("demonstration", "password").hex()
    password = "-".join(letters[start : start + GROUP] for start in range(0, GROUP * GROUPS, GROUP))
    secret = base64.b32encode(keys().digest("demonstration", "telephone")[:SECRET_BYTES]).decode()
    return DemoOperator(NAME, password, secret)


def load_demo_operator(session: Session, *, actor: Actor, now: datetime) -> DemoOperator | None:
    """Take him on, once. None where somebody has changed or removed him since."""
    found = demo_operator()
    agent = session.scalars(sa.select(Agent).where(Agent.name == NAME)).one_or_none()
    if agent is not None:
        unchanged = agent.left_at is None and agent.totp_secret == found.secret
        return found if unchanged and check_password(agent.password_hash, found.password) else None
    enrolment = add_agent(session, actor=actor, name=NAME, full_name=FULL_NAME, roles=(ROLE,), now=now)
    session.execute(sa.delete(AgentEnrolment).where(AgentEnrolment.agent_id == enrolment.agent_id))
    agent = session.get_one(Agent, enrolment.agent_id)
    give_factors(session, agent=agent, password_hash=hash_password(found.password), secret=found.secret, now=now)
    return found
