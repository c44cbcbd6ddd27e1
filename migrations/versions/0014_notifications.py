"""How people want to be told, what waits for a digest, absences, reminders; letters as HTML; since when a case stands still."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _person(table: str, column: str = "person_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["people.id"], name=f"fk_{table}_{column}_people")


def upgrade() -> None:
    op.create_table(
        "notification_choices",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("cadence", sa.String(length=10), nullable=False),
        _person("notification_choices"),
        sa.PrimaryKeyConstraint("person_id", "kind", name="pk_notification_choices"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("cadence", sa.String(length=10), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        _person("notices"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("key", name="uq_notices_key"),
    )
    _open_index("ix_notices_waiting", "notices", ["cadence", "person_id", "at"], "sent_at IS NULL")
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        _person("absences"),
        _person("absences", "delegate_id"),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
    )
    op.create_index("ix_absences_person", "absences", ["person_id", "last_day"])
    op.create_table(
        "reminder_runs",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_reminder_runs_organisation_id_organisations"),
        sa.PrimaryKeyConstraint("organisation_id", "day", name="pk_reminder_runs"),
    )
    op.add_column("outbox", sa.Column("html", sa.Text(), nullable=False, server_default=""))
    op.add_column("cases", sa.Column("last_event_on", sa.Date(), nullable=True))
    _fill_last_event()
    _open_index("ix_cases_quiet", "cases", ["organisation_id", "last_event_on", "id"], "stage <> ''")
    _open_index(
        "ix_case_deadlines_open", "case_deadlines", ["rolled_last_day", "id"], "met_on IS NULL AND set_aside_by IS NULL"
    )  # fmt: skip


def _open_index(name: str, table: str, columns: list[str], condition: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def _fill_last_event() -> None:
    """The Finnish day of each case's last entry; two hours are near enough where the database knows no zones."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    day = "date(e.recorded_at, '+2 hours')" if on_sqlite else "(e.recorded_at AT TIME ZONE 'Europe/Helsinki')::date"
    last = f"SELECT {day} FROM case_events e WHERE e.case_id = cases.id AND e.sequence = cases.last_sequence"  # noqa: S608
    op.execute(f"UPDATE cases SET last_event_on = ({last})")  # noqa: S608 - own words only


def downgrade() -> None:
    op.drop_index("ix_case_deadlines_open", table_name="case_deadlines")
    op.drop_index("ix_cases_quiet", table_name="cases")
    op.drop_column("cases", "last_event_on")
    op.drop_column("outbox", "html")
    for table in ("reminder_runs", "absences", "notices", "notification_choices"):
        op.drop_table(table)
