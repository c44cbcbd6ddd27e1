"""The products that ship with the program: all there, in three languages; a fault names file and line."""

from pathlib import Path

import pytest

from procure.catalogue import products
from procure.catalogue.reading import CatalogueError
from procure.domain.products import PRODUCTS
from procure.domain.support import TOPICS


def test_every_product_is_there_once_in_its_order() -> None:
    assert [product.id for product in products.catalogue()] == list(PRODUCTS)
    assert {product.edition for product in products.catalogue()} == {"2026-11-01"}


def test_every_topic_has_a_product() -> None:
    assert {topic for product in products.catalogue() for topic in product.content.topics} == set(TOPICS)


@pytest.mark.parametrize(
    ("old", "new"),
    [('id = "sparring"', 'id = "singing"'), ('id = "sparring"', 'id = "pilot_design"'), ("days_to = 5", "days_to = 0"),
     ('topics = ["pilot"]', 'topics = ["astrology"]'), ('name.sv = "Kommunikationspaket"', 'name.sv = ""'),
     ("days_from = 1\n", "days_from = 1\nprice = 5\n")],
)  # fmt: skip
def test_data_that_cannot_be_used_is_refused_with_its_file(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "products.toml"
    whole = products.FILE.read_text(encoding="utf-8")
    assert old in whole
    path.write_text(whole.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"products\.toml:\d+"):
        products.load(path)
