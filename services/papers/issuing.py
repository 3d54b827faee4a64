"""Issuing papers: signed once a language, however often and by however many it is asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.papers.codes import new_code
from services.papers.kinds import Facts, PaperKind, content_digest
from services.papers.models import IssuedPaper
from services.papers.seals import seal_of
from services.requests.deadlines import day_in_morocco
from services.signing import sign

LOCALES = ("ar", "fr", "zgh")


PARTS = (
    IssuedPaper.code,
    IssuedPaper.kind,
    IssuedPaper.locale,
    IssuedPaper.key_id,
    IssuedPaper.issued_at,
    IssuedPaper.digest,
    IssuedPaper.signature,
)


@dataclass(frozen=True)
class Paper:
    """An issued paper. ``code`` is what ``/v/`` takes, ``digest`` SHA-256 of its facts."""

    code: str
    kind: str
    locale: str
    key_id: str
    issued_at: datetime
    digest: bytes
    signature: bytes

    @property
    def issued_on(self) -> date:
        """The day, in Morocco, on which it was issued."""
        return day_in_morocco(self.issued_at)


def find_papers(session: Session, *, kind: PaperKind, subject_id: UUID) -> dict[str, Paper]:
    """The papers of that kind that were issued for a request or a statement, by language, in one statement."""
    of_subject = (IssuedPaper.subject_id == subject_id, IssuedPaper.kind == kind.name)
    return {row.locale: Paper(**row._mapping) for row in session.execute(sa.select(*PARTS).where(*of_subject))}


def issue_papers(
    session: Session, *, kind: PaperKind, subject_id: UUID, locales: Collection[str] = LOCALES, now: datetime
) -> dict[str, Paper]:
    """Issue what is missing of a subject's papers of that kind; every one there then is, by language.

    Says nothing of who may have them. Raises NotFound where there is nothing to say in one yet.
    """
    issued = find_papers(session, kind=kind, subject_id=subject_id)
    missing = [locale for locale in locales if locale not in issued]
    if not missing:
        return issued
    facts = kind.facts_of(session, subject_id)
    if facts is None:
        raise NotFound(kind.name)
    try:
        with session.begin_nested():
            session.add_all([_sign(session, kind, subject_id, facts, locale, now) for locale in missing])
    except IntegrityError:
        # Another process issued it in the meantime: that one is the paper.
        pass
    return find_papers(session, kind=kind, subject_id=subject_id)


def _sign(session: Session, kind: PaperKind, subject_id: UUID, facts: Facts, locale: str, now: datetime) -> IssuedPaper:
    digest = content_digest(facts, locale=locale)
    code = new_code()
    signature = sign(session, seal_of(code=code, kind=kind.name, locale=locale, issued_at=now, digest=digest), now)
    return IssuedPaper(
        code=code,
        kind=kind.name,
        subject_id=subject_id,
        locale=locale,
        digest=digest,
        signature=signature.value,
        key_id=signature.key_id,
        issued_at=now,
    )
