"""formulas loaded from files, the inputs of a country in columns, and the runs that score it anew."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COMPUTING = sa.text("state = 'computing'")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # What was scored so far counted from the day it was computed for.
    op.add_column("scores", sa.Column("takes_effect_on", sa.Date(), nullable=True))
    op.execute("UPDATE scores SET takes_effect_on = on_day")
    with op.batch_alter_table("scores") as batch_op:
        batch_op.alter_column("takes_effect_on", existing_type=sa.Date(), nullable=False)
    op.create_table(
        "score_models",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("official", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("loaded_at", AT, nullable=False),
        sa.Column("activated_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_models")),
    )
    op.create_table(
        "score_inputs",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_score_inputs_household_id_households")
        ),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_score_inputs")),
    )
    op.create_table(
        "score_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("takes_effect_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_at", AT, nullable=False),
        sa.Column("became_current_at", AT, nullable=True),
        sa.Column("after_household", sa.Uuid(), nullable=True),
        sa.Column("scored", sa.BigInteger(), nullable=False),
        sa.Column("told_household", sa.Uuid(), nullable=True),
        sa.Column("told_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_runs")),
    )
    op.create_index(
        "ix_score_runs_one_at_a_time",
        "score_runs",
        ["state"],
        unique=True,
        sqlite_where=COMPUTING,
        postgresql_where=COMPUTING,
    )
    op.create_table(
        "run_scores",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("total_nano", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("household_id", "run_id", name=op.f("pk_run_scores")),
    )


def downgrade() -> None:
    op.drop_table("run_scores")
    op.drop_index("ix_score_runs_one_at_a_time", table_name="score_runs")
    for table in ("score_runs", "score_inputs", "score_models"):
        op.drop_table(table)
    with op.batch_alter_table("scores") as batch_op:
        batch_op.drop_column("takes_effect_on")
