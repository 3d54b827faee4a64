"""The receipt of a request: issued with it, in every language, and the same for ever."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.journal import Actor
from services.messages import Words
from services.papers.codes import new_code
from services.papers.models import IssuedPaper
from services.papers.seals import digest_of, seal_of
from services.requests.deadlines import day_in_morocco, last_day
from services.requests.states import STANDINGS, State
from services.requests.submission import Submitted, submit_request
from services.requests.tracking import find_request
from services.requests.views import RequestView
from services.signing import sign

RECEIPT = "receipt"
LOCALES = ("ar", "fr", "zgh")


@dataclass(frozen=True)
class Paper:
    """An issued paper, without its signature. ``code`` is what ``/v/`` takes."""

    code: str
    kind: str
    locale: str
    key_id: str
    issued_at: datetime

    @property
    def issued_on(self) -> date:
        """The day, in Morocco, on which it was issued."""
        return day_in_morocco(self.issued_at)


@dataclass(frozen=True)
class Receipt:
    """What is printed: the paper, the request, and what came next when it was sent, with its day.

    ``paper`` is None where the request is older than its language, or than the papers.
    """

    paper: Paper | None
    request: RequestView
    next_step: Words


def submit_with_receipt(
    session: Session, *, actor: Actor, household_id: UUID, submission_key: str, now: datetime
) -> Submitted:
    """Submit as :func:`submit_request` does, and issue the receipt in the same transaction."""
    sent = submit_request(session, actor=actor, household_id=household_id, submission_key=submission_key, now=now)
    _issue_missing(session, actor, sent.reference, LOCALES, now)
    return sent


def issue_receipt(session: Session, *, actor: Actor, reference: str, locale: str, now: datetime) -> Paper:
    """The receipt of a request in one language; issued once, however often it is asked for.

    Raises NotFound for a request that is not the actor's to see.
    """
    return _issue_missing(session, actor, reference, (locale,), now)[locale]


def find_receipt(session: Session, *, actor: Actor, reference: str, locale: str, now: datetime) -> Receipt:
    """What to print of a receipt that was issued. Writes nothing. Raises NotFound."""
    request = find_request(session, actor=actor, reference=reference, now=now)
    paper = _issued(session, request.id).get(locale)
    begun = STANDINGS[State.SUBMITTED]
    assert begun.deadline is not None
    return Receipt(paper, request, Words(begun.next_step, {"date": last_day(begun.deadline, request.submitted_at)}))


def receipt_digest(*, locale: str, reference: str, kind: str, submitted_at: datetime) -> bytes:
    """SHA-256 of what a receipt says: which request, of what kind, received when."""
    return digest_of({"locale": locale, "reference": reference, "request": kind, "submitted_at": submitted_at})


def _issue_missing(
    session: Session, actor: Actor, reference: str, locales: Iterable[str], now: datetime
) -> dict[str, Paper]:
    request = find_request(session, actor=actor, reference=reference, now=now)
    issued = _issued(session, request.id)
    missing = [locale for locale in locales if locale not in issued]
    if not missing:
        return issued
    try:
        with session.begin_nested():
            session.add_all([_sign(session, request, locale, now) for locale in missing])
    except IntegrityError:
        # Another process issued it in the meantime: that one is the receipt.
        pass
    return _issued(session, request.id)


def _sign(session: Session, request: RequestView, locale: str, now: datetime) -> IssuedPaper:
    digest = receipt_digest(
        locale=locale, reference=request.reference, kind=request.kind, submitted_at=request.submitted_at
    )
    code = new_code()
    seal = seal_of(code=code, kind=RECEIPT, locale=locale, issued_at=now, digest=digest)
    signature = sign(session, seal, now)
    return IssuedPaper(
        code=code,
        kind=RECEIPT,
        request_id=request.id,
        locale=locale,
        digest=digest,
        signature=signature.value,
        key_id=signature.key_id,
        issued_at=now,
    )


def _issued(session: Session, request_id: UUID) -> dict[str, Paper]:
    query = sa.select(
        IssuedPaper.code, IssuedPaper.kind, IssuedPaper.locale, IssuedPaper.key_id, IssuedPaper.issued_at
    ).where(IssuedPaper.request_id == request_id, IssuedPaper.kind == RECEIPT)
    return {row.locale: Paper(**row._mapping) for row in session.execute(query)}
