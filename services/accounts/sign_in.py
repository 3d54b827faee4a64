"""Signing in: identity number, sex and birth date, then the code that went to the phone on file."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services import journal
from services.accounts.codes import BegunCode, CodeOutcome, CodeResult, begin_code, check_code
from services.accounts.sessions import open_session, store_language
from services.errors import Unavailable
from services.population.birth_dates import BirthDate
from services.population.register import Answer, verify_identity


@dataclass(frozen=True)
class SignedIn:
    """A session has begun; ``secret`` is for the browser's cookie and stands nowhere else."""

    secret: str = field(repr=False)
    person_id: UUID


def begin_sign_in(
    session: Session, *, idcs: str, sex: str, birth_date: BirthDate, address: str, locale: str, now: datetime
) -> BegunCode:
    """Begin signing in with well-formed data; what comes of it does not tell whether they are right.

    Raises Unavailable while the register is closed, TooManyAttempts for the address.
    """
    found = verify_identity(session, idcs=idcs, birth_date=birth_date, sex=sex, now=now)
    if found.answer is Answer.NOT_AVAILABLE:
        raise Unavailable("the population register")
    return begin_code(
        session,
        purpose="sign_in",
        identity=f"{idcs}:{sex}:{birth_date.iso}",
        person_id=found.person_id,
        subject_id=None,
        address=address,
        locale=locale,
        now=now,
    )


def finish_sign_in(
    session: Session, *, attempt_id: UUID, code: str, locale: str, now: datetime
) -> SignedIn | CodeResult:
    """Open a session for the right code, and write to this person in ``locale`` from now on."""
    result = check_code(session, attempt_id=attempt_id, purpose="sign_in", code=code, now=now)
    if result.outcome is not CodeOutcome.RIGHT or result.person_id is None:
        return result
    person_id = result.person_id
    store_language(session, person_id=person_id, locale=locale, now=now)
    secret = open_session(session, person_id=person_id, now=now)
    journal.record(session, actor=journal.citizen(person_id), action="account.signed_in", now=now, person_id=person_id)
    session.flush()
    return SignedIn(secret, person_id)
