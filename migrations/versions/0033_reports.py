"""Reports on a schedule, figures that cities share, and durations that come of them."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

SAID = "what was agreed, and reports that were sent, are kept as they are"
KEPT = ("figure_consent_acts", "reports_sent")


def upgrade() -> None:
    _consents()
    _counts()
    _schedules()
    op.execute("INSERT INTO shared_runs (id, cities) VALUES (1, '[]')")
    for table in KEPT:
        guard(table)


def downgrade() -> None:
    for table in KEPT:
        unguard(table)
    op.drop_index("ix_reports_sent_city", table_name="reports_sent")
    op.drop_table("reports_sent")
    op.drop_index("ix_report_schedules_next_on", table_name="report_schedules")
    op.drop_index("ix_report_schedules_city", table_name="report_schedules")
    for table in ("report_schedules", "network_durations", "shared_runs", "shared_tallies"):
        op.drop_table(table)
    op.drop_index("ix_figure_consent_acts_city", table_name="figure_consent_acts")
    op.drop_table("figure_consent_acts")
    op.drop_table("figure_consents")


def _consents() -> None:
    op.create_table(
        "figure_consents",
        sa.Column("organisation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_figure_consents_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_figure_consents")),
    )
    op.create_table(
        "figure_consent_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=10), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_figure_consent_acts_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_figure_consent_acts_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_consent_acts")),
    )
    op.create_index("ix_figure_consent_acts_city", "figure_consent_acts", ["organisation_id", "id"])


def _counts() -> None:
    op.create_table(
        "shared_tallies",
        sa.Column("city", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("city", "year", "procedure", name=op.f("pk_shared_tallies")),
    )
    op.create_table(
        "shared_runs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cities", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_runs")),
    )
    op.create_table(
        "network_durations",
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("median", sa.Integer(), nullable=False),
        sa.Column("slow", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("procedure", "stage", name=op.f("pk_network_durations")),
    )


def _schedules() -> None:
    op.create_table(
        "report_schedules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("formats", sa.JSON(), nullable=False),
        sa.Column("cadence", sa.String(length=10), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_report_schedules_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["receiver_id"], ["people.id"], name=op.f("fk_report_schedules_receiver_id_people")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_report_schedules_made_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedules")),
    )
    op.create_index("ix_report_schedules_city", "report_schedules", ["organisation_id", "id"])
    op.create_index("ix_report_schedules_next_on", "report_schedules", ["next_on"])
    op.create_table(
        "reports_sent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["report_schedules.id"], name=op.f("fk_reports_sent_schedule_id_report_schedules")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_reports_sent_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["receiver_id"], ["people.id"], name=op.f("fk_reports_sent_receiver_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports_sent")),
        sa.UniqueConstraint("key", name=op.f("uq_reports_sent_key")),
    )
    op.create_index("ix_reports_sent_city", "reports_sent", ["organisation_id", "id"])


def guard(table: str) -> None:
    """Rows are added only: the database itself refuses to change or remove one."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            )
        return
    op.execute(f"CREATE FUNCTION {table}_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SAID}'; END $$")
    op.execute(
        f"CREATE TRIGGER {table}_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_stay()"
    )


def unguard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}")
        return
    op.execute(f"DROP TRIGGER {table}_stay ON {table}")
    op.execute(f"DROP FUNCTION {table}_stay()")
