"""Codes, procedures and answers in the words of a page or a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from procure.catalogue import procedures as procedure_catalogue
from procure.catalogue import questions as question_catalogue
from procure.catalogue.advice_texts import texts
from procure.domain.advice.records import HeldAgainst, Reason, Remark
from procure.domain.questions import Question


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, the section it rests on, and how sure it is. `key`: the fact of the case file that is missing, "" for none."""

    code: str
    text: str
    citation: str
    confidence: str = "verified"
    key: str = ""


def reason(found: Reason, language: str) -> Said:
    return Said(found.code, texts().reason(found, language), found.citation, found.confidence, found.missing)


def remark(found: Remark, language: str) -> Said:
    return Said(found.code, texts().remark(found, language), found.citation)


@cache
def procedure_name(procedure: str, language: str) -> str:
    """The name in the latest edition; "" for "" (nothing recommended)."""
    names = {found.id: found.name[language] for found in procedure_catalogue.catalogue().choosable()}
    return names[procedure] if procedure else ""


@cache
def questions_by_key(edition: str) -> Mapping[str, Question]:
    """The question that asks for each key of the case file."""
    return {question.key: question for question in question_catalogue.catalogue().get(edition).questions if question.key}


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    id: str
    level: str
    amount: Any
    reached: bool
    citation: str
    valid_from: Any
    valid_to: Any
    confidence: str


def threshold(held: HeldAgainst) -> ThresholdLine:
    row = held.threshold
    return ThresholdLine(
        row.id, row.level, row.amount, held.reached, row.citation, row.valid_from, row.valid_to, row.confidence
    )  # fmt: skip
