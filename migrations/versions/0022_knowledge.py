"""Knowledge articles: what is written, what is published, what was done to them, and whom they have helped."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ONLY_GROW = ("article_versions", "article_acts")


def upgrade() -> None:
    articles()
    texts()
    versions()
    acts()
    for table in ONLY_GROW:
        guard(table)


def articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_number", sa.Integer(), nullable=True),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("section", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("ask_on", sa.Date(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("thresholds", sa.String(length=10), nullable=False),
        sa.Column("deadlines", sa.String(length=10), nullable=False),
        sa.Column("procedures", sa.String(length=10), nullable=False),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_articles_owner_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("request_number", name=op.f("uq_articles_request_number")),
    )
    op.create_index("ix_articles_state", "articles", ["state", "id"])
    op.create_index("ix_articles_owner", "articles", ["owner_id", "state", "ask_on", "id"])
    op.create_index("ix_articles_ask", "articles", ["ask_on", "id"])
    for column in ("topic", "section", "stage"):
        op.create_index(f"ix_articles_{column}", "articles", [column, "helped", "id"])
    op.create_table(
        "article_questions",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_questions_article_id_articles")),
        sa.PrimaryKeyConstraint("article_id", "question", name=op.f("pk_article_questions")),
    )
    op.create_index("ix_article_questions_question", "article_questions", ["question", "article_id"])


def written() -> list[sa.Column[str]]:
    return [
        sa.Column("title", sa.String(length=200), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("question", "short_answer", "answer", "citations")),
    ]


def texts() -> None:
    op.create_table(
        "article_texts",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        *written(),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_texts_article_id_articles")),
        sa.PrimaryKeyConstraint("article_id", "language", name=op.f("pk_article_texts")),
    )
    op.create_table(
        "article_kept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_kept_article_id_articles")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_article_kept_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_kept")),
        sa.UniqueConstraint("article_id", "text", name=op.f("uq_article_kept_text")),
    )


def versions() -> None:
    op.create_table(
        "article_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        *written(),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_versions_article_id_articles")),
        sa.ForeignKeyConstraint(["published_by_id"], ["people.id"], name=op.f("fk_article_versions_published_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_versions")),
        sa.UniqueConstraint("article_id", "number", "language", name=op.f("uq_article_versions_number")),
    )


def acts() -> None:
    op.create_table(
        "article_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_acts_article_id_articles")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_article_acts_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_acts")),
    )
    op.create_index(op.f("ix_article_acts_article_id"), "article_acts", ["article_id"])
    op.create_table(
        "article_helped",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("instead", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_helped_article_id_articles")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_article_helped_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_helped")),
        sa.UniqueConstraint("article_id", "person_id", name=op.f("uq_article_helped_person")),
    )


def downgrade() -> None:
    for table in ONLY_GROW:
        unguard(table)
    for table in (
        "article_helped",
        "article_acts",
        "article_versions",
        "article_kept",
        "article_texts",
        "article_questions",
        "articles",
    ):
        op.drop_table(table)


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
