"""The coach of the need statement: remarks on a text by plain rules. A remark is advice; it stops nobody from anything.

The words and the limits come from `catalogue/coach`. Time grows in proportion to the text, whatever the text holds.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

CODES: Final = ("brand", "solution", "user", "measure", "sentence", "vague")
"""What a remark may say: a make is named, a solution stands in place of the need, no people, no measure, a long sentence, a word
that promises without saying anything."""

MOST_CHARACTERS: Final = 20_000
"""Only so much of a text is looked at: the longest field takes 6 000, and a form sent by hand may hold anything."""
NEAR: Final = 6
"""How many words after "we need" the thing that is needed may come."""
NEAR_OPENING: Final = 4
QUOTED_WORDS: Final = 8
"""How much of a long sentence is quoted."""
SHORTEST_PART: Final = 3
"""An entry with an asterisk has at least so many characters beside it: "*a" would find almost every word."""
LONGEST_QUOTE: Final = 120
"""In characters: a quotation stays a line or two even when a word has no end."""

WORD: Final = re.compile(r"\w+(?:[-'’:&]\w+)*")
SENTENCE_END: Final = re.compile(r"[.!?…;:][)\]\"”’»']*\s|[\n\r•]")
MEASURE_SIGNS: Final = frozenset("%‰€")
TRADE_MARKS: Final = ("®", "™")


@dataclass(frozen=True, slots=True)
class Remark:
    """`found` holds the words of the text that made the remark, as they stand there; "" when something is missing from the text."""

    code: str
    found: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A list of words to be found in a text, made by `lexicon`."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]
    middles: tuple[str, ...]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    """The first word of each entry of several words, with what follows it."""
    exceptions: "Lexicon | None"

    def at(self, words: Sequence[str], place: int) -> int:
        """How many words the entry that begins at that place has; 0 where none begins, or beyond the last word."""
        if place >= len(words) or (self.exceptions and self.exceptions.at(words, place)):
            return 0
        word = words[place]
        for rest in self.phrases.get(word, ()):
            following = words[place + 1 : place + 1 + len(rest)]
            if len(following) == len(rest) and all(map(_fits, rest, following)):
                return 1 + len(rest)
        found = word in self.whole or word.startswith(self.beginnings) or word.endswith(self.endings)
        return int(found or any(middle in word for middle in self.middles))

    def first(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Where the first entry stands, and how many words it has."""
        for place in range(len(words)):
            if length := self.at(words, place):
                return place, length
        return None


