"""Households, their members, the draft being filled in and the declarations submitted."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.crypto import Sealed
from services.database import Base, Identified


class Household(Identified, Base):
    """A household. ``state``: forming (no declaration yet), declared (one under way), active, erased.

    The partial unique index is what makes ten clicks on *register* one household.
    """

    __tablename__ = "households"
    __table_args__ = (
        sa.Index(
            "ix_households_one_forming_a_declarant",
            "declarant_id",
            unique=True,
            sqlite_where=sa.text("state = 'forming'"),
            postgresql_where=sa.text("state = 'forming'"),
        ),
        sa.Index(
            "ix_households_forming_since",
            "created_at",
            sqlite_where=sa.text("state = 'forming'"),
            postgresql_where=sa.text("state = 'forming'"),
        ),
    )

    declarant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("persons.id"), index=True)
    state: Mapped[str] = mapped_column(sa.String(12), default="forming")
    created_at: Mapped[datetime]
    consent_version: Mapped[str] = mapped_column(sa.String(20))
    consented_at: Mapped[datetime]


class Member(Identified, Base):
    """A person's place in a household; ``removed_at`` ends it.

    ``position`` is 1 for the first added and never changes. ``held`` is true from submission on:
    the partial unique index is what makes one person belong to one household. ``guardian_id`` is
    the person through whom a minor stands here; none for an adult, and none where a guardian
    agreed by his own code.
    """

    __tablename__ = "members"
    __table_args__ = (
        sa.UniqueConstraint("household_id", "position"),
        sa.Index(
            "ix_members_one_household_a_person",
            "person_id",
            unique=True,
            sqlite_where=sa.text("held"),
            postgresql_where=sa.text("held"),
        ),
        sa.Index(
            "ix_members_once_in_a_household",
            "household_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
        sa.Index(
            "ix_members_left",
            "removed_at",
            sqlite_where=sa.text("removed_at IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NOT NULL"),
        ),
    )

    household_id: Mapped[UUID] = mapped_column(sa.ForeignKey("households.id"))
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("persons.id"), index=True)
    position: Mapped[int]
    relation: Mapped[str] = mapped_column(sa.String(16))
    guardian_id: Mapped[UUID | None] = mapped_column(default=None)
    held: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(default=None)


class MembershipClaim(Base):
    """Who was to become a member when a code was asked for. ``id`` is the code attempt's.

    Written for every well-formed wish; without ``person_id`` the register knows nobody of it.
    """

    __tablename__ = "membership_claims"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    household_id: Mapped[UUID] = mapped_column(sa.ForeignKey("households.id"), index=True)
    person_id: Mapped[UUID | None]
    birth_date: Mapped[str] = mapped_column(sa.String(10))
    relation: Mapped[str] = mapped_column(sa.String(16))
    made_at: Mapped[datetime]


class Draft(Identified, Base):
    """A declaration being filled in. One open draft of a kind for a household."""

    __tablename__ = "drafts"
    __table_args__ = (
        sa.Index(
            "ix_drafts_one_open_of_a_kind",
            "household_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index(
            "ix_drafts_open_until",
            "expires_at",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    household_id: Mapped[UUID] = mapped_column(sa.ForeignKey("households.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[str] = mapped_column(sa.String(12), default="open")
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class DraftPage(Base):
    """The saved answers of one page (of one member): ``{key: {"value": …, "version": n}}``.

    A row a page, so that saves of different pages never meet; a version an answer, so that a
    second save of the same answer is noticed. ``personal`` holds the page's personal answers in
    the same form, sealed. ``position`` is 0 on a page about the household.
    """

    __tablename__ = "draft_pages"
    __table_args__ = (sa.UniqueConstraint("draft_id", "page", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[UUID] = mapped_column(sa.ForeignKey("drafts.id"))
    page: Mapped[str] = mapped_column(sa.String(30))
    position: Mapped[int]
    version: Mapped[int]
    answers: Mapped[dict[str, Any]]
    personal_sealed: Mapped[bytes | None] = mapped_column(default=None)
    personal = Sealed()
    saved_at: Mapped[datetime]


class Declaration(Identified, Base):
    """A submitted declaration. Immutable; a new one supersedes it. ``erased_at``: its time is over, and all
    that it said is gone.

    ``document`` is the declaration of the domain without address, commune and IDCS: clear, so
    that a country can be scored; its members are named by ``person`` (a random id).
    ``personal`` is the sealed JSON of address and commune.
    """

    __tablename__ = "declarations"
    __table_args__ = (
        sa.UniqueConstraint("household_id", "number"),
        sa.Index(
            "ix_declarations_newer",
            "declared_at",
            sqlite_where=sa.text("number > 1"),
            postgresql_where=sa.text("number > 1"),
        ),
    )

    household_id: Mapped[UUID] = mapped_column(sa.ForeignKey("households.id"))
    draft_id: Mapped[UUID] = mapped_column(sa.ForeignKey("drafts.id"), unique=True)
    number: Mapped[int]
    declared_at: Mapped[datetime]
    declared_by: Mapped[UUID]
    document: Mapped[dict[str, Any]]
    personal_sealed: Mapped[bytes | None] = mapped_column(default=None)
    personal = Sealed()
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
