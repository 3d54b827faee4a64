"""What a family does to itself: somebody leaves, another becomes the head, the form is sent."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.households.declaring import submit_draft
from services.households.members import (
    change_head,
    remove_member,
)
from services.journal import citizen
from tests.services.households.families import (
    Someone,
    answer_everything,
    see,
)


def remove(session: Session, declarant: Someone, who: Someone, now: datetime, by: Someone | None = None) -> Any:
    view = see(session, declarant, now)
    member = view.member_of(who.id)
    assert member is not None
    actor = citizen((by or declarant).id)
    return remove_member(session, actor=actor, household_id=view.id, member_id=member.id, now=now)


def make_head(session: Session, declarant: Someone, who: Someone, former: str | None, now: datetime) -> Any:
    view = see(session, declarant, now)
    member = view.member_of(who.id)
    assert member is not None
    return change_head(
        session,
        actor=citizen(declarant.id),
        household_id=view.id,
        member_id=member.id,
        relation_of_former_head=former,
        now=now,
    )


def submit(session: Session, declarant: Someone, now: datetime) -> None:
    submit_draft(session, actor=citizen(declarant.id), draft_id=answer_everything(session, declarant, now), now=now)


def relations(session: Session, declarant: Someone, now: datetime) -> list[str]:
    return [member.relation for member in see(session, declarant, now).members]
