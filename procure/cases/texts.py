"""What a case is found by: its titles, the words of its answers by language, its reference, codes and names.

Documents are made of the answers, so that their text is found with them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Final

from procure.catalogue import cpv, questions
from procure.domain.language import LANGUAGES, pick
from procure.domain.questions import Answers, has_value
from procure.domain.words import plain, tails

LONGEST: Final = 60_000
"""Characters in each language: a tsvector holds at most a megabyte. What is written behind them is not found."""
_WORDED: Final = ("line", "text", "lots")

Source = Callable[[Sequence[int]], Mapping[int, str]]
"""Case ids in, for those that have any more names and texts to be found by out. One query however many they are."""

SOURCES: Final[dict[str, Source]] = {}
"""What other features know of a case, such as suppliers' names: put in when the application is made, by the feature's name. The feature
calls `cases.service.refresh_texts` when its texts change."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The columns of `case_texts`."""

    readers: str
    title: str
    plain: str
    fi: str
    sv: str
    en: str
    inside: str

    @property
    def columns(self) -> dict[str, str]:
        return asdict(self)


def readers(organisations: Iterable[int]) -> str:
    """The cities whose people see the case, the case's own first."""
    return " ".join(f"@{organisation}" for organisation in organisations)


def noted(case_ids: Sequence[int]) -> dict[int, str]:
    """What the other features have of these cases."""
    found: dict[int, list[str]] = {}
    for source in SOURCES.values():
        for case_id, text in source(case_ids).items():
            found.setdefault(case_id, []).append(text)
    return {case_id: "\n".join(pieces) for case_id, pieces in found.items()}


def texts_of(
    reference: str, language: str, edition: str, organisations: Iterable[int], answers: Answers, more: str = ""
) -> Texts:
    """The row of one case. `language`: that of a text which does not say its own; `organisations`: those whose people see the case;
    `more`: what `noted` gives."""
    title = answers["title"].value if has_value("title", answers) else reference
    by_language: dict[str, list[str]] = {code: [] for code in LANGUAGES}
    for question, kind in _kinds(edition).items():
        if question != "title" and kind in _WORDED and has_value(question, answers):
            for code, text in _words(answers[question].value, language):
                by_language[code].append(text)
    codes = [str(code) for code in answers["cpv"].value] if has_value("cpv", answers) else []
    written, names = _codes(codes)
    titles = [plain(pick(title, code))[:LONGEST] for code in LANGUAGES]
    for code in LANGUAGES:
        by_language[code] += names[code]
    by_language[language].append(more)  # what it is written in is not known: most likely the case's own
    return Texts(
        readers(organisations),
        "\n".join(dict.fromkeys(titles)),
        _kept([reference, *written]),
        _kept(by_language["fi"]),
        _kept(by_language["sv"]),
        _kept(by_language["en"]),
        tails(" ".join([*titles, *(name for found in names.values() for name in found)]))[:LONGEST],
    )


def _kept(pieces: Iterable[str]) -> str:
    return plain(" · ".join(" ".join(piece.split()) for piece in pieces if piece))[:LONGEST]


@cache
def _kinds(edition: str) -> dict[str, str]:
    """Question id -> kind, in the order in which they are asked."""
    return {question.id: question.kind for question in questions.catalogue().get(edition).questions}


def _words(value: Any, language: str) -> Iterator[tuple[str, str]]:
    """The words of an answer with their language: the titles of lots too."""
    if isinstance(value, str):
        yield language, value
    elif isinstance(value, list):
        for row in value:
            if isinstance(row, Mapping):
                yield from _words(row.get("title"), language)
    elif isinstance(value, Mapping):
        yield from ((code, text) for code, text in value.items() if code in LANGUAGES and isinstance(text, str))


def _codes(codes: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The codes as notices write them, and their names."""
    known = cpv.load().codes
    entries = [known[code[:8]] for code in codes if code[:8] in known]
    written = [known[code[:8]].written if code[:8] in known else code for code in codes]
    return written, {code: [entry.name[code] for entry in entries] for code in LANGUAGES}
