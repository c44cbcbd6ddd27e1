"""The coordinator's desk: what a request was sorted as, to whom it was offered, and notes that no city sees."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

REQUESTS = "support_requests"


def upgrade() -> None:
    op.create_index("ix_support_requests_second", REQUESTS, ["second_expert_id", "state"])
    op.create_table(
        "support_triages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("urgency", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("first_answer_by", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *by_whom("support_triages"),
    )
    op.create_index(op.f("ix_support_triages_request_id"), "support_triages", ["request_id"])
    op.create_table(
        "support_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_support_proposals_person_id_people")),
        *by_whom("support_proposals"),
    )
    op.create_index(op.f("ix_support_proposals_request_id"), "support_proposals", ["request_id"])
    op.create_index("ix_support_proposals_person", "support_proposals", ["person_id", "answer", "request_id"])
    op.create_table(
        "support_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], [f"{REQUESTS}.id"], name=op.f("fk_support_notes_request_id_support_requests")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_support_notes_author_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_notes")),
    )
    op.create_index(op.f("ix_support_notes_request_id"), "support_notes", ["request_id"])
    for table in ("support_triages", "support_notes"):
        guard(table)


def downgrade() -> None:
    for table in ("support_notes", "support_triages"):
        unguard(table)
    for table in ("support_notes", "support_proposals", "support_triages"):
        op.drop_table(table)
    op.drop_index("ix_support_requests_second", REQUESTS)


def by_whom(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Who did it in which request, and when."""
    return (
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], [f"{REQUESTS}.id"], name=op.f(f"fk_{table}_request_id_{REQUESTS}")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f(f"fk_{table}_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
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
