"""The support catalogue: what the network offers the cities, in editions. Practice, not law (domain facts A.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from procure.domain.language import LANGUAGES, Trilingual
from procure.domain.outcomes import Reason, Refusal
from procure.domain.support import TOPICS

PRODUCTS: Final = (
    "sparring", "need_clarification", "market_dialogue", "procedure_law_review", "criteria_lcc_review", "ipr_contract_review",
    "pilot_design", "impact_plan", "joint_procurement", "communications_package",
)  # fmt: skip
"""The products that ship with the program; a coordinator adds others."""

TEXTS: Final = ("name", "for_whom", "city_gets", "needs")
MOST_DAYS: Final = 250
"""Working days: about a year."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is said of a product. `days_from`, `days_to`: working days from the first talk to the result, at the least and the most.
    `topics`: what it is about (domain.support.TOPICS)."""

    name: Trilingual
    for_whom: Trilingual
    city_gets: Trilingual
    needs: Trilingual
    days_from: int
    days_to: int
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """A product in one of its editions. `edition`: the date of the data that ships with the program, or the coordinator's number.
    `retired`: no longer offered."""

    id: str
    edition: str
    content: Content
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as a coordinator has made it. `number` counts from 1 within the product."""

    product: str
    number: int
    valid_from: date
    retired: bool
    content: Content


def offered(shipped: Sequence[Product], editions: Sequence[Edition], today: date) -> tuple[Product, ...]:
    """Every product as it is on that day, retired ones too: the newest edition in force, else what ships with the program. The
    program's come first, then the others in the order in which they were added."""
    found = {product.id: product for product in shipped}
    for edition in sorted(editions, key=lambda one: one.number):
        if edition.valid_from <= today:
            found[edition.product] = Product(edition.product, str(edition.number), edition.content, edition.retired)
    return tuple(found.values())


def next_id(taken: Sequence[str]) -> str:
    """An id for a product that a coordinator adds: `own_1`, `own_2` …"""
    numbers = [int(product.removeprefix("own_")) for product in taken if product.removeprefix("own_").isdigit()]
    return f"own_{max(numbers, default=0) + 1}"


def check_content(content: Content) -> None:
    """Every text in every language, days that run upwards, at least one topic. Raises Refusal with every reason."""
    reasons = [
        Reason("product_text_missing", target=f"{part}_{language}")
        for part in TEXTS
        for language in LANGUAGES
        if not getattr(content, part)[language].strip()
    ]
    if not 1 <= content.days_from <= content.days_to <= MOST_DAYS:
        reasons.append(Reason("product_days_wrong", {"most": str(MOST_DAYS)}, target="days_to"))
    if not content.topics or not set(content.topics) <= set(TOPICS):
        reasons.append(Reason("product_topics_missing", target="topics"))
    if reasons:
        raise Refusal(*reasons)


def check_day(valid_from: date, today: date) -> None:
    """An edition holds from today or a later day: what a city was told yesterday stays as it was. Raises Refusal."""
    if valid_from < today:
        raise Refusal(Reason("product_day_past", {"today": today.isoformat()}, target="valid_from"))


def written(content: Content) -> dict[str, Any]:
    """The content as it is kept."""
    texts = {part: {language: getattr(content, part)[language] for language in LANGUAGES} for part in TEXTS}
    return {**texts, "days_from": content.days_from, "days_to": content.days_to, "topics": list(content.topics)}


def read(kept: Mapping[str, Any]) -> Content:
    """The content from what `written` made."""
    texts = {part: Trilingual(*(kept[part][language] for language in LANGUAGES)) for part in TEXTS}
    return Content(**texts, days_from=kept["days_from"], days_to=kept["days_to"], topics=tuple(kept["topics"]))
