"""Periods of the law that events of a case have started."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_deadlines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.Date(), nullable=False),
        sa.Column("citation", sa.String(length=200), nullable=False),
        sa.Column("event_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.String(length=10), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("rolled_last_day", sa.Date(), nullable=False),
        sa.Column("safe_from", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("set_aside_by", sa.Integer(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_deadlines_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_deadlines")),
        sa.UniqueConstraint("case_id", "sequence", "rule", name="uq_case_deadlines_case_id_sequence_rule"),
    )


def downgrade() -> None:
    op.drop_table("case_deadlines")
