"""The questions of a case: their kinds, when one is asked, when an answer is complete. Filled from `catalogue/questions`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from procure.domain.language import Trilingual

KINDS: Final = (
    "line", "text", "choice", "choices", "yes_no", "money", "date", "number", "cpv", "municipalities", "lots", "funding",
)  # fmt: skip
"""`line` and `text` hold words (a string, or an object of fi, sv, en); `money` a plain decimal as a string; `date` an ISO
string; `yes_no` a bool; `number` a whole number; `choices`, `cpv`, `municipalities` lists of strings; `lots` and `funding` lists of
objects as in the case file."""

type_of_value = str | bool | int | list[Any] | dict[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    label: Trilingual
    hint: Trilingual | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """The question is asked only when `question` has been answered with one of `values` ("yes"/"no" for yes_no)."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `key` is its place in the case file (dotted), "" when the case file has none."""

    id: str
    kind: str
    key: str
    label: Trilingual
    why: Trilingual
    example: Trilingual
    missing: Trilingual
    """The sentence shown when a required answer is not there."""
    citation: str
    required: bool
    may_be_unknown: bool
    limit: int
    """Characters at most, for words; 0 where it does not apply."""
    choices: tuple[Choice, ...] = ()
    shown_when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    id: str
    title: Trilingual
    intro: Trilingual
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Trilingual
    hint: Trilingual
    pages: tuple[Page, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for page in self.pages for question in page.questions)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    edition: str
    sections: tuple[Section, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    def section(self, section_id: str) -> Section:
        """The section of that id; KeyError when there is none."""
        found = next((section for section in self.sections if section.id == section_id), None)
        if found is None:
            raise KeyError(section_id)
        return found

    def question(self, question_id: str) -> Question:
        """The question of that id; KeyError when there is none."""
        found = next((question for question in self.questions if question.id == question_id), None)
        if found is None:
            raise KeyError(question_id)
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` None with `known` False is the answer "not known yet"; a question without an Answer has not been answered."""

    value: Any
    known: bool = True


Answers = Mapping[str, Answer]


def is_shown(question: Question, answers: Answers) -> bool:
    """Whether the question is asked, given the answers so far. An unanswered or unknown condition never shows it."""
    return all(_holds(condition, answers) for condition in question.shown_when)


def _holds(condition: Condition, answers: Answers) -> bool:
    answer = answers.get(condition.question)
    if answer is None or not answer.known:
        return False
    value = answer.value
    if isinstance(value, bool):
        return ("yes" if value else "no") in condition.values
    if isinstance(value, list):
        return any(item in condition.values for item in value)
    return value in condition.values


def has_value(question_id: str, answers: Answers) -> bool:
    """Whether there is an answer with content: "not known yet" is an answer, but has no content."""
    answer = answers.get(question_id)
    return answer is not None and answer.known and _has_content(answer.value)


def _has_content(value: Any) -> bool:
    """No and 0 are content; blanks are not, nor a list or the languages of a text that hold nothing else."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, Mapping):
        return any(_has_content(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_has_content(item) for item in value)
    return value is not None


def is_answered(question: Question, answers: Answers) -> bool:
    """Whether the question needs nothing more: a value, or "not known yet" where that is allowed."""
    answer = answers.get(question.id)
    if answer is None:
        return False
    return has_value(question.id, answers) or (not answer.known and question.may_be_unknown)


def unanswered(questions: tuple[Question, ...], answers: Answers) -> tuple[Question, ...]:
    """The required questions that are asked and still have no answer, in their order."""
    return tuple(q for q in questions if q.required and is_shown(q, answers) and not is_answered(q, answers))


def section_state(section: Section, answers: Answers) -> str:
    """`not_started`, `in_progress` or `done`: nothing required is missing and no page is left without an answer.

    A page that asks nothing in this case does not count, nor does an answer to a question that is not asked.
    """
    asked = [[q for q in page.questions if is_shown(q, answers)] for page in section.pages]
    touched = [any(is_answered(q, answers) for q in questions) for questions in asked if questions]
    if not any(touched):
        return "not_started"
    return "done" if all(touched) and not unanswered(section.questions, answers) else "in_progress"
