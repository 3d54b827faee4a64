"""What accounts no longer need is deleted, not kept."""

from services.accounts.limits import LONGEST_WINDOW
from services.accounts.models import (
    AgentEnrolment,
    AgentSession,
    AgentSignIn,
    CitizenSession,
    CodeAttempt,
    LimitCount,
    RescuedPost,
)
from services.erasing import erasure_of_rows
from services.retention import due_before

ERASURES = (
    erasure_of_rows(
        "code_attempt", CodeAttempt.id, over=lambda now: CodeAttempt.expires_at < due_before("code_attempt", now)
    ),
    erasure_of_rows(
        "limit_count",
        LimitCount.limit,
        LimitCount.bucket,
        LimitCount.window_start,
        over=lambda now: LimitCount.window_start < due_before("limit_count", now) - LONGEST_WINDOW,
    ),
    erasure_of_rows(
        "session", CitizenSession.id, over=lambda now: CitizenSession.created_at < due_before("session", now)
    ),
    # Its end was written with it.
    erasure_of_rows("rescued_post", RescuedPost.id, over=lambda now: RescuedPost.expires_at <= now),
    erasure_of_rows(
        "agent_enrolment",
        AgentEnrolment.id,
        over=lambda now: AgentEnrolment.expires_at < due_before("agent_enrolment", now),
    ),
    erasure_of_rows(
        "agent_sign_in", AgentSignIn.id, over=lambda now: AgentSignIn.expires_at < due_before("agent_sign_in", now)
    ),
    erasure_of_rows(
        "agent_session", AgentSession.id, over=lambda now: AgentSession.created_at < due_before("agent_session", now)
    ),
)
