"""retention: what a declaration said can be erased, and what is over is found by index."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
FORMING = sa.text("state = 'forming'")


def upgrade() -> None:
    op.add_column("declarations", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_drafts_open_until", "drafts", ["expires_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "ix_households_forming_since", "households", ["created_at"], sqlite_where=FORMING, postgresql_where=FORMING
    )
    op.create_index(op.f("ix_requests_submitted_at"), "requests", ["submitted_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_requests_submitted_at"), table_name="requests")
    op.drop_index("ix_households_forming_since", table_name="households")
    op.drop_index("ix_drafts_open_until", table_name="drafts")
    op.drop_column("declarations", "erased_at")
