"""What accounts no longer need is deleted, not kept."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.limits import LONGEST_WINDOW
from services.accounts.models import CitizenSession, CodeAttempt, LimitCount, RescuedPost
from services.accounts.sessions import REMEMBERED

# Longer than any attempt can be resent, and than a clock is likely to be wrong.
ATTEMPTS_KEPT = timedelta(days=1)


def forget_expired(session: Session, *, now: datetime) -> int:
    """Delete old attempts, counts, sessions and rescued posts; how many rows that was."""
    old = (
        sa.delete(CodeAttempt).where(CodeAttempt.expires_at < now - ATTEMPTS_KEPT),
        sa.delete(LimitCount).where(LimitCount.window_start < now - LONGEST_WINDOW - ATTEMPTS_KEPT),
        sa.delete(CitizenSession).where(CitizenSession.created_at < now - REMEMBERED),
        sa.delete(RescuedPost).where(RescuedPost.expires_at <= now),
    )
    return sum(len(session.execute(statement.returning(sa.literal(1))).all()) for statement in old)
