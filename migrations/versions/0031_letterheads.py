"""Letterheads and standard clauses of cities in dated editions, and the letterhead that an issued document carries."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "city_letterheads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("both_names", sa.Boolean(), nullable=False),
        sa.Column("logo_sha256", sa.String(length=64), nullable=False),
        sa.Column("logo_key", sa.String(length=100), nullable=False),
        sa.Column("logo_width", sa.Integer(), nullable=False),
        sa.Column("logo_height", sa.Integer(), nullable=False),
        sa.Column("logo_size", sa.Integer(), nullable=False),
        *saved(),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_city_letterheads_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["people.id"], name=op.f("fk_city_letterheads_saved_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_letterheads")),
        sa.UniqueConstraint("organisation_id", "edition", name=op.f("uq_city_letterheads_organisation_id_edition")),
    )
    op.create_table(
        "city_clauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        *saved(),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_city_clauses_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["people.id"], name=op.f("fk_city_clauses_saved_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_clauses")),
        sa.UniqueConstraint("organisation_id", "number", "edition", name=op.f("uq_city_clauses_organisation_id_number_edition")),
    )
    for table in TABLES:
        guard(table)
    op.add_column("issued_documents", sa.Column("letterhead", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("issued_documents", "letterhead")
    for table in TABLES:
        unguard(table)
        op.drop_table(table)


TABLES = ("city_letterheads", "city_clauses")


def saved() -> tuple[sa.Column, ...]:
    return (
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.String(length=200), nullable=False),
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
