"""PostgreSQL keeps what ranks a found case, its titles and codes, in a small column of its own: the whole vector need not be unpacked."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BETWEEN = "-–—_/\\.,;:@+()[]<>=&%#*!?\"''’”"
"""As in 0007: such characters part words; the apostrophe stands twice, as SQL wants it."""


def _vector(configuration: str, text: str, weight: str) -> str:
    words = f"translate({text}, '{BETWEEN}', '{' ' * (len(BETWEEN) - 1)}')"
    return f"setweight(to_tsvector('{configuration}', {words}), '{weight}')"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    headings = _vector("simple", "title || ' ' || plain", "A") + " || " + _vector("simple", "inside", "B")
    op.execute(f"ALTER TABLE case_texts ADD COLUMN heading_vector tsvector GENERATED ALWAYS AS ({headings}) STORED")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("case_texts", "heading_vector")
