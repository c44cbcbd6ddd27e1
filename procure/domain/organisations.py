"""The organisations that people belong to: the municipalities of the ecosystem agreements, and the network that supports them."""

from dataclasses import dataclass
from typing import Final

from procure.domain.language import LANGUAGES, Trilingual

KINDS: Final = ("municipality", "network")

CONFIDENCES: Final = ("verified", "partly_verified")
"""`verified`: the heading was read in the named source. `partly_verified`: the substance was read there, this wording was not."""


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority area of an ecosystem agreement. A language without a known official wording is None, never our translation."""

    fi: str | None
    sv: str | None
    en: str | None
    confidence: str

    @property
    def is_verified(self) -> bool:
        return self.confidence == "verified"

    def in_(self, language: str) -> str:
        """The heading in `language`, one of LANGUAGES, else in the first of LANGUAGES that has one. KeyError for another language."""
        if language not in LANGUAGES:
            raise KeyError(language)
        return self._text(language) or next(text for code in LANGUAGES if (text := self._text(code)))

    def _text(self, language: str) -> str | None:
        text: str | None = getattr(self, language)
        return text


@dataclass(frozen=True, slots=True)
class Organisation:
    """`code` is the Statistics Finland municipality number, "innocities" for the network; `letters` begin case references."""

    code: str
    letters: str
    kind: str
    name: Trilingual
    language: str
    """The language written first to its people, one of LANGUAGES."""
    priorities: tuple[Priority, ...]

    @property
    def is_network(self) -> bool:
        return self.kind == "network"
