"""What households no longer need is deleted, not kept."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.households.draft_life import drop_expired_drafts
from services.households.models import MembershipClaim

# Longer than the code that belongs to it can be resent.
CLAIMS_KEPT = timedelta(days=1)


def forget_expired(session: Session, *, now: datetime) -> int:
    """End the drafts of which thirty days are over, delete the wishes whose codes are; how many."""
    old = sa.delete(MembershipClaim).where(MembershipClaim.made_at < now - CLAIMS_KEPT)
    claims = session.execute(old.returning(MembershipClaim.id)).all()
    return len(claims) + drop_expired_drafts(session, now=now)
