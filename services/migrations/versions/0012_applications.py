"""applications for a programme: what is asked, to whom and how it is paid, and what was decided."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPEN = sa.text("is_open")


def upgrade() -> None:
    op.create_table(
        "applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(length=20), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("payee_person_id", sa.Uuid(), nullable=False),
        sa.Column("payee_role", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("score_nano", sa.BigInteger(), nullable=True),
        sa.Column("limit_nano", sa.BigInteger(), nullable=True),
        sa.Column("model", sa.String(length=40), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("amount_dirhams", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_applications_household_id_households")
        ),
        sa.ForeignKeyConstraint(["id"], ["requests.id"], name=op.f("fk_applications_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
    )
    op.create_index(
        "ix_applications_one_open_of_a_programme",
        "applications",
        ["household_id", "programme"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_applications_one_open_of_a_programme", table_name="applications")
    op.drop_table("applications")
