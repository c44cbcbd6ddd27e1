"""Kept figures on expert support, and the indexes by which requests are counted and listed."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "figure_totals",
        sa.Column("city", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("city", "topic", "month", name="pk_figure_totals"),
    )
    op.create_index("ix_figure_totals_topic", "figure_totals", ["topic", "city", "month"])
    op.create_index("ix_figure_totals_month", "figure_totals", ["month"])
    op.create_table(
        "figure_runs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("whole_on", sa.Date(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_figure_runs"),
    )
    op.execute("INSERT INTO figure_runs (id, marks) VALUES (1, '{}')")
    op.create_index("ix_support_requests_asked", "support_requests", ["asked_at", "id"])
    op.create_index("ix_support_requests_answered", "support_requests", ["answered_at"])
    op.create_index("ix_support_requests_newest", "support_requests", ["state", "id"])
    op.create_index("ix_support_requests_city_newest", "support_requests", ["organisation_id", "id"])
    op.create_index("ix_support_requests_expert_newest", "support_requests", ["expert_id", "state", "id"])
    op.create_index("ix_support_requests_unread", "support_requests", ["organisation_id", "state", "read_at"])
    op.create_index("ix_support_messages_act", "support_messages", ["act", "at"])


def downgrade() -> None:
    op.drop_index("ix_support_messages_act", "support_messages")
    for name in ("unread", "expert_newest", "city_newest", "newest"):
        op.drop_index(f"ix_support_requests_{name}", "support_requests")
    op.drop_index("ix_support_requests_answered", "support_requests")
    op.drop_index("ix_support_requests_asked", "support_requests")
    op.drop_table("figure_runs")
    op.drop_table("figure_totals")
