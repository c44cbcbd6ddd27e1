"""What procurements brought: the words of reviews, and the kept figures of tenders, reviews and effects."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

COLUMNS = ("tendered", "single", "stayed", "reviewed", "summed", "brought")


def upgrade() -> None:
    op.create_table(
        "review_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supplier", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_review_words_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_review_words"),
        sa.UniqueConstraint("case_id", "review", "version", name="uq_review_words_case_id_review_version"),
    )
    guard("review_words")
    forget_figures()
    for name in ("tendered", "single", "stayed"):
        op.add_column("portfolio_cases", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, length in (("reviewed", 200), ("summed", 400)):
        op.add_column("portfolio_cases", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.add_column("portfolio_cases", sa.Column("brought", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    forget_figures()
    for name in reversed(COLUMNS):
        op.drop_column("portfolio_cases", name)
    unguard("review_words")
    op.drop_table("review_words")


def forget_figures() -> None:
    """They are counted anew by the worker: the rows have other columns, and the totals other groups."""
    op.execute("DELETE FROM portfolio_totals")
    op.execute("DELETE FROM portfolio_cases")
    op.execute("UPDATE portfolio_runs SET checked_at = NULL, changed_at = NULL, marks = '{}', waiting = '[]'")


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
