"""Making a code and having it sent, within the limits; for nobody in particular as for somebody."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.accounts.limits import count_attempt, forget_attempts
from services.accounts.models import CodeAttempt
from services.accounts.sessions import language_of
from services.crypto import keys
from services.messages import N_
from services.messaging import KIND_CODE, NOBODY, send_later
from services.population.register import facts_about, mobile_of

CODE_DIGITS = 6
# Each is one SMS: with its code at most 70 characters, in every language. A code is only as safe
# as its sentence: it says what the code does, and to give it to nobody.
CODE_MESSAGES: Mapping[str, str] = {
    "sign_in": N_("%(code)s is your Usrati code. Never give it to anyone."),
    "track": N_("%(code)s shows your request on Usrati. Never give it to anyone."),
    "join": N_("%(code)s adds you or your child to a household. Tell only that family."),
}
# Whoever is asked to join is not the one who reads the page: write to him in his own language.
TO_ANOTHER_READER = frozenset({"join"})


def send_code(session: Session, attempt: CodeAttempt, *, within_limits: bool, now: datetime) -> None:
    """Queue a fresh code for this attempt's person, or a job that sends nothing, and flush.

    Somebody, nobody, the dead and those without a mobile cost the same statements.
    """
    # One flush at the end: writing the attempt twice would betray that it got a code.
    with session.no_autoflush:
        asked = attempt.person_id or uuid4()
        mobile = _reachable_mobile(session, asked)
        bucket = mobile or attempt.identity_index.hex()
        goes = within_limits and count_attempt(session, limit=_phone_limit(attempt), value=bucket, now=now) is None
        locale = language_of(session, person_id=asked) if attempt.purpose in TO_ANOTHER_READER else None
    to = mobile if mobile is not None and goes else NOBODY
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    digest = digest_code(attempt.id, code)
    if to != NOBODY:
        attempt.code_digest = digest
    send_later(
        session,
        kind=KIND_CODE,
        to=to,
        person_id=attempt.person_id,
        locale=locale or attempt.locale,
        key=CODE_MESSAGES[attempt.purpose],
        params={"code": code},
        now=now,
    )


def identity_wait(session: Session, attempt: CodeAttempt, now: datetime) -> int | None:
    """Count one more code for what was declared. None when within the limits, else seconds."""
    for limit, value in _identity_limits(attempt):
        wait = count_attempt(session, limit=limit, value=value, now=now)
        if wait is not None:
            return wait
    return None


def forget_limits(session: Session, attempt: CodeAttempt) -> None:
    """The owner was there: what was counted against him is forgotten."""
    for limit, value in _identity_limits(attempt):
        forget_attempts(session, limit=limit, value=value)
    mobile = mobile_of(session, person_id=attempt.person_id) if attempt.person_id else None
    if mobile is not None:
        forget_attempts(session, limit=_phone_limit(attempt), value=mobile)


def digest_code(attempt_id: UUID, code: str) -> bytes:
    """The keyed digest by which a code is known; good for one attempt only."""
    return keys().digest("code", f"{attempt_id.hex}:{code}")


def _reachable_mobile(session: Session, person_id: UUID) -> str | None:
    facts = facts_about(session, person_ids=(person_id,)).get(person_id)
    mobile = mobile_of(session, person_id=person_id)
    return mobile if facts is not None and facts.alive else None


def _phone_limit(attempt: CodeAttempt) -> str:
    return f"{attempt.purpose}_code_per_phone"


def _identity_limits(attempt: CodeAttempt) -> tuple[tuple[str, str], ...]:
    identity = attempt.identity_index.hex()
    return (
        ("code_per_identity_and_address", f"{identity}:{attempt.address_index.hex()}"),
        ("code_per_identity", identity),
    )
