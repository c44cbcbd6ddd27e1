"""The network: the coordinator's facts over the data file, meetings, and what became of experts' profiles."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ONLY_GROW = ("network_facts", "network_meeting_changes", "expert_profile_changes")


def upgrade() -> None:
    op.create_table(
        "network_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fi", sa.Text(), nullable=False),
        sa.Column("sv", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        *by_whom("network_facts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_facts")),
        sa.UniqueConstraint("subject", "field", "version", name=op.f("uq_network_facts_subject_field_version")),
    )
    op.create_table(
        "network_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title_fi", sa.String(length=200), nullable=False),
        sa.Column("title_sv", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.String(length=5), nullable=False),
        sa.Column("ends", sa.String(length=5), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=400), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_meetings")),
        sa.UniqueConstraint("form_key", name=op.f("uq_network_meetings_form_key")),
    )
    op.create_index(op.f("ix_network_meetings_held_on"), "network_meetings", ["held_on"])
    op.create_table(
        "network_meeting_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        *by_whom("network_meeting_changes"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["network_meetings.id"], name=op.f("fk_network_meeting_changes_meeting_id_network_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_meeting_changes")),
        sa.UniqueConstraint("meeting_id", "version", name=op.f("uq_network_meeting_changes_meeting_id_version")),
    )
    op.create_table(
        "expert_profile_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        *by_whom("expert_profile_changes"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_expert_profile_changes_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_profile_changes")),
        sa.UniqueConstraint("person_id", "version", name=op.f("uq_expert_profile_changes_person_id_version")),
    )
    for table in ONLY_GROW:
        guard(table)


def downgrade() -> None:
    for table in ONLY_GROW:
        unguard(table)
    for table in ("expert_profile_changes", "network_meeting_changes", "network_meetings", "network_facts"):
        op.drop_table(table)


def by_whom(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f(f"fk_{table}_by_id_people")),
    )


def guard(table: str) -> None:
    """Rows of the table are evidence: the database itself refuses to change or remove them."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
    )


def unguard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}")
        return
    op.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
    op.execute(f"DROP FUNCTION {table}_only_grows()")
