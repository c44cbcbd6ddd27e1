"""Kept figures of the cities' cases."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "portfolio_cases",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("city", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("responsible", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("innovative", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("themes", sa.String(length=400), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("award_on", sa.Date(), nullable=True),
        sa.Column("contract_on", sa.Date(), nullable=True),
        sa.Column("passed", sa.String(length=1000), nullable=False),
        sa.Column("reworked", sa.String(length=1000), nullable=False),
        sa.Column("course", sa.JSON(), nullable=False),
        sa.Column("standstill", sa.Boolean(), nullable=False),
        sa.Column("exception", sa.Boolean(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("opinions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_portfolio_cases_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", name="pk_portfolio_cases"),
    )
    op.create_index("ix_portfolio_cases_city", "portfolio_cases", ["city", "case_id"])
    op.create_index("ix_portfolio_cases_month", "portfolio_cases", ["city", "month"])
    op.create_table(
        "portfolio_totals",
        sa.Column("city", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("responsible", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("city", "theme", "responsible", "month", "procedure", "state", name="pk_portfolio_totals"),
    )
    op.create_index("ix_portfolio_totals_month", "portfolio_totals", ["city", "month"])
    op.create_table(
        "portfolio_runs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("waiting", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_portfolio_runs"),
    )
    op.execute("INSERT INTO portfolio_runs (id, marks, waiting) VALUES (1, '{}', '[]')")


def downgrade() -> None:
    op.drop_table("portfolio_runs")
    op.drop_table("portfolio_totals")
    op.drop_table("portfolio_cases")
