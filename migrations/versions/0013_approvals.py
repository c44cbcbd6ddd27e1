"""Requests for sign-off and what the named persons have said."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=10), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("requester", sa.String(length=200), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_approvals_case_id_cases")),
        sa.ForeignKeyConstraint(["requester_id"], ["people.id"], name=op.f("fk_approvals_requester_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_approvals_case_id_number")),
    )
    op.create_table(
        "approval_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("said", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["approval_id"], ["approvals.id"], name=op.f("fk_approval_seats_approval_id_approvals")),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_approval_seats_holder_id_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_approval_seats_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_approval_seats_person_id_people")),
        sa.ForeignKeyConstraint(["said_by_id"], ["people.id"], name=op.f("fk_approval_seats_said_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_seats")),
        sa.UniqueConstraint("approval_id", "place", name=op.f("uq_approval_seats_approval_id_place")),
    )
    waits = sa.text("waits")
    for name, first in (("ix_approval_seats_mine", "holder_id"), ("ix_approval_seats_city", "organisation_id")):
        op.create_index(name, "approval_seats", [first, "due_on", "id"], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    for table in ("approval_seats", "approvals"):
        op.drop_table(table)
