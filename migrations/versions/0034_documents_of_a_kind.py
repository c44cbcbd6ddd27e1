"""A case has several documents of a kind that repeats; words that show tender material leave the log for rows that only grow; and a dossier says
what was chosen for it."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

KEY = "pk_document_texts"


def upgrade() -> None:
    with op.batch_alter_table("document_texts") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("about", sa.String(length=200), nullable=False, server_default=""))
        table.add_column(sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("document_texts") as table:
        table.drop_constraint(KEY, type_="primary")
        table.create_primary_key(KEY, ["case_id", "kind", "number"])
        table.alter_column("number", server_default=None)
        table.alter_column("about", server_default=None)
    op.add_column("issued_documents", sa.Column("about", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("dossiers", sa.Column("choice", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "sealed_words",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_sealed_words_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "kind", "number", "version", name=op.f("pk_sealed_words")),
    )
    guard("sealed_words")


def downgrade() -> None:
    """Back to one document a kind: the first of each stays."""
    unguard("sealed_words")
    op.drop_table("sealed_words")
    op.drop_column("dossiers", "choice")
    op.drop_column("issued_documents", "about")
    op.execute("DELETE FROM document_texts WHERE number > 1")
    with op.batch_alter_table("document_texts") as table:
        table.drop_constraint(KEY, type_="primary")
        table.create_primary_key(KEY, ["case_id", "kind"])
    with op.batch_alter_table("document_texts") as table:
        for name in ("set_aside_at", "about", "number"):
            table.drop_column(name)


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
