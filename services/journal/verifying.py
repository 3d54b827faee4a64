"""Walking the whole chain and naming what was changed, removed or inserted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.journal.chain import GENESIS, digest_of, head_statement, is_genuine, link_hash, link_mark
from services.journal.models import JournalEntry, JournalHead, JournalLink
from services.journal.roots import Root, roots_of
from services.signing import Signature, verify

ROWS_AT_ONCE = 2000
MOST_FINDINGS = 1000
_entries = JournalEntry.__table__.c
_links = JournalLink.__table__.c
_Row = sa.RowMapping


@dataclass
class Verification:
    """One reading of the journal, in one snapshot. Iterate :meth:`run`; then the fields say what was found.

    ``findings`` is a sentence for each thing that is not as the service left it (``unsaid`` counts
    those beyond the first thousand). ``waiting`` counts the genuine entries that are not sealed
    yet, ``waiting_since`` is the oldest of them. ``kept_roots`` were kept outside of the database.
    """

    session: Session
    kept_roots: Sequence[Root] = ()
    findings: list[str] = field(default_factory=list)
    unsaid: int = 0
    sealed: int = 0
    last_entry_id: int | None = None
    sealed_at: datetime | None = None
    roots: list[Root] = field(default_factory=list)
    waiting: int = 0
    waiting_since: datetime | None = None

    def count(self) -> int:
        """How many links there are to walk."""
        self._open_snapshot()
        return self.session.scalar(sa.select(sa.func.count(_links.sequence))) or 0

    def run(self) -> Iterator[int]:
        """Walk the chain, then look at what stands beside it; yields how many links were walked."""
        self._open_snapshot()
        head = self.session.scalars(sa.select(JournalHead)).one_or_none()
        self.roots = roots_of(self.session)
        hashes = {root.last_sequence: b"" for root in [*self.roots, *self.kept_roots]}
        first_proved = head.first_proved_id if head else 0
        last, previous = 0, GENESIS
        for rows in self._chunks():
            for row in rows:
                if row["sequence"] != last + 1:
                    self._say(f"{_links_named(last + 1, row['sequence'] - 1)} removed from the chain")
                    self._check_link(row, None)
                else:
                    self._check_link(row, previous)
                self._check_entry(row, first_proved)
                last, previous = row["sequence"], row["hash"]
                if last in hashes:
                    hashes[last] = previous
            self.sealed += len(rows)
            self.last_entry_id, self.sealed_at = rows[-1]["entry_id"], rows[-1]["sealed_at"]
            yield len(rows)
        self._check_head(head, last, previous)
        self._check_roots(head, hashes)
        self._check_beside(head)
        self._check_copies()

    def _open_snapshot(self) -> None:
        if not self.session.in_transaction() and self.session.get_bind().dialect.name == "postgresql":
            self.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})

    def _say(self, finding: str) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)
        else:
            self.unsaid += 1

    def _chunks(self) -> Iterator[list[_Row]]:
        said_now = [column.label(f"now_{column.key}") for column in _entries]
        chosen = (
            sa.select(*_links, *said_now)
            .outerjoin_from(JournalLink, JournalEntry, _entries.id == _links.entry_id)
            .order_by(_links.sequence)
            .execution_options(yield_per=ROWS_AT_ONCE)
        )
        for rows in self.session.execute(chosen).mappings().partitions():
            yield list(rows)

    def _check_link(self, row: _Row, previous: bytes | None) -> None:
        said = {name: row[name] for name in ("sequence", "entry_id", "entry_digest", "sealed_at")}
        if previous is not None and link_hash(previous, **said) != row["hash"]:
            self._say(f"link {row['sequence']}, of entry {row['entry_id']}, was changed or does not follow the former")
        elif link_mark(row["hash"]) != row["mark"]:
            self._say(f"link {row['sequence']}, of entry {row['entry_id']}, was not made by the service")

    def _check_entry(self, row: _Row, first_proved: int) -> None:
        number = row["entry_id"]
        entry = SimpleNamespace(**{column.key: row[f"now_{column.key}"] for column in _entries})
        if entry.id is None:
            self._say(f"entry {number} was removed; it was sealed at {row['sealed_at']:%Y-%m-%d %H:%M:%S} UTC")
        elif digest_of(entry) != row["entry_digest"]:
            self._say(f"entry {number} was changed after it was sealed")
        elif number >= first_proved and not is_genuine(entry):
            self._say(f"entry {number} was inserted, or changed before it was sealed: the service wrote no such entry")

    def _check_head(self, head: JournalHead | None, last: int, hash_: bytes) -> None:
        if head is None:
            if last:
                self._say("the head of the chain was removed")
            return
        if last < head.sequence:
            self._say(f"{_links_named(last + 1, head.sequence)} removed from the end of the chain")
        elif last > head.sequence:
            self._say(f"{_links_named(head.sequence + 1, last)} inserted at the end of the chain")
        elif hash_ != head.hash:
            self._say("the head of the chain is not its last link: one of them was changed")
        statement = head_statement(
            sequence=head.sequence,
            hash_=head.hash,
            last_entry_id=head.last_entry_id,
            first_proved_id=head.first_proved_id,
            rooted=head.rooted,
        )
        if head.sequence and not verify(self.session, statement, Signature(head.key_id, head.signature)):
            self._say("the head of the chain was changed: it is not signed by the service")

    def _check_roots(self, head: JournalHead | None, hashes: Mapping[int, bytes]) -> None:
        last = 0
        for root in self.roots:
            if root.first_sequence != last + 1:
                self._say(f"the root over {_links_named(last + 1, root.first_sequence - 1, verb=False)} was removed")
            self._check_root(root, hashes, f"the root of {root.day}")
            last = root.last_sequence
        if head is not None and last < head.rooted:
            self._say(f"the root over {_links_named(last + 1, head.rooted, verb=False)} was removed")
        for root in self.kept_roots:
            self._check_root(root, hashes, f"the kept root of {root.day}")

    def _check_root(self, root: Root, hashes: Mapping[int, bytes], name: str) -> None:
        if not verify(self.session, root.statement, root.signature):
            self._say(f"{name} was changed: it is not signed by the service")
        elif hashes[root.last_sequence] != root.hash:
            self._say(f"{name} is not that of this chain: the chain up to link {root.last_sequence} was made anew")

    def _check_beside(self, head: JournalHead | None) -> None:
        sealed = sa.exists(sa.select(_links.entry_id).where(_links.entry_id == _entries.id))
        chosen = sa.select(*_entries).where(~sealed).order_by(_entries.id).execution_options(yield_per=ROWS_AT_ONCE)
        for entry in self.session.execute(chosen):
            if not (is_genuine(entry) or (head and entry.id < head.first_proved_id)):
                self._say(f"entry {entry.id} was inserted, or changed: the service wrote no such entry")
            elif head and entry.id <= head.last_entry_id and str(entry.id) not in head.gaps:
                self._say(f"entry {entry.id} stands outside of the chain: its link was removed")
            else:
                self.waiting += 1
                self.waiting_since = min(self.waiting_since or entry.at, entry.at)

    def _check_copies(self) -> None:
        first = sa.func.min(_entries.id).label("first")
        repeated = sa.select(_entries.proof, first).where(_entries.proof.is_not(None)).group_by(_entries.proof)
        many = repeated.having(sa.func.count() > 1).subquery()
        chosen = sa.select(_entries.id, many.c.first).join(many, many.c.proof == _entries.proof)
        for number, original in self.session.execute(chosen.where(_entries.id > many.c.first).order_by(_entries.id)):
            self._say(f"entry {number} was inserted: it is a copy of entry {original}")


def _links_named(first: int, last: int, *, verb: bool = True) -> str:
    if first == last:
        return f"link {first}" + (" was" if verb else "")
    return f"links {first} to {last}" + (" were" if verb else "")
