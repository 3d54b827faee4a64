"""what is over: found every hour by index, so that no hour reads a country."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_declarations_newer", "declarations", "declared_at", "number > 1"),
    ("ix_members_left", "members", "removed_at", "removed_at IS NOT NULL"),
    ("ix_messages_codes", "messages", "created_at", "kind = 'code'"),
)


def upgrade() -> None:
    for name, table, column, where in INDEXES:
        op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index(op.f("ix_papers_issued_at"), "papers", ["issued_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_papers_issued_at"), table_name="papers")
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
