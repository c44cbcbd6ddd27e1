"""Whether a value that came in a case file's `facts` is an answer to a question: foreign data is held against the question's kind."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from procure.domain import money
from procure.domain.language import LANGUAGES
from procure.domain.questions import Question


def _words(question: Question, value: Any) -> bool:
    texts = list(value.values()) if isinstance(value, Mapping) else [value]
    languages = set(value) if isinstance(value, Mapping) else set()
    return bool(texts) and languages <= set(LANGUAGES) and all(isinstance(t, str) and "\0" not in t for t in texts)


def _choice(question: Question, value: Any) -> bool:
    return isinstance(value, str) and value in [choice.id for choice in question.choices]


def _choices(question: Question, value: Any) -> bool:
    return isinstance(value, list) and all(_choice(question, item) for item in value)


def _money(question: Question, value: Any) -> bool:
    return isinstance(value, str) and _parses(money.parse, value)


def _date(question: Question, value: Any) -> bool:
    return isinstance(value, str) and _parses(date.fromisoformat, value) and date.fromisoformat(value).isoformat() == value


def _parses(parse: Callable[[str], Any], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


CHECKS: Final[Mapping[str, Callable[[Question, Any], bool]]] = {
    "line": _words,
    "text": _words,
    "choice": _choice,
    "choices": _choices,
    "yes_no": lambda question, value: isinstance(value, bool),
    "money": _money,
    "date": _date,
    "number": lambda question, value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10_000,
}
"""Kinds that can travel. The others always have a key of their own in the case file."""


def fits(question: Question, value: Any) -> bool:
    """Whether `value` is an answer that this question can keep."""
    return question.kind in CHECKS and CHECKS[question.kind](question, value)
