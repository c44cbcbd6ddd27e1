"""A city's letterhead: its logo, who writes, where to reach them, and which edition holds on a day.

An edition is never changed: each saving makes the next one, which holds from its own first day.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol, TypeVar

from procure.domain.language import LANGUAGES, Trilingual, pick
from procure.domain.outcomes import Reason, Refusal

IN_LANGUAGES: Final = ("unit", "street", "place", "registry", "footer")
"""What is written in Finnish, Swedish and English where they differ."""
ALIKE: Final = ("post_code", "phone", "email", "web", "business_id")
"""What is the same in every language."""
LONGEST: Final = 120
LONGEST_FOOTER: Final = 200
"""Characters."""
LARGEST_LOGO: Final = 1024 * 1024
"""Bytes, as it arrives."""
LOGO_SIDES: Final = range(60, 2501)
"""Pixels that each side of a logo may have."""

_SHAPES: Final = {
    "post_code": re.compile(r"\d{5}"),
    "phone": re.compile(r"\+?[\d ()\-]{5,30}"),
    "email": re.compile(r"[^@\s<>]{1,64}@[^@\s<>]+\.[^@\s<>]{2,}"),
    "web": re.compile(r"(https?://)?[^\s/@<>]+\.[^\s<>]{2,}"),
}
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as it is kept: remade from its pixels. Sides in pixels, size in bytes."""

    sha256: str
    storage_key: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True)
class Letterhead:
    """One edition. `words`: name in IN_LANGUAGES -> language -> text; `facts`: name in ALIKE -> text. Empty ones are left out."""

    edition: int
    valid_from: date
    words: Mapping[str, Mapping[str, str]]
    facts: Mapping[str, str]
    both_names: bool
    """The city's Finnish and Swedish names stand side by side."""
    logo: Logo | None

    def word(self, name: str, language: str) -> str:
        """In that language, else in the first that there is; "" for nothing."""
        return pick(dict(self.words.get(name, {})), language)

    @property
    def empty(self) -> bool:
        """Documents look as they do without a letterhead."""
        return not (self.words or self.facts or self.both_names or self.logo)


@dataclass(frozen=True, slots=True)
class Sender:
    """A city as it writes: its names, and every edition of its letterhead."""

    names: Trilingual
    editions: tuple[Letterhead, ...] = ()


class Edition(Protocol):
    @property
    def edition(self) -> int: ...
    @property
    def valid_from(self) -> date: ...


E = TypeVar("E", bound=Edition)


def holding(editions: Iterable[E], day: date) -> E | None:
    """The one that holds on the day: the latest first day that has come, and of two with the same the later edition."""
    begun = [one for one in editions if one.valid_from <= day]
    return max(begun, key=lambda one: (one.valid_from, one.edition), default=None)


def is_business_id(text: str) -> bool:
    """Whether a Finnish business id (Y-tunnus) has its form and its check digit: 0201416-8."""
    if not re.fullmatch(r"\d{7}-\d", text):
        return False
    left = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text[:7], strict=True)) % 11
    return left != 1 and int(text[-1]) == (0 if left == 0 else 11 - left)


def tidied(words: Mapping[str, Mapping[str, str]], facts: Mapping[str, str]) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Without what is empty, blanks alike, in one fixed order: the same letterhead typed twice is the same."""
    kept = {
        name: {code: text for code in LANGUAGES if (text := " ".join(words.get(name, {}).get(code, "").split()))}
        for name in IN_LANGUAGES
    }
    return (
        {name: texts for name, texts in kept.items() if texts},
        {name: text for name in ALIKE if (text := " ".join(facts.get(name, "").split()))},
    )


def check(facts: Mapping[str, str], valid_from: date, today: date) -> None:
    """The form of what has a form, and a first day that is not over. Raises Refusal with every reason."""
    reasons = [
        Reason(f"letterhead_{name}", target=name)
        for name, shape in _SHAPES.items()
        if facts.get(name) and not shape.fullmatch(facts[name])
    ]
    if facts.get("business_id") and not is_business_id(facts["business_id"]):
        reasons.append(Reason("letterhead_business_id", target="business_id"))
    if valid_from < today:
        reasons.append(Reason("edition_day_past", {"today": today.isoformat()}, target="valid_from"))
    if reasons:
        raise Refusal(*reasons)


def check_sides(width: int, height: int) -> None:
    """Raises Refusal `logo_sides`."""
    if width not in LOGO_SIDES or height not in LOGO_SIDES:
        sides = {"least": str(LOGO_SIDES[0]), "most": str(LOGO_SIDES[-1])}
        raise Refusal(Reason("logo_sides", sides, target="logo"))
