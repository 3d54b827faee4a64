"""Answering a page as for the member before: a household of fifty has many children at one school."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.errors import NotFound
from services.households.drafts import Conflict, DraftView, Saved, load_draft, save_page
from services.households.flow import flow_of
from services.households.household_view import HouseholdView, MemberView
from services.households.questionnaire import QUESTIONNAIRE, Step
from services.households.rights import hold_draft
from services.journal import Actor


def find_model(draft: DraftView, view: HouseholdView, *, page: str, position: int) -> MemberView | None:
    """The nearest earlier member who was asked the same questions on this page and answered all.

    What a page offers to copy from; None where there is nobody.
    """
    member, asked = view.member_at(position), QUESTIONNAIRE.by_key.get(page)
    if member is None or asked is None or not asked.per_member:
        return None
    flow = flow_of(draft.answers, view.members)
    alike = [
        other
        for other in view.members
        if other.position < position
        and asked.asked_at(other.age) == asked.asked_at(member.age)
        and flow.has(Step(page, other.position))
        and flow.is_done(Step(page, other.position))
    ]
    return alike[-1] if alike else None


def copy_from_previous(
    session: Session, *, actor: Actor, draft_id: UUID, page: str, position: int, seen_version: int, now: datetime
) -> Saved | Conflict:
    """Save the page with the answers of :func:`find_model`, by the rules of ``save_page``.

    Raises NotFound also where there is nobody to copy from.
    """
    view = hold_draft(session, actor=actor, draft_id=draft_id, now=now, shared=True)
    draft = load_draft(session, draft_id=draft_id, now=now)
    model = find_model(draft, view, page=page, position=position) if draft else None
    if draft is None or model is None:
        raise NotFound("nobody to copy from")
    asked = {question.key for question in QUESTIONNAIRE.by_key[page].asked_at(model.age)}
    values = {key: value for key, value in draft.values(page, model.position).items() if key in asked}
    return save_page(
        session,
        actor=actor,
        draft_id=draft_id,
        page=page,
        position=position,
        values=values,
        seen_version=seen_version,
        now=now,
    )
