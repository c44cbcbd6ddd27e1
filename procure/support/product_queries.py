"""The support catalogue as it is: what ships with the program and the editions that coordinators have made. Open to everybody."""

from datetime import date

from sqlalchemy import select

from procure.catalogue import products as catalogue
from procure.domain import products
from procure.domain.products import Edition, Product
from procure.infra.db import db
from procure.support.asking_models import SupportProduct


def on(today: date) -> tuple[Product, ...]:
    """Every product as it is on that day, retired ones too. One question to the database."""
    rows = db.session.scalars(select(SupportProduct).order_by(SupportProduct.id))
    return products.offered(catalogue.catalogue(), [_edition(row) for row in rows], today)


def get(product: str, today: date) -> Product | None:
    """The product as it is on that day; None for one that is not there (yet)."""
    return next((one for one in on(today) if one.id == product), None)


def in_edition(product: str, edition: str) -> Product | None:
    """The product as it was in that edition: what a city asked for. None when there was none."""
    if not product:
        return None
    if edition.isdigit():
        statement = select(SupportProduct).where(SupportProduct.product == product, SupportProduct.edition == int(edition))
        row = db.session.scalar(statement)
        return Product(product, edition, products.read(row.content), row.retired) if row else None
    return next((one for one in catalogue.catalogue() if (one.id, one.edition) == (product, edition)), None)


def rows_of(product: str) -> list[SupportProduct]:
    """The editions that coordinators have made of a product, the newest first."""
    statement = select(SupportProduct).where(SupportProduct.product == product).order_by(SupportProduct.edition.desc())
    return list(db.session.scalars(statement))


def to_come(today: date) -> list[tuple[str, Product, date]]:
    """Editions that are not in force yet: id, what it will be and from when."""
    statement = (
        select(SupportProduct).where(SupportProduct.valid_from > today).order_by(SupportProduct.valid_from, SupportProduct.id)
    )
    return [
        (row.product, Product(row.product, str(row.edition), products.read(row.content), row.retired), row.valid_from)
        for row in db.session.scalars(statement)
    ]


def ids() -> list[str]:
    """Every id that coordinators have given or made an edition of."""
    return list(db.session.scalars(select(SupportProduct.product).distinct()))


def _edition(row: SupportProduct) -> Edition:
    return Edition(row.product, row.edition, row.valid_from, row.retired, products.read(row.content))
