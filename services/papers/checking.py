"""Whether a paper is ours: what anyone may ask, and what may be said to anyone."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.messages import Words
from services.papers.codes import parse_code
from services.papers.kinds import KINDS, RECEIPT, content_digest
from services.papers.models import IssuedPaper
from services.papers.seals import seal_of
from services.requests.deadlines import day_in_morocco
from services.signing import Signature, public_keys, verify

NO_CODE = ""
NO_SUBJECT = UUID(int=0)


@dataclass(frozen=True)
class PaperCheck:
    """Genuine or unknown; of a genuine paper its kind, the day it was issued in Morocco and the key's id."""

    genuine: bool
    kind_words: Words | None = None
    issued_on: date | None = None
    key_id: str | None = None


UNKNOWN = PaperCheck(genuine=False)


def check_paper(session: Session, *, code: str) -> PaperCheck:
    """Whether we issued the paper with this code, however the code is written.

    A paper whose row, facts or signature were changed is unknown, like one that never was: four
    statements and one verification in every case.
    """
    row = session.execute(_PAPER.where(IssuedPaper.code == (parse_code(code) or NO_CODE))).one_or_none()
    kind = RECEIPT if row is None else KINDS.get(row.kind, RECEIPT)
    facts = kind.facts_of(session, NO_SUBJECT if row is None else row.subject_id)
    keys = public_keys(session)
    decoy = Signature(keys[0].key_id if keys else "", bytes(64))
    holds = verify(session, _seal(row), decoy if row is None else Signature(row.key_id, row.signature))
    # Where the facts were erased in their time, the signature alone speaks for the paper.
    if row is None or not holds or (facts and content_digest(facts, locale=row.locale) != row.digest):
        return UNKNOWN
    return PaperCheck(True, Words(kind.words), day_in_morocco(row.issued_at), row.key_id)


_PAPER = sa.select(
    IssuedPaper.code,
    IssuedPaper.kind,
    IssuedPaper.locale,
    IssuedPaper.digest,
    IssuedPaper.signature,
    IssuedPaper.key_id,
    IssuedPaper.issued_at,
    IssuedPaper.subject_id,
)


def _seal(row: Any) -> bytes:
    if row is None:
        return b"usrati paper 1"
    return seal_of(code=row.code, kind=row.kind, locale=row.locale, issued_at=row.issued_at, digest=row.digest)
