"""The texts of each case for searching, with the index of each database; the views and columns that a person keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = "readers, title, plain, fi, sv, en, inside"

BETWEEN = "-–—_/\\.,;:@+()[]<>=&%#*!?\"''’”"  # the apostrophe stands twice, as SQL wants it
"""PostgreSQL's parser takes addresses, paths and signed numbers as one word each; here such characters part words."""


def _vector(configuration: str, text: str) -> str:
    return f"to_tsvector('{configuration}', translate({text}, '{BETWEEN}', '{' ' * (len(BETWEEN) - 1)}'))"


def _whole_vector() -> str:
    headings = [
        _vector("simple", "title || ' ' || plain"),
        *(_vector(name, "title") for name in ("finnish", "swedish", "english")),
    ]
    texts = [
        _vector("simple", "fi || ' ' || sv || ' ' || en"),
        _vector("finnish", "fi"),
        _vector("swedish", "sv"),
        _vector("english", "en"),
    ]
    return " || ".join(
        [
            "array_to_tsvector(string_to_array(readers, ' '))",
            *(f"setweight({heading}, 'A')" for heading in headings),
            f"setweight({_vector('simple', 'inside')}, 'B')",
            *texts,
        ]
    )


def upgrade() -> None:
    op.create_table(
        "case_texts",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("readers", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("fi", sa.Text(), nullable=False),
        sa.Column("sv", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("inside", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_texts_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_texts")),
    )
    _index_on_postgres() if op.get_bind().dialect.name == "postgresql" else _index_on_sqlite()
    _carry_over()
    op.drop_column("cases", "search_text")
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=600), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_saved_views_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("person_id", "kind", "name", name=op.f("uq_saved_views_person_id_kind_name")),
    )


def _index_on_postgres() -> None:
    op.execute(f"ALTER TABLE case_texts ADD COLUMN vector tsvector GENERATED ALWAYS AS ({_whole_vector()}) STORED")
    op.execute("CREATE INDEX ix_case_texts_vector ON case_texts USING gin (vector)")


def _index_on_sqlite() -> None:
    """An index beside the table, which holds the texts, kept up to date by triggers. ä and ö stay letters of their own."""
    op.execute(
        f"CREATE VIRTUAL TABLE case_search USING fts5({COLUMNS}, content='case_texts', content_rowid='case_id', "
        "tokenize='unicode61 remove_diacritics 0', prefix='3 4')"
    )
    new, old = (", ".join(f"{row}.{name}" for name in COLUMNS.split(", ")) for row in ("new", "old"))
    add = f"INSERT INTO case_search (rowid, {COLUMNS}) VALUES (new.case_id, {new});"  # noqa: S608 - own names only
    remove = f"INSERT INTO case_search (case_search, rowid, {COLUMNS}) VALUES ('delete', old.case_id, {old});"  # noqa: S608
    for act, body in (("INSERT", add), ("DELETE", remove), ("UPDATE", f"{remove} {add}")):
        op.execute(f"CREATE TRIGGER case_texts_{act.lower()} AFTER {act} ON case_texts BEGIN {body} END")


def _carry_over() -> None:
    """What the list could be searched by before; `procure reindex` adds the answers."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    partners, line = (
        ("string_agg(' @' || p.organisation_id, '')", "chr(10)")
        if on_postgres
        else ("group_concat(' @' || p.organisation_id, '')", "char(10)")
    )
    op.execute(
        f"INSERT INTO case_texts (case_id, {COLUMNS}) "  # noqa: S608 - own names only
        f"SELECT c.id, '@' || c.organisation_id || COALESCE((SELECT {partners} FROM case_partners p WHERE p.case_id = c.id), ''), "
        f"c.title_fi || CASE WHEN c.title_sv <> c.title_fi THEN {line} || c.title_sv ELSE '' END "
        f"|| CASE WHEN c.title_en NOT IN (c.title_fi, c.title_sv) THEN {line} || c.title_en ELSE '' END, "
        "c.reference, '', '', '', '' FROM cases c"
    )


def downgrade() -> None:
    op.drop_table("saved_views")
    op.add_column("cases", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE case_search")
    op.drop_table("case_texts")
