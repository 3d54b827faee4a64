"""Households of a synthetic country, written whole: members, draft and declaration at once.

A family of flesh and blood goes through registration, drafts and declaring instead.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.bulk import add_rows
from services.households.declaration import Document, split_personal
from services.households.draft_life import REGISTRATION, end_of_draft
from services.households.models import Declaration, Draft, Household, Member

CONSENT_VERSION = "synthetic"


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in a household; ``guardian`` is the position of who answers for a minor."""

    person_id: UUID
    relation: str
    guardian: int | None = None


@dataclass(frozen=True, slots=True)
class Establishment:
    """One household. Places by position, from 1, the declarant first; without a document it forms."""

    id: UUID
    places: Sequence[Place]
    document: Document | None
    at: datetime

    @property
    def declaration_id(self) -> UUID:
        """The id of its declaration, the same for the same household."""
        return self._own("declaration")

    @property
    def draft_id(self) -> UUID:
        """The id of the draft that the declaration came from, or that is open."""
        return self._own("draft")

    def member_id(self, position: int) -> UUID:
        """The id of the member at this position."""
        return self._own(f"member {position}")

    def _own(self, name: str) -> UUID:
        return uuid5(self.id, name)


def households_known(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Which of these ids are households already."""
    return set(session.scalars(sa.select(Household.id).where(Household.id.in_(ids))))


def establish_households(session: Session, households: Sequence[Establishment]) -> None:
    """Write households whose people are in the register. None of them may be there."""
    add_rows(session, Household, [_household_row(one) for one in households])
    add_rows(session, Member, [row for one in households for row in _member_rows(one)])
    add_rows(session, Draft, [_draft_row(one) for one in households])
    declared = [(one, one.document) for one in households if one.document is not None]
    add_rows(session, Declaration, [_declaration_row(one, document) for one, document in declared])


def _household_row(one: Establishment) -> Mapping[str, Any]:
    return {
        "id": one.id,
        "declarant_id": one.places[0].person_id,
        "state": "forming" if one.document is None else "active",
        "created_at": one.at,
        "consent_version": CONSENT_VERSION,
        "consented_at": one.at,
    }


def _member_rows(one: Establishment) -> list[Mapping[str, Any]]:
    return [
        {
            "id": one.member_id(position),
            "household_id": one.id,
            "person_id": place.person_id,
            "position": position,
            "relation": place.relation,
            "guardian_id": None if place.guardian is None else one.places[place.guardian - 1].person_id,
            "held": one.document is not None,
            "added_at": one.at,
            "removed_at": None,
        }
        for position, place in enumerate(one.places, start=1)
    ]


def _draft_row(one: Establishment) -> Mapping[str, Any]:
    return {
        "id": one.draft_id,
        "household_id": one.id,
        "kind": REGISTRATION,
        "state": "open" if one.document is None else "submitted",
        "opened_at": one.at,
        "expires_at": end_of_draft(one.at),
    }


def _declaration_row(one: Establishment, document: Document) -> Mapping[str, Any]:
    clear, personal = split_personal(document)
    return {
        "id": one.declaration_id,
        "household_id": one.id,
        "draft_id": one.draft_id,
        "number": 1,
        "declared_at": one.at,
        "declared_by": one.places[0].person_id,
        "document": dict(clear),
        "personal_sealed": Declaration.personal.seal(one.declaration_id, json.dumps(personal)),
    }
