"""A household as its pages show it: who is in it, its draft, what is missing. One statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.database import rows_of
from services.households.bare import as_id, as_instant, bare
from services.households.models import Draft, Household, Member
from services.messages import N_, Words
from services.population.birth_dates import BirthDate

# Every page begins with this read: a join here is one statement, asking the register a second.
from services.population.models import Person
from services.population.register import DisplayName

MOROCCO = ZoneInfo("Africa/Casablanca")
ADULT_AGE = 18
NO_HEAD = Words(N_("Say who is the head of the household."))


@dataclass(frozen=True)
class MemberView:
    """One member. ``age`` is in whole years on the day of the view; the name opens when asked.

    ``held``: a submitted declaration counts him in. ``guardian_id``: through whom a minor is here.
    """

    id: UUID
    position: int
    person_id: UUID
    relation: str
    sex: str
    birth_date: BirthDate
    age: int
    held: bool
    guardian_id: UUID | None
    sealed_name: tuple[bytes, bytes]

    @property
    def is_minor(self) -> bool:
        """Whether a guardian answers for this member."""
        return self.age < ADULT_AGE

    @property
    def name(self) -> DisplayName:
        """The display name that the population register released, in both scripts."""
        arabic, latin = self.sealed_name
        return DisplayName(
            Person.name_arabic.open(self.person_id, arabic) or "", Person.name_latin.open(self.person_id, latin) or ""
        )


@dataclass(frozen=True)
class HouseholdView:
    """A household; ``declarant_id`` and ``head_id`` are persons. An expired draft is no draft."""

    id: UUID
    state: str
    declarant_id: UUID
    members: tuple[MemberView, ...]
    draft_id: UUID | None
    draft_kind: str | None
    draft_expires_at: datetime | None

    @property
    def head(self) -> MemberView | None:
        """The head, once there is one."""
        return next((member for member in self.members if member.relation == "head"), None)

    @property
    def head_id(self) -> UUID | None:
        """The head's person."""
        return None if self.head is None else self.head.person_id

    @property
    def missing(self) -> tuple[Words, ...]:
        """What step 1 still lacks, one sentence each."""
        return () if self.head else (NO_HEAD,)

    @property
    def members_may_change(self) -> bool:
        """Whether people can come and go: while it forms, or while a draft is open."""
        return self.state == "forming" or self.draft_id is not None

    def may_be_changed_by(self, person_id: UUID | None) -> bool:
        """Whether this person may change it: the declarant and the head, nobody else."""
        return person_id is not None and person_id in (self.declarant_id, self.head_id)

    def is_home_of(self, person_id: UUID) -> bool:
        """Whether he declared it, or a submitted declaration counts him in: not merely named its head."""
        place = self.member_of(person_id)
        return person_id == self.declarant_id or (place is not None and place.held)

    def shown_to(self, person_id: UUID) -> tuple[MemberView, ...]:
        """Whom this person sees here: the declarant and the head everybody, another member himself."""
        if self.may_be_changed_by(person_id):
            return self.members
        return tuple(member for member in self.members if member.person_id == person_id)

    def member(self, member_id: UUID) -> MemberView | None:
        """The member of that id, if he is still here."""
        return next((member for member in self.members if member.id == member_id), None)

    def member_of(self, person_id: UUID) -> MemberView | None:
        """This person's place here, if he has one."""
        return next((member for member in self.members if member.person_id == person_id), None)

    def member_at(self, position: int) -> MemberView | None:
        """The member at that position, if he is still here."""
        return next((member for member in self.members if member.position == position), None)


def today_in_morocco(now: datetime) -> date:
    """The day on which ages are counted."""
    return now.astimezone(MOROCCO).date()


def household_of(session: Session, *, person_id: UUID, now: datetime) -> HouseholdView | None:
    """This person's household, or None; in one statement.

    The one whose submitted declaration holds him; else the one he declares; else one that made
    him its head. Who was merely counted in by another is free until that is submitted: nobody can
    keep a stranger from registering his own.
    """
    return _view(rows_of(session, _OF_PERSON, {"person_id": person_id, "now": now}).all(), now)


def find_household(session: Session, *, household_id: UUID, now: datetime) -> HouseholdView | None:
    """The household of that id, or None; in one statement. Says nothing of who may see it."""
    return _view(rows_of(session, _BY_ID, {"household_id": household_id, "now": now}).all(), now)


def _with_everyone(chosen: sa.Select[Any]) -> sa.Select[Any]:
    one = chosen.add_columns(
        Household.id, Household.state, Household.declarant_id, Draft.id.label("draft_id"), Draft.kind, Draft.expires_at
    )
    one = one.order_by(Draft.opened_at).limit(1)
    household = one.subquery("household")
    return (
        sa.select(
            bare(household.c.id, "id"),
            household.c.state,
            bare(household.c.declarant_id, "declarant_id"),
            bare(household.c.draft_id, "draft_id"),
            household.c.kind,
            bare(household.c.expires_at, "expires_at"),
            Member.id.label("member_id"),
            Member.position,
            Member.person_id,
            Member.relation,
            Member.held,
            Member.guardian_id,
            Person.sex,
            Person.birth_year,
            Person.birth_month,
            Person.birth_day,
            Person.name_arabic_sealed,
            Person.name_latin_sealed,
        )
        .select_from(household)
        .join(Member, Member.household_id == household.c.id)
        .join(Person, Person.id == Member.person_id)
        .where(Member.removed_at.is_(None))
        .order_by(Member.position)
    )


def _statements() -> tuple[sa.Select[Any], sa.Select[Any]]:
    mine = aliased(Member)
    person_id = sa.bindparam("person_id", type_=sa.Uuid())
    open_now = (Draft.household_id == Household.id, Draft.state == "open", Draft.expires_at > sa.bindparam("now"))
    with_draft = sa.select().select_from(Household).outerjoin(Draft, sa.and_(*open_now))
    by_id = with_draft.where(Household.id == sa.bindparam("household_id", type_=sa.Uuid()))
    of_person = (
        sa.select()
        .select_from(mine)
        .join(Household, Household.id == mine.household_id)
        .outerjoin(Draft, sa.and_(*open_now))
        .where(mine.person_id == person_id, mine.removed_at.is_(None))
        .where(sa.or_(mine.held, Household.declarant_id == person_id, mine.relation == "head"))
        .order_by(
            mine.held.desc(),
            (Household.declarant_id == person_id).desc(),
            (mine.relation == "head").desc(),
            mine.added_at,
        )
    )
    return _with_everyone(of_person), _with_everyone(by_id)


_OF_PERSON, _BY_ID = _statements()


def _view(rows: Iterable[Any], now: datetime) -> HouseholdView | None:
    rows = list(rows)
    if not rows:
        return None
    today = today_in_morocco(now)
    first = rows[0]
    return HouseholdView(
        as_id(first.id),
        first.state,
        as_id(first.declarant_id),
        tuple(_member(row, today) for row in rows),
        None if first.draft_id is None else as_id(first.draft_id),
        first.kind,
        None if first.expires_at is None else as_instant(first.expires_at),
    )


def _member(row: Any, today: date) -> MemberView:
    born = BirthDate(row.birth_year, row.birth_month, row.birth_day)
    return MemberView(
        row.member_id,
        row.position,
        row.person_id,
        row.relation,
        row.sex,
        born,
        born.age_on(today),
        row.held,
        row.guardian_id,
        (row.name_arabic_sealed, row.name_latin_sealed),
    )
