"""What products are called where many are listed at once."""

from procure.catalogue import products
from procure.infra import clock
from procure.support import product_queries


def name_of(product: str, language: str) -> str:
    """The name in the list that ships; of a product that a coordinator has added, as it is called today; else its id."""
    shipped = next((one for one in products.catalogue() if one.id == product), None)
    found = shipped or product_queries.get(product, clock.today())
    return found.content.name[language] if found else product
