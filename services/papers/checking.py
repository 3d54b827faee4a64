"""Whether a paper is ours: what anyone may ask, and what may be said to anyone."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.messages import N_, Words
from services.papers.codes import parse_code
from services.papers.models import IssuedPaper
from services.papers.receipts import RECEIPT, receipt_digest
from services.papers.seals import seal_of
from services.requests.deadlines import day_in_morocco
from services.requests.models import Request
from services.signing import Signature, public_keys, verify

KIND_WORDS = {RECEIPT: N_("Receipt of a request")}
NO_CODE = ""


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

    A paper whose row, request or signature was changed is unknown, like one that never was: three
    statements and one verification in every case.
    """
    row = session.execute(_PAPER.where(IssuedPaper.code == (parse_code(code) or NO_CODE))).one_or_none()
    keys = public_keys(session)
    decoy = Signature(keys[0].key_id if keys else "", bytes(64))
    holds = verify(session, _seal(row), decoy if row is None else Signature(row.key_id, row.signature))
    if row is None or not holds or not _says_what_was_signed(row):
        return UNKNOWN
    return PaperCheck(True, Words(KIND_WORDS[row.kind]), day_in_morocco(row.issued_at), row.key_id)


_PAPER = sa.select(
    IssuedPaper.code,
    IssuedPaper.kind,
    IssuedPaper.locale,
    IssuedPaper.digest,
    IssuedPaper.signature,
    IssuedPaper.key_id,
    IssuedPaper.issued_at,
    Request.reference,
    Request.kind.label("request_kind"),
    Request.submitted_at,
).outerjoin(Request, Request.id == IssuedPaper.request_id)


def _seal(row: Any) -> bytes:
    if row is None:
        return b"usrati paper 1"
    return seal_of(code=row.code, kind=row.kind, locale=row.locale, issued_at=row.issued_at, digest=row.digest)


def _says_what_was_signed(row: Any) -> bool:
    if row.reference is None:
        # The request was erased in its time: the signature alone speaks for the paper.
        return True
    content = receipt_digest(
        locale=row.locale, reference=row.reference, kind=row.request_kind, submitted_at=row.submitted_at
    )
    return bool(content == row.digest)
