"""Documents that are being printed apart from the request."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=60), nullable=False),
        sa.Column("work", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("making", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("href", sa.String(length=1000), nullable=False),
        sa.Column("back", sa.String(length=1000), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=True),
        sa.Column("result_key", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_document_jobs_case_id_cases")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_document_jobs_asked_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_jobs")),
        sa.UniqueConstraint("asked_by_id", "work", "digest", name="uq_document_jobs_asked"),
        sa.UniqueConstraint("making", name=op.f("uq_document_jobs_making")),
    )
    op.create_index(op.f("ix_document_jobs_due_at"), "document_jobs", ["due_at"])
    op.create_index(op.f("ix_document_jobs_digest"), "document_jobs", ["digest"])


def downgrade() -> None:
    op.drop_table("document_jobs")
