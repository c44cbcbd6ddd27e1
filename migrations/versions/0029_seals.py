"""Seals of issued documents, opinions and dossiers; finding a document by its fingerprint; how often files are checked."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SEALED = ("issued_documents", "support_opinion_versions", "dossiers")
FOUND_BY = (
    ("issued_documents", "sha256"), ("support_opinion_versions", "sha256"), ("dossiers", "pdf_sha256"), ("dossiers", "zip_sha256"),
)  # fmt: skip


def upgrade() -> None:
    for table in SEALED:
        op.add_column(table, sa.Column("seal_level", sa.String(length=4), nullable=False, server_default="none"))
        op.add_column(table, sa.Column("sealed_by", sa.String(length=300), nullable=False, server_default=""))
        op.add_column(table, sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True))
    for table, column in FOUND_BY:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_table(
        "verification_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_tries")),
    )
    op.create_index(op.f("ix_verification_tries_subject"), "verification_tries", ["subject"])
    op.create_index(op.f("ix_verification_tries_at"), "verification_tries", ["at"])


def downgrade() -> None:
    op.drop_table("verification_tries")
    for table, column in FOUND_BY:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    for table in SEALED:
        for column in ("sealed_at", "sealed_by", "seal_level"):
            op.drop_column(table, column)
