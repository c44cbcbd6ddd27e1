"""A city's open cases, the newest first, without a look at those that have ended."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

OPEN = sa.text("stage <> ''")


def upgrade() -> None:
    op.create_index(
        "ix_cases_open_newest", "cases", ["organisation_id", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_cases_open_newest", "cases")
