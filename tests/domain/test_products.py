"""The support catalogue: which edition holds on which day, and what a product has to say."""

from dataclasses import replace
from datetime import date

import pytest

from procure.domain import products
from procure.domain.language import LANGUAGES, Trilingual
from procure.domain.outcomes import Refusal
from procure.domain.products import Content, Edition, Product

WORDS = Trilingual("suomi", "svenska", "English")
CONTENT = Content(WORDS, WORDS, WORDS, WORDS, 5, 10, ("funding",))
SHIPPED = (Product("sparring", "2026-11-01", CONTENT), Product("pilot_design", "2026-11-01", CONTENT))
TODAY = date(2026, 11, 10)
TEXTS_OF_FORM = {f"{part}_{language}": f"{part}_{language} words" for part in products.TEXTS for language in LANGUAGES}
"""As the coordinator's form sends them."""


def edition(number: int, valid_from: date, retired: bool = False, product: str = "sparring") -> Edition:
    return Edition(product, number, valid_from, retired, CONTENT)


def held(*editions: Edition) -> tuple[str, bool]:
    found = products.offered(SHIPPED, editions, TODAY)[0]
    return found.edition, found.retired


def test_without_own_editions_what_ships_with_the_program_is_offered() -> None:
    assert products.offered(SHIPPED, (), TODAY) == SHIPPED


def test_an_edition_holds_from_its_own_day() -> None:
    assert held(edition(1, TODAY)) == ("1", False)
    assert held(edition(1, date(2026, 11, 11))) == ("2026-11-01", False)


def test_of_the_editions_in_force_the_one_made_last_counts() -> None:
    assert held(edition(2, date(2026, 11, 3)), edition(1, date(2026, 11, 5))) == ("2", False)
    assert held(edition(1, date(2026, 11, 3)), edition(2, date(2026, 12, 1))) == ("1", False)


def test_a_retired_product_is_still_there_and_a_later_edition_brings_it_back() -> None:
    assert held(edition(1, TODAY, retired=True)) == ("1", True)
    assert held(edition(1, TODAY, retired=True), edition(2, TODAY)) == ("2", False)


def test_a_product_of_the_coordinator_stands_after_those_of_the_program() -> None:
    found = products.offered(SHIPPED, [edition(1, TODAY, product="own_1")], TODAY)
    assert [product.id for product in found] == ["sparring", "pilot_design", "own_1"]


def test_a_new_product_gets_the_number_after_the_highest() -> None:
    assert products.next_id([]) == "own_1"
    assert products.next_id(["sparring", "own_2", "own_10"]) == "own_11"


@pytest.mark.parametrize("part", products.TEXTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_needed_in_every_language(part: str, language: str) -> None:
    texts = {code: " " if code == language else "words" for code in LANGUAGES}
    with pytest.raises(Refusal) as refused:
        products.check_content(replace(CONTENT, **{part: Trilingual(**texts)}))
    assert [(reason.code, reason.target) for reason in refused.value.reasons] == [("product_text_missing", f"{part}_{language}")]


@pytest.mark.parametrize(("least", "most"), [(0, 5), (6, 5), (1, products.MOST_DAYS + 1)])
def test_days_run_upwards_from_one_to_a_year(least: int, most: int) -> None:
    with pytest.raises(Refusal) as refused:
        products.check_content(replace(CONTENT, days_from=least, days_to=most))
    assert refused.value.reasons[0].code == "product_days_wrong"


@pytest.mark.parametrize("topics", [(), ("astrology",), ("funding", "astrology")])
def test_a_product_is_about_topics_that_exist(topics: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as refused:
        products.check_content(replace(CONTENT, topics=topics))
    assert refused.value.reasons[0].code == "product_topics_missing"


def test_an_edition_cannot_hold_from_a_day_that_is_past() -> None:
    products.check_day(TODAY, TODAY)
    with pytest.raises(Refusal):
        products.check_day(date(2026, 11, 9), TODAY)


def test_what_is_kept_reads_back_as_it_was() -> None:
    assert products.read(products.written(CONTENT)) == CONTENT
