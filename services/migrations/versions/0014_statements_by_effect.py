"""A score of the same day that counts from another day has a statement of its own."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ONE_A_SCORE = "uq_score_statements_one_a_score"
COMPUTED_FROM = ["household_id", "declaration_id", "model", "on_day", "cause"]


def upgrade() -> None:
    _one_for_each([*COMPUTED_FROM, "takes_effect_on"])


def downgrade() -> None:
    _one_for_each(COMPUTED_FROM)


def _one_for_each(columns: list[str]) -> None:
    with op.batch_alter_table("score_statements") as batch_op:
        batch_op.drop_constraint(ONE_A_SCORE, type_="unique")
        batch_op.create_unique_constraint(ONE_A_SCORE, columns)
