"""How each city works: its closing days, the meetings of its bodies, and how long its steps take."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "city_closing_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_city_closing_days_changed_by_id_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_city_closing_days_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_closing_days")),
        sa.UniqueConstraint(
            "organisation_id", "first_day", "last_day", name=op.f("uq_city_closing_days_organisation_id_first_day_last_day")
        ),
    )
    op.create_table(
        "city_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_city_meetings_changed_by_id_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_city_meetings_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_meetings")),
        sa.UniqueConstraint("organisation_id", "held_on", "body", name=op.f("uq_city_meetings_organisation_id_held_on_body")),
    )
    op.create_table(
        "city_durations",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_city_durations_changed_by_id_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_city_durations_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "stage", name=op.f("pk_city_durations")),
    )


def downgrade() -> None:
    op.drop_table("city_durations")
    op.drop_table("city_meetings")
    op.drop_table("city_closing_days")
