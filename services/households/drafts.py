"""The draft of a declaration: pages saved one by one, so that two hands never undo each other.

Each answer bears a version. A save says which version its page showed; an answer that somebody
changed since, to something else, is a conflict: told, with what stands there, and nothing written.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.database import insert_into, rows_of
from services.errors import NotFound
from services.households.bare import as_id, as_instant, bare
from services.households.models import Draft, DraftPage
from services.households.questionnaire import QUESTIONNAIRE, Page
from services.households.rights import hold_draft
from services.journal import Actor


class SavedPage(NamedTuple):
    """One page's answers as stored; ``version`` is what a form shows as seen.

    ``row_id`` is bare: only the few pages that are sealed need it.
    """

    row_id: UUID | str
    version: int
    answers: Mapping[str, Any]
    personal_sealed: bytes | None

    def open(self) -> dict[str, Any]:
        """Each answer's value, the personal ones included."""
        values = {key: answer["value"] for key, answer in self.answers.items()}
        if self.personal_sealed is not None:
            personal = json.loads(DraftPage.personal.open(as_id(self.row_id), self.personal_sealed) or "{}")
            values |= {key: answer["value"] for key, answer in personal.items()}
        return values


@dataclass(frozen=True)
class DraftView:
    """An open draft. ``pages`` has what was saved, by page key and position (0: the household)."""

    id: UUID
    kind: str
    expires_at: datetime
    pages: Mapping[tuple[str, int], SavedPage]

    @cached_property
    def answers(self) -> Mapping[tuple[str, int], Mapping[str, Any]]:
        """The values of every saved page, as the flow and the declaration take them."""
        return {place: page.open() for place, page in self.pages.items()}

    def values(self, page: str, position: int = 0) -> Mapping[str, Any]:
        """One page's values; empty where nothing was saved."""
        return self.answers.get((page, position), {})

    def version(self, page: str, position: int = 0) -> int:
        """One page's version; 0 where nothing was saved."""
        saved = self.pages.get((page, position))
        return 0 if saved is None else saved.version


@dataclass(frozen=True)
class Saved:
    """The page is saved; ``version`` is now what its author has seen."""

    version: int


@dataclass(frozen=True)
class Conflict:
    """Nothing was saved: ``keys`` were answered otherwise meanwhile.

    ``values`` is all that stands on the page; saving again with ``version`` as seen decides.
    """

    version: int
    keys: tuple[str, ...]
    values: Mapping[str, Any]


def load_draft(session: Session, *, draft_id: UUID, now: datetime) -> DraftView | None:
    """The open draft of that id with all that was saved in it, in one statement.

    None once it is submitted or expired. Says nothing of who may see it.
    """
    rows = rows_of(session, _WHOLE_DRAFT, {"draft_id": draft_id, "now": now}).all()
    if not rows:
        return None
    pages = {(row[2], row[3]): SavedPage._make(row[4:]) for row in rows if row[2] is not None}
    return DraftView(draft_id, rows[0].kind, as_instant(rows[0].expires_at), pages)


def save_page(
    session: Session,
    *,
    actor: Actor,
    draft_id: UUID,
    page: str,
    position: int = 0,
    values: Mapping[str, Any],
    seen_version: int,
    now: datetime,
) -> Saved | Conflict:
    """Save the answers ``values`` of one page (of the member at ``position``).

    ``seen_version`` is the version that the form showed. What is not in ``values`` stays as it
    was. Raises NotFound for somebody else's draft, an unknown page, a member who left;
    StateConflict once the draft is submitted or expired; ValueError for a key of another page.
    """
    asked = _page(page, position, values)
    view = hold_draft(session, actor=actor, draft_id=draft_id, now=now, shared=True)
    member = view.member_at(position)
    if asked.per_member and member is None:
        raise NotFound("member")
    row = _hold_page(session, draft_id, page, position, now)
    stored = _stored(row)
    changed, lost = compare_answers(stored, values, version=row.version, seen_version=seen_version)
    if lost:
        return Conflict(row.version, lost, {key: answer["value"] for key, answer in stored.items()})
    if changed or row.version == 0:
        _write(row, stored, changed, asked, now)
        session.flush()
        journal.record(
            session,
            actor=actor,
            action="draft.page_saved",
            now=now,
            household_id=view.id,
            person_id=member.person_id if member else None,
            page=page,
            position=position,
            version=row.version,
        )
    return Saved(row.version)


def compare_answers(
    stored: Mapping[str, Any], values: Mapping[str, Any], *, version: int, seen_version: int
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What of ``values`` differs from ``stored``, and which of those keys changed unseen.

    ``stored`` is ``{key: {"value", "version"}}`` of a page now at ``version``.
    """
    # A version yet to come was shown by an earlier draft: its author saw nothing of this one.
    seen = seen_version if seen_version <= version else 0
    changed = {key: value for key, value in values.items() if key not in stored or stored[key]["value"] != value}
    return changed, tuple(key for key in changed if key in stored and stored[key]["version"] > seen)


def _page(page: str, position: int, values: Mapping[str, Any]) -> Page:
    asked = QUESTIONNAIRE.by_key.get(page)
    if asked is None or asked.per_member != (position > 0):
        raise NotFound("page")
    if unknown := set(values) - {question.key for question in asked.questions}:
        raise ValueError(f"{sorted(unknown)} are not asked on {page}")
    return asked


def _hold_page(session: Session, draft_id: UUID, page: str, position: int, now: datetime) -> DraftPage:
    place = {"draft_id": draft_id, "page": page, "position": position}
    query = sa.select(DraftPage).filter_by(**place).with_for_update().execution_options(populate_existing=True)
    row = session.scalar(query)
    if row is None:
        blank = {"id": uuid4(), "version": 0, "answers": {}, "saved_at": now}
        session.execute(insert_into(session, DraftPage).values(**place, **blank).on_conflict_do_nothing())
        row = session.scalars(query).one()
    return row


def _stored(row: DraftPage) -> dict[str, Any]:
    return {**row.answers, **json.loads(row.personal or "{}")}


def _write(row: DraftPage, stored: Mapping[str, Any], changed: Mapping[str, Any], asked: Page, now: datetime) -> None:
    row.version += 1
    row.saved_at = now
    answers = {**stored, **{key: {"value": value, "version": row.version} for key, value in changed.items()}}
    personal = {question.key for question in asked.questions if question.personal} & answers.keys()
    row.answers = {key: answer for key, answer in answers.items() if key not in personal}
    if personal & changed.keys():
        row.personal = json.dumps({key: answers[key] for key in sorted(personal)})


_WHOLE_DRAFT = (
    sa.select(
        Draft.kind,
        bare(Draft.expires_at, "expires_at"),
        DraftPage.page,
        DraftPage.position,
        bare(DraftPage.id, "row_id"),
        DraftPage.version,
        DraftPage.answers,
        DraftPage.personal_sealed,
    )
    .outerjoin(DraftPage, DraftPage.draft_id == Draft.id)
    .where(
        Draft.id == sa.bindparam("draft_id", type_=sa.Uuid()),
        Draft.state == "open",
        Draft.expires_at > sa.bindparam("now"),
    )
)
