"""Somebody of the staff, for tests of what opens to him."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from services.accounts.agents.enrolling import give_factors
from services.accounts.agents.passwords import hash_password
from services.accounts.agents.second_factor import code_at, new_secret
from services.accounts.agents.sessions import open_agent_session
from services.accounts.agents.staff import add_agent
from services.accounts.models import Agent
from services.database import Database
from services.journal import operator

PASSWORD = "cheval lampe oranger pluie"
FULL_NAME = "Hind Alami"


@dataclass(frozen=True)
class Colleague:
    """One of the staff, with what he knows and has."""

    id: UUID
    name: str
    enrolment_code: str
    secret: str
    recovery_codes: Sequence[str]

    def code(self, now: datetime | None = None) -> str:
        """What his telephone shows."""
        return code_at(self.secret, now or datetime.now(UTC))


@cache
def hashed() -> str:
    return hash_password(PASSWORD)


def take_on(
    database: Database,
    name: str = "hind.alami",
    *,
    roles: Sequence[str] = ("operator",),
    enrolled: bool = True,
    now: datetime | None = None,
) -> Colleague:
    """Take somebody on, who has made his password and tied his telephone unless ``enrolled`` is False."""
    now = now or datetime.now(UTC)
    secret, codes = new_secret(), []
    with database.writing() as session:
        enrolment = add_agent(session, actor=operator(None), name=name, full_name=FULL_NAME, roles=roles, now=now)
        if enrolled:
            agent = session.get_one(Agent, enrolment.agent_id)
            codes = give_factors(session, agent=agent, password_hash=hashed(), secret=secret, now=now)
    return Colleague(enrolment.agent_id, name, enrolment.code, secret, codes)


def session_of(database: Database, colleague: Colleague, now: datetime | None = None) -> str:
    """The secret of a session that he opened a moment ago."""
    with database.writing() as session:
        return open_agent_session(session, agent_id=colleague.id, address_index=bytes(16), now=now or datetime.now(UTC))
