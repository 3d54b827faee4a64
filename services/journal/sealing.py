"""Sealing journal entries into the chain: by the worker, within seconds, one sealer at a time.

An entry whose transaction commits after a later number was sealed is not lost: the numbers that
were missing are remembered for an hour, and take their place in the chain when they appear.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.journal.chain import GENESIS, digest_of, head_statement, is_genuine, link_hash, link_mark, root_statement
from services.journal.models import JournalEntry, JournalHead, JournalLink, JournalRoot
from services.signing import sign

BATCH = 1000
GAP_KEPT = timedelta(hours=1)
LARGEST_GAP = 10_000
THE_HEAD = 1
_entries = JournalEntry.__table__.c


def sealing_is_due(session: Session, *, now: datetime) -> bool:
    """Whether something waits for :func:`seal_entries`: one or two statements, nothing locked."""
    head = session.get(JournalHead, THE_HEAD, populate_existing=True)
    if head is None:
        return session.scalar(sa.select(sa.exists(sa.select(_entries.id)))) or False
    waiting = sa.exists(sa.select(_entries.id).where(_waits(head)))
    return _root_is_due(head, now) or bool(session.scalar(sa.select(waiting)))


def seal_entries(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Give the next ``limit`` entries their links, and yesterday its root. How many were sealed.

    Returns 0 at once while somebody else seals.
    """
    head = _take_head(session, now)
    if head is None:
        return 0
    rooting = _root_is_due(head, now)
    if rooting:
        _add_root(session, head, now)
    entries = _waiting_entries(session, head, limit)
    if not entries and not rooting:
        return 0
    # The clock may have stepped back; the chain's does not.
    sealed_at = max(now, head.sealed_at)
    links = list(_links_of(entries, head, sealed_at))
    if links:
        session.execute(sa.insert(JournalLink), links)
        head.sequence, head.hash = links[-1]["sequence"], links[-1]["hash"]
    head.gaps = _gaps_after(head, entries, now)
    head.last_entry_id = max([head.last_entry_id, *(entry.id for entry in entries)])
    head.sealed_at = sealed_at
    _sign_head(session, head, now)
    session.flush()
    return len(links)


def _take_head(session: Session, now: datetime) -> JournalHead | None:
    free = sa.select(JournalHead).where(JournalHead.id == THE_HEAD).with_for_update(skip_locked=True)
    head = session.scalars(free.execution_options(populate_existing=True)).one_or_none()
    if head is not None or session.scalar(sa.select(sa.func.count(JournalHead.id))):
        return head
    first_id = session.scalar(sa.select(sa.func.min(_entries.id)))
    if first_id is None:
        return None
    try:
        with session.begin_nested():
            head = JournalHead(
                id=THE_HEAD,
                sequence=0,
                hash=GENESIS,
                last_entry_id=first_id - 1,
                first_proved_id=first_id,
                rooted=0,
                gaps={},
                sealed_at=now,
                key_id="",
                signature=b"",
            )
            session.add(head)
            session.flush()
    except IntegrityError:
        return None
    return head


def _waits(head: JournalHead) -> sa.ColumnElement[bool]:
    missed = [int(number) for number in head.gaps]
    waits = (_entries.id > head.last_entry_id) | _entries.id.in_(missed)
    return (_entries.id >= min([*missed, head.last_entry_id + 1])) & waits


def _waiting_entries(session: Session, head: JournalHead, limit: int) -> list[sa.Row[Any]]:
    found: list[sa.Row[Any]] = []
    last = head.last_entry_id
    for entry in session.execute(sa.select(*_entries).where(_waits(head)).order_by(_entries.id).limit(limit)):
        # A number far beyond the others that the service did not write would hide those that come:
        # it stays outside of the chain, where it is noticed.
        if entry.id - last <= LARGEST_GAP or is_genuine(entry):
            found.append(entry)
            last = max(last, entry.id)
    return found


def _links_of(entries: Sequence[sa.Row[Any]], head: JournalHead, sealed_at: datetime) -> Iterator[dict[str, Any]]:
    hash_ = head.hash
    for sequence, entry in enumerate(entries, start=head.sequence + 1):
        said = {"sequence": sequence, "entry_id": entry.id, "entry_digest": digest_of(entry), "sealed_at": sealed_at}
        hash_ = link_hash(hash_, **said)
        yield said | {"hash": hash_, "mark": link_mark(hash_)}


def _gaps_after(head: JournalHead, entries: Sequence[sa.Row[Any]], now: datetime) -> dict[str, Any]:
    sealed = {entry.id for entry in entries}
    newest = max([head.last_entry_id, *sealed])
    oldest_kept = (now - GAP_KEPT).timestamp()
    kept = {number: since for number, since in head.gaps.items() if int(number) not in sealed and since >= oldest_kept}
    missing = set(range(max(head.last_entry_id + 1, newest - LARGEST_GAP), newest)) - sealed
    return kept | {str(number): round(now.timestamp()) for number in sorted(missing)}


def _root_is_due(head: JournalHead, now: datetime) -> bool:
    return head.rooted < head.sequence and head.sealed_at.date() < now.date()


def _add_root(session: Session, head: JournalHead, now: datetime) -> None:
    day, first, last = head.sealed_at.date(), head.rooted + 1, head.sequence
    statement = root_statement(day=day, first_sequence=first, last_sequence=last, hash_=head.hash)
    signature = sign(session, statement, now)
    session.add(
        JournalRoot(
            day=day,
            first_sequence=first,
            last_sequence=last,
            hash=head.hash,
            key_id=signature.key_id,
            signature=signature.value,
        )
    )
    head.rooted = last


def _sign_head(session: Session, head: JournalHead, now: datetime) -> None:
    statement = head_statement(
        sequence=head.sequence,
        hash_=head.hash,
        last_entry_id=head.last_entry_id,
        first_proved_id=head.first_proved_id,
        rooted=head.rooted,
    )
    signature = sign(session, statement, now)
    head.key_id, head.signature = signature.key_id, signature.value
