"""What the pages of the support catalogue need, as frozen records: the templates decide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from procure.domain import products
from procure.domain.products import Content, Product
from procure.support import pages
from procure.support.asking_models import SupportProduct


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product in words."""

    id: str
    edition: str
    retired: bool
    name: str
    for_whom: str
    city_gets: str
    needs: str
    days_from: int
    days_to: int
    topics: tuple[str, ...]


def card(product: Product, language: str) -> ProductCard:
    content = product.content
    return ProductCard(
        product.id, product.edition, product.retired, content.name[language], content.for_whom[language], content.city_gets[language],
        content.needs[language], content.days_from, content.days_to,
        tuple(pages.topic_name(topic, language) for topic in content.topics),
    )  # fmt: skip


def cards(found: Sequence[Product], language: str) -> list[ProductCard]:
    return [card(product, language) for product in found]


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition that a coordinator has made. `stands`: `now`, `to_come` or `past`."""

    number: int
    name: str
    valid_from: date
    retired: bool
    by: str
    at: datetime
    stands: str


def edition_lines(rows: Sequence[SupportProduct], language: str, today: date) -> list[EditionLine]:
    """The newest first: the first one in force is what holds now."""
    found: list[EditionLine] = []
    for row in rows:
        held = any(line.stands == "now" for line in found)
        stands = "to_come" if row.valid_from > today and not held else "past" if held else "now"
        name = products.read(row.content).name[language]
        found.append(EditionLine(row.edition, name, row.valid_from, row.retired, row.by, row.at, stands))
    return found


def newest(rows: Sequence[SupportProduct]) -> tuple[int, Content | None]:
    """Number and content of the coordinator's newest edition; 0 and None when there is none."""
    return (rows[0].edition, products.read(rows[0].content)) if rows else (0, None)
