"""Signing in: one-time codes, sessions, the counts that limit attempts, rescued posts; and the staff."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.crypto import Sealed
from services.database import Base, Identified


class CodeAttempt(Identified, Base):
    """One attempt to prove oneself by a code. Made for every well-formed request, known or not.

    ``person_id`` is who answers for the phone; without it, or without ``code_digest``, no code was
    sent and none will match. The two indexes name the limits that this attempt counts under.
    """

    __tablename__ = "code_attempts"

    purpose: Mapped[str] = mapped_column(sa.String(20))
    subject_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    identity_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    address_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    locale: Mapped[str] = mapped_column(sa.String(3))
    begun_at: Mapped[datetime]
    code_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class LimitCount(Base):
    """How often something happened under one blind-indexed bucket in one window."""

    __tablename__ = "limit_counts"

    limit: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    bucket: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class Account(Base):
    """What the portal remembers of a person who signed in: the language to write to him in."""

    __tablename__ = "accounts"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("persons.id"), primary_key=True)
    locale: Mapped[str] = mapped_column(sa.String(3))
    created_at: Mapped[datetime]


class CitizenSession(Identified, Base):
    """A signed-in browser. The cookie holds a random secret; the row holds its digest."""

    __tablename__ = "citizen_sessions"

    secret_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(16), unique=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("persons.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class RescuedPost(Identified, Base):
    """What someone had typed when his session was over: waits sealed, for its owner alone."""

    __tablename__ = "rescued_posts"
    __table_args__ = (sa.UniqueConstraint("person_id", "path"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("persons.id"))
    path: Mapped[str] = mapped_column(sa.String(200))
    fields_sealed: Mapped[bytes]
    fields = Sealed()
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Agent(Identified, Base):
    """Somebody of the staff. Without ``password_hash`` he has yet to enrol; after ``left_at`` nothing opens to him.

    ``totp_last_step`` is the last half minute of which a code was taken: none of it or before is taken again.
    """

    __tablename__ = "agents"

    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
    full_name_sealed: Mapped[bytes]
    full_name = Sealed()
    password_hash: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    totp_secret_sealed: Mapped[bytes | None] = mapped_column(default=None)
    totp_secret = Sealed()
    totp_last_step: Mapped[int | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None] = mapped_column(default=None)


class AgentRole(Base):
    """A role that an agent holds from ``since`` on, before ``until``; what it opens: ``agents/roles.py``."""

    __tablename__ = "agent_roles"

    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime | None] = mapped_column(default=None)


class AgentEnrolment(Identified, Base):
    """An agent on his way to a password and a second factor, begun by a code that works once, for a day.

    The recovery codes wait here, sealed, until he says that he has kept them.
    """

    __tablename__ = "agent_enrolments"

    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"), unique=True)
    code_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    totp_secret_sealed: Mapped[bytes | None] = mapped_column(default=None)
    totp_secret = Sealed()
    recovery_codes_sealed: Mapped[bytes | None] = mapped_column(default=None)
    recovery_codes = Sealed()


class RecoveryCode(Base):
    """The digest of a code that stands once for the second factor."""

    __tablename__ = "agent_recovery_codes"

    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class AgentSignIn(Identified, Base):
    """The password was right; the second factor is awaited, for a few minutes and a few tries."""

    __tablename__ = "agent_sign_ins"

    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class AgentSession(Identified, Base):
    """A signed-in browser of the staff. ``address_index``: from which network, which is trusted a little more then."""

    __tablename__ = "agent_sessions"

    secret_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(16), unique=True)
    agent_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    address_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
