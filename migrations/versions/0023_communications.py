"""What a city tells of its procurements in public: the items of the plan, and every version of them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

WAITS = "state IN ('for_approval', 'approved')"


def words() -> list[sa.Column]:
    """The columns that an item and its versions share."""
    return [
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", sa.String(length=20), nullable=False),
        sa.Column("audience", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "communication_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *words(),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("author_role", sa.String(length=20), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_communication_items_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_communication_items_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_communication_items_author_id_people")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["people.id"], name=op.f("fk_communication_items_approved_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communication_items")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_communication_items_case_id_number")),
        sa.UniqueConstraint("case_id", "form_key", name=op.f("uq_communication_items_case_id_form_key")),
    )
    op.create_index(
        "ix_communication_items_waiting",
        "communication_items",
        ["organisation_id", "planned_on", "id"],
        sqlite_where=sa.text(WAITS),
        postgresql_where=sa.text(WAITS),
    )
    op.create_table(
        "communication_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        *words(),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["communication_items.id"], name=op.f("fk_communication_versions_item_id_communication_items")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_communication_versions_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communication_versions")),
    )
    op.create_index(op.f("ix_communication_versions_item_id"), "communication_versions", ["item_id"])
    guard("communication_versions")


def downgrade() -> None:
    unguard("communication_versions")
    op.drop_table("communication_versions")
    op.drop_table("communication_items")


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
