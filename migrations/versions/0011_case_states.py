"""Cases that are on hold or cancelled say so. A cancelled case has no stage, so the indexes of the stage serve its list too."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # with a default that PostgreSQL keeps in its catalogue and SQLite in its schema: neither writes a million rows anew
    op.add_column("cases", sa.Column("state", sa.String(length=10), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("cases", "state")
