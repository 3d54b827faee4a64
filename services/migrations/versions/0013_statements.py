"""statements of a score, and papers that are of a request or of a statement."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OF_REQUESTS, OF_SUBJECTS = "uq_papers_request_id_kind_locale", "uq_papers_subject_id_kind_locale"


def upgrade() -> None:
    with op.batch_alter_table("papers") as batch_op:
        batch_op.drop_constraint(OF_REQUESTS, type_="unique")
        batch_op.alter_column("request_id", new_column_name="subject_id")
    # The new name is known to SQLite's copy of the table only once the first is done.
    with op.batch_alter_table("papers") as batch_op:
        batch_op.create_unique_constraint(OF_SUBJECTS, ["subject_id", "kind", "locale"])
    op.create_table(
        "score_statements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("total_nano", sa.BigInteger(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("takes_effect_on", sa.Date(), nullable=False),
        sa.Column("inputs", sa.LargeBinary(length=32), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_statements")),
        sa.UniqueConstraint(
            "household_id",
            "declaration_id",
            "model",
            "on_day",
            "cause",
            name="uq_score_statements_one_a_score",
        ),
    )
    op.create_index(op.f("ix_score_statements_issued_at"), "score_statements", ["issued_at"])


def downgrade() -> None:
    op.drop_table("score_statements")
    with op.batch_alter_table("papers") as batch_op:
        batch_op.drop_constraint(OF_SUBJECTS, type_="unique")
        batch_op.alter_column("subject_id", new_column_name="request_id")
    with op.batch_alter_table("papers") as batch_op:
        batch_op.create_unique_constraint(OF_REQUESTS, ["request_id", "kind", "locale"])