def _fits(pattern: str, word: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


def lexicon(entries: Iterable[str], fold: bool = True) -> Lexicon:
    """Entries are `word`, `beginning*`, `*ending`, `*middle*`, `several words` (the last of which may be `beginning*`), and with `!`
    before any of them what is not meant although another entry fits. `fold` False: capitals count.

    Raises ValueError with the entry that says nothing, or has its asterisk where it is not understood.
    """
    parts: dict[str, list[str]] = {"whole": [], "beginnings": [], "endings": [], "middles": [], "exceptions": []}
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for written in entries:
        entry = written.casefold() if fold else written
        if entry.startswith("!"):
            parts["exceptions"].append(entry[1:])
            continue
        words = entry.split()
        core = entry.strip("*")
        misplaced = "*" in core or (len(words) > 1 and entry.startswith("*"))
        if misplaced or not core.strip() or ("*" in entry and len(core) < SHORTEST_PART):
            raise ValueError(f"{written!r} cannot be understood")
        if len(words) > 1:
            phrases.setdefault(words[0], []).append(tuple(words[1:]))
        else:
            kind = {(False, False): "whole", (False, True): "beginnings", (True, False): "endings", (True, True): "middles"}
            parts[kind[entry.startswith("*"), entry.endswith("*")]].append(core)
    return Lexicon(
        whole=frozenset(parts["whole"]), beginnings=tuple(parts["beginnings"]), endings=tuple(parts["endings"]),
        middles=tuple(parts["middles"]), phrases={first: tuple(rest) for first, rest in phrases.items()},
        exceptions=lexicon(parts["exceptions"], fold) if parts["exceptions"] else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """The words of one language, and how many words a sentence may have.

    `brands` are makes in whatever capitals, `brands_as_written` those whose name is also a common word; `equivalent` allows them.
    `buying` comes before the thing bought and `bought` right after it; `instead` are words that name a need or begin another
    phrase, so that the thing after them is not what is asked for; `openings` begin a text that goes on with a thing. `common` are
    the commonest words of the language, by which it is known.
    """

    longest_sentence: int
    brands: Lexicon
    brands_as_written: Lexicon
    equivalent: Lexicon
    buying: Lexicon
    bought: Lexicon
    instead: Lexicon
    openings: Lexicon
    things: Lexicon
    people: Lexicon
    measures: Lexicon
    vague: Lexicon
    common: Lexicon


@dataclass(frozen=True, slots=True)
class CoachRules:
    checks: Mapping[str, tuple[str, ...]]
    """For each question that is coached, the checks made, in the order of the remarks; one of CHECKS each."""
    languages: Mapping[str, LanguageRules]
    fewest_words: int
    """A shorter text is not blamed for what it lacks: it is still being written."""


class _Word(NamedTuple):
    start: int
    end: int
    written: str
    folded: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The words of a sentence, twice: as written and folded for comparing."""

    text: str
    """The whole text that the places of the words refer to."""
    words: tuple[_Word, ...]
    written: tuple[str, ...]
    folded: tuple[str, ...]

    def quote(self, first: int, length: int) -> str:
        words = self.words[first : first + length]
        found = " ".join(self.text[words[0].start : words[-1].end].split())
        return found if len(found) <= LONGEST_QUOTE else f"{found[:LONGEST_QUOTE]}…"


def remarks(question_id: str, text: str, language: str, rules: CoachRules) -> tuple[Remark, ...]:
    """What the coach has to say of an answer, at most once for each code; nothing for a question it does not look at, for a blank
    text and for a language without rules. A text evidently in another of the languages is judged by that one's words."""
    checks = rules.checks.get(question_id, ())
    sentences = _sentences(text[:MOST_CHARACTERS]) if checks else []
    words = _words_of(sentences, language, rules)
    if not sentences or words is None:
        return ()
    count = sum(len(sentence.words) for sentence in sentences)
    found: dict[str, Remark] = {}
    for check in checks:
        code, find = CHECKS[check]
        quoted = find(sentences, words) if code not in found else None
        if quoted is not None and (quoted or count >= rules.fewest_words):
            found[code] = Remark(code, quoted)
    return tuple(found.values())


def _sentences(text: str) -> list[_Sentence]:
    """The sentences that have words in them. A list item, a line and what stands between semicolons count as sentences."""
    text = unicodedata.normalize("NFC", text)
    groups: list[list[_Word]] = []
    end = 0
    for match in WORD.finditer(text):
        word = _Word(match.start(), match.end(), match.group(), match.group().casefold())
        if not groups or SENTENCE_END.search(text, end, word.start):
            groups.append([])
        groups[-1].append(word)
        end = word.end
    return [_Sentence(text, tuple(g), tuple(w.written for w in g), tuple(w.folded for w in g)) for g in groups]


def _words_of(sentences: Sequence[_Sentence], language: str, rules: CoachRules) -> LanguageRules | None:
    """The rules of the language the text is in: the stated one, unless the commonest words say plainly that it is another."""
    stated = rules.languages.get(language)
    if stated is None:
        return None
    counts = {
        code: sum(bool(own.common.at(s.folded, place)) for s in sentences for place in range(len(s.folded)))
        for code, own in rules.languages.items()
    }
    likeliest = max(counts, key=lambda code: counts[code])
    return rules.languages[likeliest] if counts[likeliest] >= 3 and counts[likeliest] > 2 * counts[language] else stated


def _brand(sentences: Sequence[_Sentence], rules: LanguageRules) -> str | None:
    for sentence in sentences:
        if rules.equivalent.first(sentence.folded):
            continue
        for place, word in enumerate(sentence.words):
            if sentence.text.startswith(TRADE_MARKS, word.end):
                return sentence.quote(place, 1)
        named = (rules.brands.first(sentence.folded), rules.brands_as_written.first(sentence.written))
        if found := [place for place in named if place]:
            return sentence.quote(*min(found))
    return None


def _solution(sentences: Sequence[_Sentence], rules: LanguageRules) -> str | None:
    for sentence in sentences:
        words = sentence.folded
        for place in range(len(words)):
            length = rules.buying.at(words, place)
            reach = _thing_after(words, place + length, NEAR, rules) if length else None
            if reach:
                return sentence.quote(place, reach - place)
            length = rules.things.at(words, place)
            after = rules.bought.at(words, place + length) if length else 0
            if after:
                return sentence.quote(place, length + after)
    return None


def _thing_after(words: Sequence[str], start: int, near: int, rules: LanguageRules) -> int | None:
    """The place after the first thing among the `near` words from `start`; None when there is none or a need is named first."""
    for place in range(start, min(start + near, len(words))):
        if rules.instead.at(words, place):
            return None
        if length := rules.things.at(words, place):
            return place + length
    return None


def _opening(sentences: Sequence[_Sentence], rules: LanguageRules) -> str | None:
    """An outcome that begins with a thing: "A new platform for …"."""
    first = sentences[0]
    length = rules.openings.at(first.folded, 0)
    reach = _thing_after(first.folded, length, NEAR_OPENING, rules) if length else None
    return first.quote(0, reach) if reach and not rules.people.first(first.folded[:reach]) else None


def _no_user(sentences: Sequence[_Sentence], rules: LanguageRules) -> str | None:
    return None if any(rules.people.first(sentence.folded) for sentence in sentences) else ""


def _no_measure(sentences: Sequence[_Sentence], rules: LanguageRules) -> str | None:
    text = sentences[0].text
    if any(sign.isdigit() or sign in MEASURE_SIGNS for sign in text):
        return None
    return None if any(rules.measures.first(sentence.folded) for sentence in sentences) else ""


def _long_sentence(sentences: Sequence[_Sentence], rules: LanguageRules) -> str | None:
    for sentence in sentences:
        if len(sentence.words) > rules.longest_sentence:
            return f"{sentence.quote(0, QUOTED_WORDS).rstrip('…')} …"
    return None


def _vague(sentences: Sequence[_Sentence], rules: LanguageRules) -> str | None:
    for sentence in sentences:
        if found := rules.vague.first(sentence.folded):
            return sentence.quote(*found)
    return None


CHECKS: Final[Mapping[str, tuple[str, Callable[[Sequence[_Sentence], LanguageRules], str | None]]]] = {
    "brand": ("brand", _brand), "solution": ("solution", _solution), "opening": ("solution", _opening), "user": ("user", _no_user),
    "measure": ("measure", _no_measure), "sentence": ("sentence", _long_sentence), "vague": ("vague", _vague),
}  # fmt: skip
"""Each check with the code of its remark. It answers with the words found, "" when something is missing, None when all is well."""
