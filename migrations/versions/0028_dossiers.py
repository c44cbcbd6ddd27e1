"""Dossiers: a whole case as a ZIP and as one PDF."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SAID = "dossiers are kept as they are"


def upgrade() -> None:
    op.create_table(
        "dossiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at_sequence", sa.Integer(), nullable=False),
        sa.Column("tender_material", sa.Boolean(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("zip_size", sa.BigInteger(), nullable=False),
        sa.Column("zip_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf_size", sa.BigInteger(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf_pages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_dossiers_case_id_cases")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_dossiers_asked_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers")),
        sa.UniqueConstraint("case_id", "number", name="uq_dossiers_case_id_number"),
    )
    op.create_index(op.f("ix_dossiers_due_at"), "dossiers", ["due_at"])
    guard()


def downgrade() -> None:
    unguard()
    op.drop_index(op.f("ix_dossiers_due_at"), table_name="dossiers")
    op.drop_table("dossiers")


def guard() -> None:
    """A dossier that is ready is never changed, and none is ever removed: the database itself refuses."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER dossiers_ready_stay BEFORE UPDATE ON dossiers WHEN OLD.state = 'ready' "
            f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )
        op.execute(f"CREATE TRIGGER dossiers_no_delete BEFORE DELETE ON dossiers BEGIN SELECT RAISE(ABORT, '{SAID}'); END")
        return
    op.execute(f"CREATE FUNCTION dossiers_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SAID}'; END $$")
    op.execute(
        "CREATE TRIGGER dossiers_ready_stay BEFORE UPDATE ON dossiers "
        "FOR EACH ROW WHEN (OLD.state = 'ready') EXECUTE FUNCTION dossiers_stay()"
    )
    op.execute(
        "CREATE TRIGGER dossiers_no_delete BEFORE DELETE OR TRUNCATE ON dossiers FOR EACH STATEMENT EXECUTE FUNCTION dossiers_stay()"
    )


def unguard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER dossiers_ready_stay")
        op.execute("DROP TRIGGER dossiers_no_delete")
        return
    op.execute("DROP TRIGGER dossiers_ready_stay ON dossiers")
    op.execute("DROP TRIGGER dossiers_no_delete ON dossiers")
    op.execute("DROP FUNCTION dossiers_stay()")
