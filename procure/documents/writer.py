"""Answers and values in words, in the language of a document."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from procure.catalogue import cpv, organisations, wording
from procure.catalogue.figures import money, short_day
from procure.documents.parts import Block, Fact, Facts, Paragraph, Point, Points, Prose, Section, Table, Text
from procure.documents.service import Material
from procure.domain.language import LANGUAGES, LOCALES
from procure.domain.marking import marked
from procure.domain.procedures import Statement
from procure.domain.questions import Question, has_value, is_shown

ACT: Final = "1397/2016 "


def day(on: date, language: str) -> str:
    """24. marraskuuta 2026 | 24 november 2026 | 24 November 2026."""
    return format_date(on, "long", locale=LOCALES[language])


def clipped(text: str, most: int) -> str:
    """At most that many characters, cut between words."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "\N{HORIZONTAL ELLIPSIS}"


class Writer:
    """Puts the material of one case into words. Makes no query."""

    def __init__(self, material: Material, language: str, today: date) -> None:
        self.material, self.language, self.today = material, language, today
        self._words = wording.catalogue()

    def word(self, phrase: str, **parts: str) -> str:
        return self._words.text(phrase, self.language, **parts)

    def label(self, question: str) -> str:
        """The short name of an answer; the question itself where there is none."""
        phrase = f"q_{question}"
        if phrase in self._words.phrases:
            return self.word(phrase)
        return self.material.questionnaire.question(question).label[self.language]

    def cite(self, phrase: str) -> str:
        return self._words.citation(phrase)

    def day(self, on: date) -> str:
        return day(on, self.language)

    def short_day(self, on: date) -> str:
        return short_day(on, self.language)

    def money(self, amount: Decimal | str, cents: bool = False) -> str:
        """With `cents` also where there are none: in a column where another amount has some."""
        if cents:
            return str(format_currency(Decimal(amount), "EUR", locale=LOCALES[self.language]))
        return money(Decimal(amount), self.language)

    def number(self, amount: Decimal, places: int = 0) -> str:
        """With at least so many decimals."""
        return str(format_decimal(amount, format=f"#,##0.{'0' * places}{'#' * (6 - places)}", locale=LOCALES[self.language]))

    def value(self, question: str) -> Any:
        """The answer's value; None when there is none."""
        return self.material.answers[question].value if has_value(question, self.material.answers) else None

    def plain(self, text: str) -> Text:
        """Words of ours, in the document's language."""
        return Text((text,), self.language)

    def typed(self, value: str | Mapping[str, str], language: str = "", marks: bool = False) -> Text:
        """What a person typed, in the document's language when it exists in it, else as it stands and marked as such. `marks`: a long
        text, in which lists, sub-headings and emphasis are seen."""
        if isinstance(value, str):
            found, written_in = value, language or self.material.case.language
        else:
            present = {code: value[code] for code in LANGUAGES if str(value.get(code) or "").strip()}
            written_in = self.language if self.language in present else next(iter(present), self.language)
            found = present.get(written_in, "")
        foreign = self.word(f"written_in_{written_in}") if written_in != self.language else ""
        lines = tuple(line.strip() for line in found.splitlines() if line.strip())
        return Text(lines, written_in, foreign, marked=marked(found) if marks else ())

    def answer(self, question_id: str) -> Text:
        """The answer in words, or the placeholder for what is not known or not there."""
        question = self.material.questionnaire.question(question_id)
        answer = self.material.answers.get(question_id)
        if answer is None or not has_value(question_id, self.material.answers):
            unknown = answer is not None and not answer.known
            return Text((self.word("not_known" if unknown else "not_recorded"),), self.language, absent=True)
        if question.kind in ("line", "text"):
            return self.typed(answer.value, marks=question.kind == "text")
        return Text(tuple(self._in_words(question, answer.value)), self.language)

    def _in_words(self, question: Question, value: Any) -> Iterable[str]:
        labels = {choice.id: choice.label[self.language] for choice in question.choices}
        if question.kind == "yes_no":
            return [self.word("yes" if value else "no")]
        if question.kind == "choice":
            return [labels.get(value, str(value))]
        if question.kind == "choices":
            return [", ".join(labels.get(item, str(item)) for item in value)]
        if question.kind == "money":
            return [f"{self.money(value)}, {self.word('without_vat')}"]
        if question.kind == "date":
            return [self.day(date.fromisoformat(value))]
        if question.kind == "number":
            return [format_decimal(value, locale=LOCALES[self.language])]
        if question.kind == "cpv":
            return [self._cpv(code) for code in value]
        if question.kind == "municipalities":
            return [", ".join(self._municipality(code) for code in value)]
        if question.kind == "lots":  # what each is, and never its estimated value: the plan has a table with it
            return [f"{number}. {' '.join(self.typed(lot['title']).paragraphs)}" for number, lot in enumerate(value, start=1)]
        if question.kind == "funding":
            return [", ".join(labels.get(source["source"], source["source"]) for source in value)]
        return [str(value)]

    def _cpv(self, code: str) -> str:
        """A code that the list does not have carries the name of the nearest one above it."""
        codes = cpv.load()
        entry = codes.codes.get(code[:8])
        if entry is not None:
            return f"{entry.written} {entry.name[self.language]}"
        above = codes.nearest(code[:8])
        return f"{code} ({above.name[self.language]})" if above else code

    def _municipality(self, code: str) -> str:
        try:
            return organisations.catalogue().get(code).name[self.language]
        except KeyError:
            return code

    def fact(self, question_id: str) -> Fact:
        question = self.material.questionnaire.question(question_id)
        return Fact(self.label(question_id), self.answer(question_id), short(question.citation))

    def told(self, *question_ids: str) -> tuple[Block, ...]:
        """As `answers`, for outsiders: only what has been answered, without the sections that guided the officer."""
        return tuple(
            Facts(tuple(replace(fact, citation="") for fact in block.rows))
            if isinstance(block, Facts)
            else Prose(replace(block.fact, citation=""))
            for block in self.answers(optional=question_ids)
            if isinstance(block, (Facts, Prose))
        )

    def answers(self, *question_ids: str, optional: tuple[str, ...] = ()) -> tuple[Block, ...]:
        """Answers as blocks, in that order: short ones side by side with their labels, long ones as prose.

        Questions that this case is not asked are left out; those of `optional`, which come last, also when they have no answer.
        """
        wanted = [*question_ids, *(question for question in optional if has_value(question, self.material.answers))]
        asked = [q for q in map(self.material.questionnaire.question, wanted) if is_shown(q, self.material.answers)]
        blocks: list[Block] = []
        for long, group in groupby(asked, key=lambda question: question.kind == "text"):
            found = tuple(self.fact(question.id) for question in group)
            blocks.extend((Prose(fact) for fact in found) if long else [Facts(found)])
        return tuple(blocks)

    def points(self, statements: Iterable[Statement], before: str = "") -> tuple[Point, ...]:
        """Conditions, notes or periods; what is recalled or practice says so."""
        notes = {"recalled": self.word("recalled"), "practice": self.word("practice")}
        lead = f"{before}: " if before else ""
        return tuple(
            Point(lead + statement.text[self.language], short(statement.citation), notes.get(statement.confidence, ""))
            for statement in statements
        )

    def sources(self, sections: Iterable[Section]) -> Table | None:
        """The provisions that each part of the document names, in their own order; None when there is none."""
        rows = tuple(
            (section.heading, ", ".join(sorted(cited, key=_natural))) for section in sections if (cited := _cited(section))
        )
        return Table("", (self.word("part_of_document"), self.word("provisions")), rows) if rows else None


def short(citation: str) -> str:
    """Without the number of the Act itself, which every document with citations explains once."""
    return citation.replace(ACT, "")


def _cited(section: Section) -> set[str]:
    """The citations of a section's blocks, one section of law each."""
    found: set[str] = {section.citation}
    for block in section.blocks:
        match block:
            case Facts(rows):
                found.update(fact.citation for fact in rows)
            case Prose(fact):
                found.add(fact.citation)
            case Points(_, points):
                found.update(point.citation for point in points)
            case Paragraph():
                found.add(block.citation)
            case _:
                pass
    return {part.strip() for citation in found for part in re.split("[,;]", citation) if part.strip()}


def _natural(citation: str) -> list[tuple[int, str]]:
    """So that 9 § comes before 34 §, and other statutes last."""
    numbers = [(int(part) if part.isdigit() else 0, part) for part in re.findall(r"\d+|\D+", citation)]
    return [(int("/" in citation), ""), *numbers]
