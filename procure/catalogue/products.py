"""Reads the products of the support catalogue as they ship with the program."""

from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.outcomes import Refusal
from procure.domain.products import PRODUCTS, Content, Product, check_content

FILE: Final = Path(__file__).with_name("products.toml")


@cache
def catalogue() -> tuple[Product, ...]:
    """The products, read once. Raises CatalogueError as `load` does."""
    return load()


def load(path: Path = FILE) -> tuple[Product, ...]:
    """Every product in the file, in its order. Raises CatalogueError with file and line for anything that cannot be used."""
    table = read(path)
    edition = table.day("edition").isoformat()
    found = tuple(_product(entry, edition) for entry in table.tables("product"))
    table.finish()
    ids = [product.id for product in found]
    if lacking := [product for product in PRODUCTS if ids.count(product) != 1]:
        raise CatalogueError(f"{path}:1: each product must be there once: {', '.join(lacking)}")
    return found


def _product(table: Table, edition: str) -> Product:
    product = table.one_of("id", PRODUCTS)
    content = Content(
        table.trilingual("name"), table.trilingual("for_whom"), table.trilingual("city_gets"), table.trilingual("needs"),
        table.whole("days_from"), table.whole("days_to"), table.strings("topics"),
    )  # fmt: skip
    try:
        check_content(content)
    except Refusal as refusal:
        raise table.fault(f"{product}: {', '.join(reason.code for reason in refusal.reasons)}") from refusal
    table.finish()
    return Product(product, edition, content)
