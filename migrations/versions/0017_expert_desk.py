"""What a request to the experts carries from the desk: product, first questions, targets, merging; reviews; what experts know.

A request may stand without a case.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "support_requests"
    op.add_column(table, sa.Column("idea_title", sa.String(length=300), nullable=False, server_default=""))
    op.add_column(table, sa.Column("kind", sa.String(length=20), nullable=False, server_default="advice"))
    op.add_column(table, sa.Column("product", sa.String(length=40), nullable=False, server_default=""))
    op.add_column(table, sa.Column("product_edition", sa.String(length=20), nullable=False, server_default=""))
    op.add_column(table, sa.Column("details", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column(table, sa.Column("first_answer_by", sa.Date(), nullable=True))
    op.add_column(table, sa.Column("first_answer_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(table, sa.Column("priority", sa.String(length=10), nullable=False, server_default="normal"))
    reference(table, "second_expert_id", "people")
    reference(table, "merged_into_id", table)
    op.add_column(table, sa.Column("passed_on_to", sa.String(length=200), nullable=False, server_default=""))
    may_be_null("case_id INTEGER")
    op.create_table(
        "support_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=True),
        sa.Column("clear", sa.Integer(), nullable=True),
        sa.Column("in_time", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], [f"{table}.id"], name=op.f("fk_support_reviews_request_id_support_requests")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_support_reviews_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_reviews")),
    )
    op.create_index(op.f("ix_support_reviews_request_id"), "support_reviews", ["request_id"])
    op.create_table(
        "expert_profiles",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("not_cities", sa.JSON(), nullable=False),
        sa.Column("most_open", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_expert_profiles_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_expert_profiles")),
    )


def downgrade() -> None:
    raise NotImplementedError("Requests without a case cannot go back to a table that has none.")


def reference(table: str, column: str, target: str) -> None:
    """A column that points to a row; written in the column itself, as SQLite adds no constraint to a table that stands."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT fk_{table}_{column}_{target} REFERENCES {target} (id)"
        )
        return
    op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
    op.create_foreign_key(op.f(f"fk_{table}_{column}_{target}"), table, target, [column], ["id"])


def may_be_null(column: str) -> None:
    """SQLite would make the table anew, which its children forbid: only the words of its definition change, as its manual describes."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.alter_column("support_requests", column.split()[0], nullable=True)
        return
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'support_requests' AND sql LIKE ?",
        (f"{column} NOT NULL", column, f"%{column} NOT NULL%"),
    )
    assert changed.rowcount == 1
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
