"""The conversation in a request: questions that replies name, files of messages, meetings, who has seen what, answers by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    reference("support_messages", "question_id", "support_messages")
    op.add_column("support_messages", sa.Column("mail_key", sa.String(length=64), nullable=True))
    op.add_column("support_messages", sa.Column("left_out", sa.JSON(), nullable=False, server_default="[]"))
    op.create_index("ix_support_messages_mail", "support_messages", ["request_id", "mail_key"], unique=True)
    op.add_column("outbox", sa.Column("reply_to", sa.String(length=254), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("calendar", sa.Text(), nullable=False, server_default=""))
    files()
    meetings()
    op.create_table(
        "support_reads",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["support_requests.id"], name=op.f("fk_support_reads_request_id_support_requests")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_support_reads_person_id_people")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["support_messages.id"], name=op.f("fk_support_reads_message_id_support_messages")
        ),
        sa.PrimaryKeyConstraint("request_id", "person_id", "message_id", name=op.f("pk_support_reads")),
    )
    op.create_table(
        "mail_refusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("sender_domain", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_refusals")),
    )
    op.create_index(op.f("ix_mail_refusals_at"), "mail_refusals", ["at"])
    for table in ("support_meetings", "support_reads"):
        guard(table)


def files() -> None:
    op.create_table(
        "support_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=100), nullable=False),
        sa.Column("scan", sa.String(length=20), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scan_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["support_requests.id"], name=op.f("fk_support_files_request_id_support_requests")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["support_messages.id"], name=op.f("fk_support_files_message_id_support_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_files")),
    )
    for column in ("request_id", "message_id", "scan_due_at"):
        op.create_index(op.f(f"ix_support_files_{column}"), "support_files", [column])


def meetings() -> None:
    op.create_table(
        "support_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("organiser_id", sa.Integer(), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["support_requests.id"], name=op.f("fk_support_meetings_request_id_support_requests")
        ),
        sa.ForeignKeyConstraint(["organiser_id"], ["people.id"], name=op.f("fk_support_meetings_organiser_id_people")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_support_meetings_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_meetings")),
        sa.UniqueConstraint("request_id", "number", "version", name=op.f("uq_support_meetings_request_id_number_version")),
    )
    op.create_index(op.f("ix_support_meetings_request_id"), "support_meetings", ["request_id"])


def downgrade() -> None:
    raise NotImplementedError("What was said in a request cannot be unsaid.")


def reference(table: str, column: str, target: str) -> None:
    """A column that points to a row; written in the column itself, as SQLite adds no constraint to a table that stands."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT fk_{table}_{column}_{target} REFERENCES {target} (id)"
        )
        return
    op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
    op.create_foreign_key(op.f(f"fk_{table}_{column}_{target}"), table, target, [column], ["id"])


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
