"""Requests and the log of their transitions, which is the citizen's timeline."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.crypto import Sealed
from services.database import Base, Identified


class Request(Identified, Base):
    """One request. ``submission_key`` is unique: however often it is sent, one request.

    ``tries`` counts how often the population register was asked about it; ``waiting_until``
    is when something happens by itself (the register is asked again, the request expires).
    """

    __tablename__ = "requests"

    reference: Mapped[str] = mapped_column(sa.String(10), unique=True)
    submission_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    household_id: Mapped[UUID] = mapped_column(sa.ForeignKey("households.id"), index=True)
    declaration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("declarations.id"), index=True)
    submitted_by: Mapped[UUID]
    submitted_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(sa.String(16))
    aids: Mapped[list[Any]] = mapped_column(default=list)
    tries: Mapped[int] = mapped_column(default=0)
    waiting_until: Mapped[datetime | None] = mapped_column(default=None)


class Transition(Base):
    """One step in a request's life. ``parameters`` holds counts and codes, never personal data."""

    __tablename__ = "transitions"

    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("requests.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(sa.String(30))
    from_state: Mapped[str] = mapped_column(sa.String(16))
    to_state: Mapped[str] = mapped_column(sa.String(16))
    capacity: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[UUID | None]
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)


class MemberCheck(Base):
    """The population register's answer about one member of one request: yes or no, once given."""

    __tablename__ = "member_checks"

    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("requests.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(sa.String(3))
    at: Mapped[datetime]


class Application(Base):
    """What a request for a programme asks, and what was decided. ``id`` is its request's.

    ``account`` is what the channel pays to; it goes when nothing is to be paid. ``said``: what the
    family said of a condition, by its key; ``reasons``: ``[condition, outcome]`` of each condition
    that was looked at, in order. ``score_nano``, ``limit_nano``, ``model`` and ``on_day``: what it
    was decided by. ``amount_dirhams``: a month. The partial unique index is what makes one open
    application of a programme for a household.
    """

    __tablename__ = "applications"
    __table_args__ = (
        sa.Index(
            "ix_applications_one_open_of_a_programme",
            "household_id",
            "programme",
            unique=True,
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        ),
    )

    id: Mapped[UUID] = mapped_column(sa.ForeignKey("requests.id"), primary_key=True)
    household_id: Mapped[UUID] = mapped_column(sa.ForeignKey("households.id"))
    programme: Mapped[str] = mapped_column(sa.String(20))
    is_open: Mapped[bool] = mapped_column(default=True)
    payee_person_id: Mapped[UUID]
    payee_role: Mapped[str] = mapped_column(sa.String(16))
    channel: Mapped[str] = mapped_column(sa.String(16))
    account_sealed: Mapped[bytes | None] = mapped_column(default=None)
    account = Sealed()
    said: Mapped[dict[str, Any]]
    outcome: Mapped[str | None] = mapped_column(sa.String(10), default=None)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    score_nano: Mapped[int | None] = mapped_column(sa.BigInteger, default=None)
    limit_nano: Mapped[int | None] = mapped_column(sa.BigInteger, default=None)
    model: Mapped[str | None] = mapped_column(sa.String(40), default=None)
    on_day: Mapped[date | None] = mapped_column(default=None)
    amount_dirhams: Mapped[int | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)


class Deposit(Identified, Base):
    """A number with which a counter opens a finished draft, with the family's consent."""

    __tablename__ = "deposits"

    number: Mapped[str] = mapped_column(sa.String(10), unique=True)
    draft_id: Mapped[UUID] = mapped_column(sa.ForeignKey("drafts.id"), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
