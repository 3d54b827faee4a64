"""One-time codes by SMS: whoever reads the phone on file proves that he is that person.

Nobody learns from an attempt whether the register knows somebody. Every attempt, for a known
person or not, writes the same rows by the same statements and queues one job; the worker drops
the job that has no number. The page says the same for both, and so does every later answer.
"""

import hmac
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.code_sending import digest_code, forget_limits, identity_wait, send_code
from services.accounts.limits import count_attempt, network_of
from services.accounts.models import CodeAttempt
from services.crypto import INDEX_BYTES, blind_index
from services.errors import TooManyAttempts
from services.messaging.sending import CODE_LIFE
from services.population.identifiers import to_ascii_digits

MOST_TRIES = 5
RESEND_AFTER = timedelta(seconds=30)
RESENT_FOR = timedelta(hours=1)
# Two machines' clocks may differ a little; a clock further off was set back.
CLOCK_SKEW = timedelta(minutes=1)
LONGEST_INPUT = 200

Purpose = Literal["sign_in", "track", "join"]


@dataclass(frozen=True)
class BegunCode:
    """An attempt under way; its id stays with the browser that began it."""

    attempt_id: UUID


@dataclass(frozen=True)
class ResendOutcome:
    """``sent``, or how long to wait; neither (0 seconds) when the attempt is over: begin again."""

    sent: bool
    wait_seconds: int


class CodeOutcome(StrEnum):
    """What a code turned out to be."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"


@dataclass(frozen=True)
class CodeResult:
    """The two ids are set when RIGHT, ``tries_left`` (1 to 4) when WRONG."""

    outcome: CodeOutcome
    person_id: UUID | None = None
    subject_id: UUID | None = None
    tries_left: int = 0


def begin_code(
    session: Session,
    *,
    purpose: Purpose,
    identity: str,
    person_id: UUID | None,
    subject_id: UUID | None,
    address: str,
    locale: str,
    now: datetime,
) -> BegunCode:
    """Begin an attempt, and have a code sent to ``person_id`` if he lives and has a mobile.

    ``identity`` is all that was declared, normalised: it names the limit, so that only someone who
    knows as much as the owner can use up his codes. Raises TooManyAttempts for ``address`` only.
    """
    network = network_of(address)
    wait = count_attempt(session, limit="code_per_address", value=network, now=now)
    if wait is not None:
        raise TooManyAttempts(wait)
    attempt = CodeAttempt(
        purpose=purpose,
        subject_id=subject_id,
        person_id=person_id,
        identity_index=blind_index("code identity", f"{purpose}:{identity}"),
        address_index=blind_index("code address", network),
        locale=locale,
        begun_at=now,
        code_digest=None,
        sent_at=now,
        expires_at=now + CODE_LIFE,
        tries=0,
        used_at=None,
    )
    within_limits = identity_wait(session, attempt, now) is None
    session.add(attempt)
    send_code(session, attempt, within_limits=within_limits, now=now)
    return BegunCode(attempt.id)


def resend_code(session: Session, *, attempt_id: UUID, now: datetime) -> ResendOutcome:
    """Send a new code instead of the last, once 30 seconds have passed.

    Says the same for an attempt to which no code goes. A code already sent stays good when the
    limits allow no new one.
    """
    attempt = _lock(session, attempt_id)
    if attempt is None or attempt.used_at is not None or now - attempt.begun_at >= RESENT_FOR:
        return ResendOutcome(sent=False, wait_seconds=0)
    since = now - attempt.sent_at
    if -CLOCK_SKEW <= since < RESEND_AFTER:
        left = RESEND_AFTER - max(since, timedelta(0))
        return ResendOutcome(sent=False, wait_seconds=math.ceil(left.total_seconds()))
    wait = identity_wait(session, attempt, now)
    if wait is not None:
        return ResendOutcome(sent=False, wait_seconds=wait)
    attempt.sent_at, attempt.expires_at, attempt.tries = now, now + CODE_LIFE, 0
    send_code(session, attempt, within_limits=True, now=now)
    return ResendOutcome(sent=True, wait_seconds=0)


def check_code(session: Session, *, attempt_id: UUID, purpose: Purpose, code: str, now: datetime) -> CodeResult:
    """Is this the attempt's code? RIGHT once; of several checks at once, one.

    OVER: used, expired, tried too often, unknown, or begun for something else.
    """
    attempt = _lock(session, attempt_id)
    digest = digest_code(attempt_id, _digits(code))
    if attempt is None or attempt.purpose != purpose or not _is_open(attempt, now):
        return CodeResult(CodeOutcome.OVER)
    if hmac.compare_digest(digest, attempt.code_digest or bytes(INDEX_BYTES)):
        attempt.used_at = now
        forget_limits(session, attempt)
        session.flush()
        return CodeResult(CodeOutcome.RIGHT, attempt.person_id, attempt.subject_id)
    attempt.tries += 1
    session.flush()
    left = MOST_TRIES - attempt.tries
    return CodeResult(CodeOutcome.WRONG, tries_left=left) if left else CodeResult(CodeOutcome.OVER)


def settle_codes(session: Session, *, now: datetime) -> int:
    """Close for good each code whose time is over, or that was sent in a time to come; how many that were.

    Done every half minute: no clock that is set back, or comes round again, makes one good.
    """
    over = (CodeAttempt.expires_at <= now) | (CodeAttempt.sent_at > now + CLOCK_SKEW)
    still_open = (CodeAttempt.used_at.is_(None), CodeAttempt.tries < MOST_TRIES)
    if not session.scalar(sa.select(sa.exists().where(over, *still_open))):
        return 0
    closed = sa.update(CodeAttempt).where(over, *still_open).values(tries=MOST_TRIES)
    return len(session.execute(closed.returning(CodeAttempt.id)).all())


def _lock(session: Session, attempt_id: UUID) -> CodeAttempt | None:
    return session.get(CodeAttempt, attempt_id, with_for_update=True, populate_existing=True)


def _is_open(attempt: CodeAttempt, now: datetime) -> bool:
    in_time = attempt.sent_at - CLOCK_SKEW <= now < attempt.expires_at
    return in_time and attempt.used_at is None and attempt.tries < MOST_TRIES


def _digits(text: str) -> str:
    return "".join(sign for sign in to_ascii_digits(text[:LONGEST_INPUT]) if sign in "0123456789")
