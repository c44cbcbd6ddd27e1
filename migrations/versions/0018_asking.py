"""Asking an expert: editions of support products, the log of requests without a case, what is shared and who has seen it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

REQUESTS = "support_requests"
GUARDED = ("support_products", "support_events", "support_sights")


def upgrade() -> None:
    op.create_table(
        "support_products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_support_products_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_products")),
        sa.UniqueConstraint("product", "edition", name=op.f("uq_support_products_product_edition")),
    )
    op.create_table(
        "support_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], [f"{REQUESTS}.id"], name=op.f("fk_support_events_request_id_support_requests")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_support_events_recorded_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_events")),
        sa.UniqueConstraint("request_id", "sequence", name=op.f("uq_support_events_request_id_sequence")),
    )
    op.create_table(
        "support_shares",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_by_id", sa.Integer(), nullable=False),
        sa.Column("shared_by", sa.String(length=200), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_by", sa.String(length=200), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["request_id"], [f"{REQUESTS}.id"], name=op.f("fk_support_shares_request_id_support_requests")),
        sa.ForeignKeyConstraint(["shared_by_id"], ["people.id"], name=op.f("fk_support_shares_shared_by_id_people")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_support_shares_revoked_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_shares")),
    )
    op.create_index("ix_support_shares_request", "support_shares", ["request_id", "id"])
    op.create_table(
        "support_sights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], [f"{REQUESTS}.id"], name=op.f("fk_support_sights_request_id_support_requests")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_support_sights_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_sights")),
        sa.UniqueConstraint("request_id", "person_id", "what", name=op.f("uq_support_sights_request_id_person_id_what")),
    )
    begin_shares()
    for table in GUARDED:
        guard(table)
    guard_shares()


def downgrade() -> None:
    unguard_shares()
    for table in GUARDED:
        unguard(table)
    for table in ("support_sights", "support_shares", "support_events", "support_products"):
        op.drop_table(table)


def begin_shares() -> None:
    """What is shared in the requests that stand was shared when they were asked, by who asked."""
    bind = op.get_bind()
    requests = sa.table(
        REQUESTS, sa.column("id", sa.Integer), sa.column("shares", sa.JSON), sa.column("asked_at", sa.DateTime(timezone=True)),
        sa.column("asked_by_id", sa.Integer),
    )  # fmt: skip
    people = sa.table("people", sa.column("id", sa.Integer), sa.column("name", sa.String))
    shares = sa.table(
        "support_shares", sa.column("request_id", sa.Integer), sa.column("what", sa.String),
        sa.column("shared_at", sa.DateTime(timezone=True)), sa.column("shared_by_id", sa.Integer), sa.column("shared_by", sa.String),
    )  # fmt: skip
    asked = sa.select(requests, people.c.name).join(people, people.c.id == requests.c.asked_by_id).order_by(requests.c.id)
    rows = [
        {
            "request_id": row.id, "what": what, "shared_at": row.asked_at, "shared_by_id": row.asked_by_id, "shared_by": row.name,
        }
        for row in bind.execute(asked)
        for what in row.shares
    ]  # fmt: skip
    if rows:
        bind.execute(sa.insert(shares), rows)


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


KEPT = ("id", "request_id", "what", "shared_at", "shared_by_id", "shared_by")


def guard_shares() -> None:
    """A share is closed once; nothing else of its row changes, and it is not removed."""
    if op.get_bind().dialect.name == "sqlite":
        same = " AND ".join(f"new.{column} IS old.{column}" for column in KEPT)
        op.execute(
            "CREATE TRIGGER support_shares_close_once BEFORE UPDATE ON support_shares "
            f"WHEN old.revoked_at IS NOT NULL OR new.revoked_at IS NULL OR NOT ({same}) "
            "BEGIN SELECT RAISE(ABORT, 'support_shares are closed once'); END"
        )
        op.execute(
            "CREATE TRIGGER support_shares_no_delete BEFORE DELETE ON support_shares "
            "BEGIN SELECT RAISE(ABORT, 'support_shares only grows'); END"
        )
        return
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in KEPT)
    op.execute(
        "CREATE FUNCTION support_shares_close_once() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR {changed} "
        "THEN RAISE EXCEPTION 'support_shares are closed once'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER support_shares_close_once BEFORE UPDATE ON support_shares "
        "FOR EACH ROW EXECUTE FUNCTION support_shares_close_once()"
    )
    op.execute(
        "CREATE FUNCTION support_shares_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'support_shares only grows'; END $$"
    )
    op.execute(
        "CREATE TRIGGER support_shares_only_grows BEFORE DELETE OR TRUNCATE ON support_shares "
        "FOR EACH STATEMENT EXECUTE FUNCTION support_shares_only_grows()"
    )


def unguard_shares() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER support_shares_close_once")
        op.execute("DROP TRIGGER support_shares_no_delete")
        return
    for name in ("close_once", "only_grows"):
        op.execute(f"DROP TRIGGER support_shares_{name} ON support_shares")
        op.execute(f"DROP FUNCTION support_shares_{name}()")
