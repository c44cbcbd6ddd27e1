"""A partner's row says the procedure and the stage of its case, so that the partner's filtered list reads one index and no other case."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEPT = ("procedure", "stage")


def upgrade() -> None:
    for name in KEPT:
        op.add_column("case_partners", sa.Column(name, sa.String(length=40), nullable=False, server_default=""))
    op.execute(
        "UPDATE case_partners SET procedure = (SELECT c.procedure FROM cases c WHERE c.id = case_partners.case_id), "
        "stage = (SELECT c.stage FROM cases c WHERE c.id = case_partners.case_id)"
    )
    for name in KEPT:
        op.create_index(f"ix_case_partners_{name}", "case_partners", ["organisation_id", name, "sort_date", "case_id"])


def downgrade() -> None:
    for name in KEPT:
        op.drop_index(f"ix_case_partners_{name}", "case_partners")
        op.drop_column("case_partners", name)
