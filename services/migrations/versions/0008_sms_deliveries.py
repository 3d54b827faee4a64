"""what the gateway reports of messages, and how many leave in a second."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WAITING = sa.text("to_sealed IS NOT NULL AND sent_at IS NULL AND given_up_at IS NULL")
COLUMNS = (
    ("parts", sa.Integer()),
    ("next_try_at", sa.DateTime(timezone=True)),
    ("delivery", sa.String(length=12)),
    ("delivery_at", sa.DateTime(timezone=True)),
    ("reason", sa.String(length=40)),
)


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("messages", sa.Column(name, kind, nullable=True))
    op.create_index(op.f("ix_messages_created_at"), "messages", ["created_at"])
    op.create_index(op.f("ix_messages_sent_at"), "messages", ["sent_at"])
    op.create_index("ix_messages_waiting", "messages", ["created_at"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_table(
        "sms_pace",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_pace")),
    )


def downgrade() -> None:
    op.drop_table("sms_pace")
    for name in ("ix_messages_waiting", "ix_messages_sent_at", "ix_messages_created_at"):
        op.drop_index(name, "messages")
    with op.batch_alter_table("messages") as batch_op:
        for name, _ in reversed(COLUMNS):
            batch_op.drop_column(name)
