"""What products are called where many are listed at once."""

from procure.catalogue import products
from procure.infra import clock
from procure.support import product_queries


def shipped(product: str, language: str) -> str:
    """The name in the list that ships; else the id. Asks no database, so that a long list may call it for every row."""
    found = next((one for one in products.catalogue() if one.id == product), None)
    return found.content.name[language] if found else product


def name_of(product: str, language: str) -> str:
    """As `shipped`; of a product that a coordinator has added, as it is called today."""
    name = shipped(product, language)
    found = product_queries.get(product, clock.today()) if product and name == product else None
    return found.content.name[language] if found else name
