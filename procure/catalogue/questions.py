"""Reads the guided questions: one folder for an edition, one file for a section, read in the order of their numbers."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import CatalogueError, Table, read
from procure.domain.language import Trilingual
from procure.domain.questions import KINDS, Choice, Condition, Page, Question, Questionnaire, Section

FOLDER: Final = Path(__file__).parent / "questions"

LIMITS: Final = {"line": 200, "text": 6000}
"""Characters at most when a question names no limit of its own."""

CHOOSING: Final = ("choice", "choices", "funding")
"""The kinds whose answer comes from a list; for `funding` the list holds the sources."""


@dataclass(frozen=True, slots=True)
class Questionnaires:
    """Every edition there is, the oldest first. A case keeps the edition it was begun with."""

    editions: tuple[Questionnaire, ...]

    @property
    def latest(self) -> Questionnaire:
        return self.editions[-1]

    def get(self, edition: str) -> Questionnaire:
        """The edition of that name, such as "2026-11"; KeyError when there is none."""
        for questionnaire in self.editions:
            if questionnaire.edition == edition:
                return questionnaire
        raise KeyError(edition)


@cache
def catalogue() -> Questionnaires:
    """The questions that ship with the program, read once. Raises CatalogueError as `load` does."""
    return load()


def load(folder: Path = FOLDER) -> Questionnaires:
    """All editions in `folder`. Raises CatalogueError with file and line for anything that cannot be used."""
    editions = tuple(_questionnaire(path) for path in sorted(folder.glob("*")) if path.is_dir() and any(path.glob("*.toml")))
    if not editions:
        raise CatalogueError(f"{folder}:1: no edition of the questions")
    return Questionnaires(editions)


def _questionnaire(folder: Path) -> Questionnaire:
    seen = _Seen()
    sections = tuple(_section(read(path), seen) for path in sorted(folder.glob("*.toml")))
    return Questionnaire(folder.name, sections)


class _Seen:
    """What the files read so far have used up, so that a question may only lean on an earlier one."""

    def __init__(self) -> None:
        self.sections, self.keys = set[str](), set[str]()
        self.questions: dict[str, Question] = {}


def _once(table: Table, what: str, value: str, used: set[str]) -> str:
    if value in used:
        raise table.fault(f"{what} {value!r} is used twice")
    used.add(value)
    return value


def _section(table: Table, seen: _Seen) -> Section:
    section_id = _once(table, "section id", table.text("id"), seen.sections)
    title, hint = table.trilingual("title"), table.trilingual("hint")
    used = set[str]()
    pages = tuple(_page(page, seen, used) for page in table.tables("page"))
    if not pages:
        raise table.fault("a section needs a page")
    table.finish()
    return Section(section_id, title, hint, pages)


def _page(table: Table, seen: _Seen, used: set[str]) -> Page:
    page_id = _once(table, "page id", table.text("id"), used)
    title, intro = table.trilingual("title"), table.trilingual("intro")
    questions = tuple(_question(question, seen) for question in table.tables("question"))
    if not questions:
        raise table.fault("a page needs a question")
    table.finish()
    return Page(page_id, title, intro, questions)


def _question(table: Table, seen: _Seen) -> Question:
    kind = table.one_of("kind", KINDS)
    question = Question(
        id=_new_id(table, seen),
        kind=kind,
        key=_new_key(table, seen),
        label=table.trilingual("label"),
        why=table.trilingual("why"),
        example=table.trilingual("example"),
        missing=table.trilingual("missing"),
        citation=table.text("citation", ""),
        required=table.flag("required"),
        may_be_unknown=table.flag("may_be_unknown", default=True),
        limit=_limit(table, kind),
        choices=_choices(table, kind),
        shown_when=tuple(_condition(condition, seen) for condition in table.tables("shown_when")),
    )
    table.finish()
    seen.questions[question.id] = question
    return question


def _new_id(table: Table, seen: _Seen) -> str:
    question_id = table.text("id")
    if not question_id or question_id in seen.questions:
        raise table.fault(f"question id {question_id!r} is empty or used twice")
    return question_id


def _new_key(table: Table, seen: _Seen) -> str:
    """The place in the case file; said even where it is empty, so that nobody forgets it."""
    key = table.text("key")
    return _once(table, "key", key, seen.keys) if key else ""


def _limit(table: Table, kind: str) -> int:
    limit = table.whole("limit", LIMITS.get(kind, 0))
    if kind in LIMITS and limit <= 0:
        raise table.fault(f"limit must be above 0 for {kind}")
    if kind not in LIMITS and limit:
        raise table.fault(f"limit has no meaning for {kind}")
    return limit


def _choices(table: Table, kind: str) -> tuple[Choice, ...]:
    choices = tuple(_choice(choice) for choice in table.tables("choice"))
    if (kind in CHOOSING) != bool(choices):
        raise table.fault(f"{kind} needs choices" if kind in CHOOSING else f"{kind} cannot have choices")
    if twice := [choice_id for choice_id, times in Counter(choice.id for choice in choices).items() if times > 1]:
        raise table.fault(f"choice id {', '.join(twice)} is used twice")
    return choices


def _choice(table: Table) -> Choice:
    choice_id, label = table.text("id"), table.trilingual("label")
    hint: Trilingual | None = table.trilingual("hint") if table.has("hint") else None
    table.finish()
    return Choice(choice_id, label, hint)


def _condition(table: Table, seen: _Seen) -> Condition:
    condition = Condition(table.text("question"), table.strings("values"))
    asked = seen.questions.get(condition.question)
    if asked is None:
        raise table.fault(f"shown_when names {condition.question!r}, which is not an earlier question")
    if asked.kind not in ("choice", "choices", "yes_no"):
        raise table.fault(f"shown_when cannot depend on {asked.id!r}, a question of kind {asked.kind}")
    if asked.shown_when:
        # An answer stays when its question is hidden again; a chain of conditions would then go on showing questions.
        raise table.fault(f"shown_when cannot depend on {asked.id!r}, which is itself not always asked")
    allowed = ("yes", "no") if asked.kind == "yes_no" else tuple(choice.id for choice in asked.choices)
    if not condition.values or not set(condition.values) <= set(allowed):
        raise table.fault(f"shown_when values for {asked.id!r} must be among {', '.join(allowed)}")
    table.finish()
    return condition
