"""A case put before the adviser: its case file, what the rules say of it, and a mark that tells two answers apart."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from procure.cases.models import Case
from procure.catalogue.rulebook import rulebook
from procure.domain import casefile
from procure.domain.advice import advising, changes, what_ifs
from procure.domain.advice.records import Advice
from procure.domain.advice.what_ifs import WhatIf
from procure.domain.calendar import OutOfCalendar
from procure.domain.casefile import CaseFile, CaseFileError
from procure.domain.money import plain
from procure.domain.questions import Answers
from procure.planning import queries as planning
from procure.planning.rules import rules_of
from procure.questionnaires import casefiles


class NotAdvisable(Exception):
    """The case cannot be put before the adviser: the answer with that key of the case file is missing or unusable."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked and what was answered. `dated` False: a planned day lies in a year whose holidays are not known, and the advice
    has no timetable."""

    file: CaseFile
    document: dict[str, Any]
    """The case file as JSON values."""
    advice: Advice
    fingerprint: str
    edition: str
    dated: bool

    @property
    def recommended(self) -> str:
        return self.advice.recommended.procedure if self.advice.recommended else ""

    @property
    def told(self) -> dict[str, str]:
        """What the event of a choice says of the advice."""
        return {
            "regime": self.advice.regime, "recommended": self.recommended, "edition": self.edition,
            "compared": plain(self.advice.value.compared),
        }  # fmt: skip


def ask(case: Case, answers: Answers, today: date, *, timed: bool = True) -> Asked:
    """The advice for the case on that day, its timetable over the working days of its city; without one when not `timed`. Raises
    NotAdvisable."""
    book = rulebook()
    rules = rules_of(planning.office_of(case.organisation_id)) if timed else None
    try:
        file = casefiles.document_of(case, answers)
    except CaseFileError as error:
        raise NotAdvisable(error.place.partition("[")[0]) from error
    document = casefile.to_document(file)
    dated = timed
    try:
        advice = advising.advise(file, book, today, rules=rules, timed=timed)
    except OutOfCalendar:
        advice, dated = advising.advise(file, book, today, timed=False), False
    return Asked(file, document, advice, changes.fingerprint(document), book.edition, dated or not timed)


def what_ifs_of(asked: Asked, today: date) -> tuple[WhatIf, ...]:
    """What each answer that is still open would change."""
    return what_ifs.what_ifs(asked.file, rulebook(), today)


def mark(asked: Asked, case: Case, last_sequence: int) -> str:
    """What a form carries to say on which advice the person chose. `last_sequence`: of the choice before, 0 for none."""
    return f"{asked.fingerprint}.{asked.edition}.{asked.recommended}.{case.procedure}.{last_sequence}"
