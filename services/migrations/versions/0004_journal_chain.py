"""the chain that seals the journal."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GENESIS = hashlib.sha256(b"usrati journal 1").digest()


def upgrade() -> None:
    op.add_column("journal_entries", sa.Column("proof", sa.LargeBinary(length=24), nullable=True))
    op.create_table(
        "journal_links",
        sa.Column("sequence", NUMBER, autoincrement=False, nullable=False),
        sa.Column("entry_id", NUMBER, nullable=False),
        sa.Column("entry_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_journal_links")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_journal_links_entry_id")),
    )
    heads = op.create_table(
        "journal_heads",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", NUMBER, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_entry_id", NUMBER, nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("first_proved_id", NUMBER, nullable=False),
        sa.Column("rooted", NUMBER, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_heads")),
    )
    op.create_table(
        "journal_roots",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_sequence", NUMBER, nullable=False),
        sa.Column("last_sequence", NUMBER, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_journal_roots")),
    )
    _begin_after_what_stands(heads)


def _begin_after_what_stands(heads: sa.Table) -> None:
    # Entries written before there were proofs have none: they are sealed as they stand.
    entries = sa.table("journal_entries", sa.column("id"), sa.column("at", sa.DateTime(timezone=True)))
    connection = op.get_bind()
    first, last, at = connection.execute(
        sa.select(sa.func.min(entries.c.id), sa.func.max(entries.c.id), sa.func.max(entries.c.at))
    ).one()
    if first is not None:
        head = {"id": 1, "sequence": 0, "hash": GENESIS, "last_entry_id": first - 1, "gaps": {}, "rooted": 0}
        head |= {"first_proved_id": last + 1, "sealed_at": at, "key_id": "", "signature": b""}
        connection.execute(sa.insert(heads).values(head))


def downgrade() -> None:
    for table in ("journal_roots", "journal_heads", "journal_links"):
        op.drop_table(table)
    with op.batch_alter_table("journal_entries") as batch_op:
        batch_op.drop_column("proof")
