"""What a person types into a search, as terms to look for.

A word is found by its beginning, and by the beginning of its root: Finnish bends the ends of words ("hankinta", "hankinnan") and writes
compounds as one word ("jäteastia"), and the words that people type and those that stand in a text seldom end alike.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MOST_TERMS: Final = 10
LONGEST_WORD: Final = 60
SHORTEST_BEGINNING: Final = 3
"""A shorter word is found only as it is typed."""
SHORTEST_ROOT: Final = 4
_COMPOUND: Final = 8
_FIRST_PART, _LAST_PART = 3, 5
"""Letters of a word that may be a compound, and of its parts."""

_WORD: Final = re.compile(r"[^\W_]+")
_PIECE: Final = re.compile(r'"([^"]*)"|([^\s"]+)')
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_VOWELS: Final = "aeiouyäöå"
_ENDINGS: Final = sorted(
    {
        *("iden", "itten", "ien", "jen", "ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle", "ksi", "ista", "istä"),
        *("issa", "issä", "ihin", "iin", "een", "hin", "ita", "itä", "ta", "tä", "na", "nä", "n", "t", "s"),
        *("arna", "orna", "erna", "ens", "ets", "ar", "or", "er", "en", "et"),
        *("ies", "es", "ed"),
    },
    key=lambda ending: (-len(ending), ending),
)  # fmt: skip
"""Finnish, Swedish and English, the longest first: the language of what is typed is not known."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side in this order. `exact`: quoted, so that the last of them is not a beginning either."""

    words: tuple[str, ...]
    exact: bool = False


def plain(text: str) -> str:
    """The text as it is kept for searching and looked for: one form of each letter, no characters that print nothing."""
    return "".join(" " if _is_control(letter) else letter for letter in unicodedata.normalize("NFC", text))


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Co", "Cs")


def terms(text: str) -> tuple[Term, ...]:
    """At most ten terms; none when the text has no letter and no digit. Characters that are neither part words, so that the reference
    TRE-2026-0042 and the code 90511000-2 are one term of several words."""
    found = []
    for quoted, loose in _PIECE.findall(plain(text).lower()):
        words = tuple(word[:LONGEST_WORD] for word in _WORD.findall(quoted or loose))
        if words:
            found.append(Term(words[:MOST_TERMS], bool(quoted)))
    return tuple(dict.fromkeys(found))[:MOST_TERMS]


def root(word: str) -> str:
    """What is left of a word in small letters without its ending: "jäteastioiden" and "jäteastiat" are both "jäteast".

    Never shorter than four letters, never longer than the word and always its beginning. Coarse on purpose: it only widens what is
    found, and what was typed is ranked above it.
    """
    if len(word) <= SHORTEST_ROOT or not _LETTERS.fullmatch(word):
        return word
    left = word.removesuffix(next((ending for ending in _ENDINGS if _ends(word, ending)), ""))
    while len(left) > SHORTEST_ROOT and left[-1] in _VOWELS:
        left = left[:-1]
    if len(left) > SHORTEST_ROOT and (left[-1] == left[-2] or left[-2:] in ("ng", "nk")):  # hankinn-/hankint-, kaupung-/kaupunk-
        left = left[:-1]
    return left


def tails(text: str) -> str:
    """What the long words of a text may end with when they are compounds, apart by spaces: "jäteastia" gives "eastia" and "astia",
    of which one is a word. So a heading is found by the later parts of its compounds too."""
    words = [
        word for word in _LETTERS.findall(plain(text).lower()) if len(word) >= _COMPOUND and word.isalpha()
    ]  # "²" is no letter
    return " ".join(
        dict.fromkeys(
            word[start:LONGEST_WORD]
            for word in words
            for start in range(_FIRST_PART, min(len(word), LONGEST_WORD) - _LAST_PART + 1)
        )
    )


def _ends(word: str, ending: str) -> bool:
    """Whether that may be cut off. In Finnish t and n end a word after a vowel: the t of "procurement" belongs to it."""
    left = word.removesuffix(ending)
    return word.endswith(ending) and len(left) >= SHORTEST_ROOT and (ending not in ("t", "n") or left[-1] in _VOWELS)
