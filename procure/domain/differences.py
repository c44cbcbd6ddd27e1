"""What changed between two texts, word by word, with the long stretches that did not change left out."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

WORDS_AROUND: Final = 8
"""Words of an unchanged stretch that stay beside a change."""
MOST_WORDS: Final = 1500
"""Longer texts are compared line by line: comparing words takes time with the square of their number."""
MOST_LINES: Final = 3000
"""Still longer ones are shown as one text instead of another."""
LEFT_OUT: Final = " … "

_WORDS: Final = re.compile(r"\S+\s*|\s+")
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Part:
    """`kind`: `same`, `gone` or `new`."""

    kind: str
    text: str


def differences(old: str, new: str) -> tuple[Part, ...]:
    """The parts of both texts in the order of reading; what went stands before what came instead of it."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        before, after = _LINES.findall(old), _LINES.findall(new)
    if max(len(before), len(after)) > MOST_LINES:
        return tuple(Part(kind, text) for kind, text in (("gone", old), ("new", new)) if text)
    found: list[Part] = []
    for act, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act == "equal":
            found.append(Part("same", "".join(before[a:b])))
            continue
        found += [Part(kind, "".join(words)) for kind, words in (("gone", before[a:b]), ("new", after[c:d])) if words]
    return tuple(found)


def shortened(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The same with long unchanged stretches cut to the words next to a change."""
    last = len(parts) - 1
    return tuple(_cut(part, at > 0, at < last) if part.kind == "same" else part for at, part in enumerate(parts))


def _cut(part: Part, follows: bool, leads: bool) -> Part:
    words = _WORDS.findall(part.text)
    if len(words) <= 2 * WORDS_AROUND + 4:
        return part
    head = "".join(words[:WORDS_AROUND]).rstrip() if follows else ""
    tail = "".join(words[-WORDS_AROUND:]) if leads else ""
    return Part("same", head + LEFT_OUT + tail)
