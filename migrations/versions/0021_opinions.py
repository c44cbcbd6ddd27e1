"""Opinions of experts: drafts, second readings, numbered versions. What was issued before becomes version 1 of its number."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

PARTS = ("question", "facts_used", "opinion", "alternatives_and_risks", "limits", "conflict_statement")
GUARDED = ("support_opinion_readings", "support_opinion_versions", "support_reviews")


def upgrade() -> None:
    op.create_table(
        "support_opinion_drafts",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        *parts(),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("confidence_reason", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        refers("support_opinion_drafts", "request_id", "support_requests"),
        refers("support_opinion_drafts", "author_id", "people"),
        sa.PrimaryKeyConstraint("request_id", "author_id", name=op.f("pk_support_opinion_drafts")),
    )
    op.create_table(
        "support_opinion_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        refers("support_opinion_readings", "request_id", "support_requests"),
        refers("support_opinion_readings", "asked_by_id", "people"),
        refers("support_opinion_readings", "reader_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_opinion_readings")),
    )
    for column in ("request_id", "reader_id"):
        op.create_index(op.f(f"ix_support_opinion_readings_{column}"), "support_opinion_readings", [column])
    versions()
    op.create_table(
        "support_opinion_counters",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_support_opinion_counters")),
    )
    number_what_was_issued()
    for table in GUARDED:
        guard(table)


def downgrade() -> None:
    for table in GUARDED:
        unguard(table)
    for table in ("counters", "versions", "readings", "drafts"):
        op.drop_table(f"support_opinion_{table}")


def parts() -> list[sa.Column[str]]:
    return [sa.Column(part, sa.Text(), nullable=False) for part in PARTS]


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def versions() -> None:
    op.create_table(
        "support_opinion_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *parts(),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("citations_edition", sa.String(length=20), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("confidence_reason", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("second_reader", sa.String(length=200), nullable=False),
        sa.Column("expert", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        refers("support_opinion_versions", "request_id", "support_requests"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_opinion_versions")),
        sa.UniqueConstraint("request_id", "version", name=op.f("uq_support_opinion_versions_request_id_version")),
        sa.UniqueConstraint("year", "number", "version", name=op.f("uq_support_opinion_versions_year_number_version")),
    )


def number_what_was_issued() -> None:
    """In the order of issue, each year from 1, as UTC has the year: the hours between it and Finland's matter to no number of old."""
    words = ", ".join(PARTS)
    year = "CAST(strftime('%Y', issued_at) AS INTEGER)"
    if op.get_bind().dialect.name != "sqlite":
        year = "CAST(EXTRACT(YEAR FROM issued_at AT TIME ZONE 'UTC') AS INTEGER)"
    op.execute(
        f"INSERT INTO support_opinion_versions (request_id, year, number, version, {words}, citations, citations_edition, confidence, "  # noqa: S608 - own names only
        "confidence_reason, changed, why, second_reader, expert, issued_at, language, sha256, size) "
        f"SELECT request_id, {year}, ROW_NUMBER() OVER (PARTITION BY {year} ORDER BY issued_at, request_id), 1, {words}, '[]', '', '', "
        "'', '', '', '', expert, issued_at, language, '', 0 FROM support_opinions ORDER BY issued_at, request_id"
    )
    op.execute(
        "INSERT INTO support_opinion_counters (year, last) SELECT year, MAX(number) FROM support_opinion_versions GROUP BY year"
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
