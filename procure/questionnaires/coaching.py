"""The remarks of the coach as a page shows them: found in the words of the case's language, explained in the page's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from procure.catalogue import coach
from procure.domain.coach import remarks
from procure.domain.questions import Question


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """One remark in words. `found` is quoted from the text, in the text's own language; "" when something is missing from it."""

    code: str
    title: str
    found: str
    why: str
    bad: str
    better: str
    citation: str


def is_coached(questions: Iterable[Question]) -> bool:
    """Whether the coach looks at any of them."""
    return any(coach.catalogue().looks_at(question.id) for question in questions)


def remark_lines(texts: Mapping[str, str], text_language: str, language: str) -> dict[str, tuple[RemarkLine, ...]]:
    """By question, what the coach remarks on the text in its field; a question without a remark is left out."""
    known = coach.catalogue()
    found = {}
    for question, text in texts.items():
        lines = tuple(
            RemarkLine(remark.code, advice.title[language], remark.found, advice.why[language], advice.bad[language],
                       advice.better[language], advice.citation)
            for remark in remarks(question, text, text_language, known.rules)
            for advice in [known.advice[remark.code]]
        )  # fmt: skip
        if lines:
            found[question] = lines
    return found
