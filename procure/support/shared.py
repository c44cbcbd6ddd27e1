"""The answers that a city shares with the expert, as plain words in the request's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import force_locale, format_decimal
from flask_babel import gettext as _

from procure.catalogue import cpv, organisations
from procure.domain.language import LOCALES, pick
from procure.domain.questions import Answers, Question, Section, is_shown
from procure.web.filters import day, long_day, money


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    label: str
    paragraphs: tuple[str, ...]
    """Empty for "not known yet"."""


@dataclass(frozen=True, slots=True)
class SharedSection:
    title: str
    answers: tuple[SharedAnswer, ...]


def shared(sections: Sequence[Section], visible: Sequence[str], answers: Answers, language: str) -> tuple[SharedSection, ...]:
    """The visible sections with what has been answered in them. Nothing of the others is read."""
    with force_locale(LOCALES[language]):
        return tuple(
            SharedSection(section.title[language], _answers(section, answers, language))
            for section in sections
            if section.id in visible
        )


def _answers(section: Section, answers: Answers, language: str) -> tuple[SharedAnswer, ...]:
    found = []
    for question in section.questions:
        answer = answers.get(question.id)
        if answer is None or not is_shown(question, answers):
            continue
        known = answer.known and answer.value not in (None, "", [], {})
        found.append(SharedAnswer(question.label[language], words(question, answer.value, language) if known else ()))
    return tuple(found)


def words(question: Question, value: Any, language: str) -> tuple[str, ...]:
    """One answer as paragraphs. `language`: that of labels and names, and of a text where it exists in it."""
    writer = _WRITERS.get(question.kind)
    if writer is not None:
        return writer(question, value, language)
    return tuple(line.strip() for line in pick(value, language).splitlines() if line.strip())


def _choices(question: Question, value: Any, language: str) -> tuple[str, ...]:
    labels = {choice.id: choice.label[language] for choice in question.choices}
    return tuple(str(labels.get(item, item)) for item in (value if isinstance(value, list) else [value]))


def _yes_no(question: Question, value: Any, language: str) -> tuple[str, ...]:
    return (_("Yes") if value else _("No"),)


def _money(question: Question, value: Any, language: str) -> tuple[str, ...]:
    return (money(value),)


def _date(question: Question, value: Any, language: str) -> tuple[str, ...]:
    return (long_day(value),)


def _number(question: Question, value: Any, language: str) -> tuple[str, ...]:
    return (format_decimal(value),)


def _cpv(question: Question, value: Any, language: str) -> tuple[str, ...]:
    found = cpv.load()
    return tuple(f"{code} {entry.name[language]}" if (entry := found.nearest(code[:8])) else code for code in value)


def _municipalities(question: Question, value: Any, language: str) -> tuple[str, ...]:
    names = {organisation.code: organisation.name[language] for organisation in organisations.catalogue().all}
    return tuple(names.get(code, code) for code in value)


def _lots(question: Question, value: Any, language: str) -> tuple[str, ...]:
    return tuple(f"{pick(lot.get('title'), language)}: {money(lot['value'])}" for lot in value)


def _funding(question: Question, value: Any, language: str) -> tuple[str, ...]:
    labels = {choice.id: choice.label[language] for choice in question.choices}
    found = []
    for item in value:
        parts = [labels.get(item["source"], item["source"])]
        if item.get("amount"):
            parts.append(money(item["amount"]))
        if item.get("decision_date"):
            parts.append(day(item["decision_date"]))
        found.append(", ".join(parts))
    return tuple(found)


_WRITERS: Final[dict[str, Callable[[Question, Any, str], tuple[str, ...]]]] = {
    "choice": _choices, "choices": _choices, "yes_no": _yes_no, "money": _money, "date": _date, "number": _number, "cpv": _cpv,
    "municipalities": _municipalities, "lots": _lots, "funding": _funding,
}  # fmt: skip
