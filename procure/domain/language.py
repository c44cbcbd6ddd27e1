"""The three languages that everything exists in."""

from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("fi", "sv", "en")
LOCALES: Final = {"fi": "fi", "sv": "sv", "en": "en_GB"}
"""The form of dates and money that goes with each language."""


@dataclass(frozen=True, slots=True)
class Trilingual:
    """One sentence or name in Finnish, Swedish and English; none of them may be empty."""

    fi: str
    sv: str
    en: str

    def __getitem__(self, language: str) -> str:
        """The text in `language`, one of LANGUAGES; KeyError otherwise."""
        if language not in LANGUAGES:
            raise KeyError(language)
        return str(getattr(self, language))


def pick(text: str | dict[str, str] | None, language: str) -> str:
    """What a person typed, in `language` when it exists in it, else in the first of LANGUAGES that it has; "" for nothing.

    A text of the case file is either a plain string or an object with any of fi, sv, en (case file format procure-case/1).
    """
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    return text.get(language) or next((text[code] for code in LANGUAGES if text.get(code)), "")
