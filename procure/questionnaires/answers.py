"""Answers as a page shows them and as a case keeps them: a page shows words in the case's language, the case keeps them in all.

Pure functions of values: no database, no web.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from procure.domain.language import LANGUAGES
from procure.domain.questions import Answer, Answers, Question, has_value

WORDS: Final = ("line", "text")
BLANK: Final = Answer(None)
"""What a page gives for a question left empty."""
SAVED_ROW: Final = "row"
"""In a lot given by a page: which saved lot it was, so that its title in other languages is kept."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer that was on the screen: its version, and a mark of what it said."""

    version: int
    mark: str


def text_in(value: Any, language: str) -> str:
    """The words of a text in exactly that language; a plain string is in the case's own."""
    if isinstance(value, Mapping):
        return str(value.get(language, ""))
    return value if isinstance(value, str) else ""


def other_texts(value: Any, language: str) -> dict[str, str]:
    """The words in the other languages, those that say something, in the order of LANGUAGES."""
    if not isinstance(value, Mapping):
        return {}
    return {code: value[code] for code in LANGUAGES if code != language and value.get(code)}


def shown(question: Question, answer: Answer | None, language: str) -> Answer:
    """What a page shows of an answer: BLANK when there is none."""
    if answer is None or answer.value is None:
        return BLANK if answer is None or answer.known else answer
    if question.kind in WORDS:
        return Answer(text_in(answer.value, language) or None)
    if question.kind == "lots":
        rows = [{**lot, "title": text_in(lot["title"], language), SAVED_ROW: row} for row, lot in enumerate(answer.value)]
        return Answer(rows)
    return answer


def merged(question: Question, saved: Answer | None, given: Answer, language: str) -> Answer:
    """What the case keeps once a page has given `given`: the words in other languages stay."""
    if not given.known:
        return given
    old = saved.value if saved else None
    if question.kind in WORDS:
        return Answer(_with_text(old, given.value or "", language))
    if question.kind == "lots" and given.value:
        return Answer([_merged_lot(old or [], lot, language) for lot in given.value])
    return given


def _with_text(old: Any, text: str, language: str) -> str | dict[str, str] | None:
    if not isinstance(old, Mapping):
        return text or None
    parts = {code: words for code, words in old.items() if code != language}
    if text:
        parts[language] = text
    return {code: parts[code] for code in old if code in parts} | parts or None


def _merged_lot(old: Sequence[Any], lot: Mapping[str, Any], language: str) -> dict[str, Any]:
    row = lot.get(SAVED_ROW)
    before = old[row]["title"] if isinstance(row, int) and 0 <= row < len(old) else None
    title = _with_text(before, lot["title"], language) or ""
    return {key: value for key, value in {**lot, "title": title}.items() if key != SAVED_ROW}


def same(question: Question, old: Answer | None, new: Answer) -> bool:
    """Whether nothing has changed: no answer, a blank and an empty list say the same; money is compared by its value."""
    if old is None or not _has_content(old):
        return (old is None or old.known) == new.known and not _has_content(new)
    return old.known == new.known and _comparable(question, old.value) == _comparable(question, new.value)


def _has_content(answer: Answer) -> bool:
    return has_value("", {"": answer})


def _comparable(question: Question, value: Any) -> Any:
    if question.kind == "money" and isinstance(value, str):
        return Decimal(value)
    if question.kind == "lots" and value:
        return [{**lot, "value": Decimal(lot["value"])} for lot in value]
    if question.kind == "funding" and value:
        return [{**row, "amount": Decimal(row["amount"])} if "amount" in row else row for row in value]
    return value


def mark(question: Question, answer: Answer) -> str:
    """Twelve characters that tell two shown answers apart."""
    value = _comparable(question, answer.value)
    if question.kind == "lots" and value:
        value = [{key: item for key, item in lot.items() if key != SAVED_ROW} for lot in value]
    plain = json.dumps([answer.known, None if value in ("", []) else value], default=_plain, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def _plain(value: Any) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def seen_text(questions: Sequence[Question], answers: Answers, versions: Mapping[str, int], language: str) -> str:
    """What a page carries to say what it showed: `need=3.0f1e2d3c4b5a title=1.…`; read by `read_seen`."""
    marks = ((q.id, versions.get(q.id, 0), mark(q, shown(q, answers.get(q.id), language))) for q in questions)
    return " ".join(f"{question}={version}.{digest}" for question, version, digest in marks)


def read_seen(text: str) -> dict[str, Seen]:
    """What `seen_text` wrote; parts that it cannot have written are passed over."""
    found = {}
    for part in text.split():
        question, _, rest = part.partition("=")
        version, _, digest = rest.partition(".")
        if question and version.isascii() and version.isdigit() and len(version) < 10:
            found[question] = Seen(int(version), digest)
    return found
