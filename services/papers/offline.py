"""A paper's square code, and whether it is genuine without asking us: the published keys are enough.

The code holds ``<address>/v/<code>#<payload>``. What follows ``#`` is kept by the telephone that
reads it: no server receives it, so it stands in no log. Its base64url opens to 111 bytes: version,
kind, language, instant (microseconds since 1970), digest of the facts, key, signature. Nothing of
it says anything about a person, nor the score.
"""

import base64
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.papers.codes import parse_code
from services.papers.issuing import LOCALES, Paper
from services.papers.kinds import KINDS, PaperKind, content_digest
from services.papers.printed import read_facts
from services.papers.seals import seal_of
from services.signing import verify_with

VERSION = 1
LAYOUT = struct.Struct(">BBBq32s4s64s")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PAYLOAD = re.compile(r"[A-Za-z0-9_-]+")
BY_NUMBER = {kind.number: kind for kind in KINDS.values()}


class NotGenuine(Exception):
    """The text is not that of a paper of ours, or what the paper says is not what was signed."""


@dataclass(frozen=True)
class OfflinePaper:
    """What the square code of a paper says."""

    code: str
    kind: PaperKind
    locale: str
    issued_at: datetime
    digest: bytes
    key_id: str
    signature: bytes


def square_text(paper: Paper, *, public_url: str) -> str:
    """What the square code of a paper holds."""
    packed = LAYOUT.pack(
        VERSION,
        KINDS[paper.kind].number,
        LOCALES.index(paper.locale),
        (paper.issued_at - EPOCH) // MICROSECOND,
        paper.digest,
        bytes.fromhex(paper.key_id),
        paper.signature,
    )
    return f"{public_url}/v/{paper.code}#{base64.urlsafe_b64encode(packed).decode()}"


def read_square(text: str) -> OfflinePaper:
    """What the text of a square code says, whoever wrote it. Raises NotGenuine for what is none."""
    address, _, payload = text.strip().partition("#")
    code = parse_code(address.rpartition("/")[2])
    if code is None or not PAYLOAD.fullmatch(payload) or len(payload) * 3 != LAYOUT.size * 4:
        raise NotGenuine("this is not the text of the square code of a paper")
    version, kind, locale, at, digest, key, signature = LAYOUT.unpack(base64.urlsafe_b64decode(payload))
    if version != VERSION or kind not in BY_NUMBER or locale >= len(LOCALES):
        raise NotGenuine("this square code is of a kind that is not known here")
    try:
        issued_at = EPOCH + at * MICROSECOND
    except OverflowError:
        raise NotGenuine("this square code is of no day that there is") from None
    return OfflinePaper(code, BY_NUMBER[kind], LOCALES[locale], issued_at, digest, key.hex(), signature)


def verify_square(text: str, *, keys: Mapping[str, bytes], facts: Mapping[str, str] | None = None) -> OfflinePaper:
    """The paper of a square code, if one of ``keys`` (32 bytes by id) signed just this.

    With the ``facts`` that the paper prints, as typed by name, also whether they are those that
    were signed. Raises NotGenuine with the reason, LookupError where facts are missing or unknown.
    """
    paper = read_square(text)
    if paper.key_id not in keys:
        raise NotGenuine(f"the key {paper.key_id} is not one of the public keys")
    signed = {name: getattr(paper, name) for name in ("code", "locale", "issued_at", "digest")}
    if not verify_with(keys[paper.key_id], seal_of(kind=paper.kind.name, **signed), paper.signature):
        raise NotGenuine("the signature does not hold: the text was changed, or we never signed it")
    if facts:
        said = read_facts(paper.kind.printed, facts)
        if content_digest(said, locale=paper.locale) != paper.digest:
            raise NotGenuine("the facts are not those that were signed")
    return paper
