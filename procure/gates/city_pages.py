"""What the pages of a city's own points show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from procure.cases.pages import procedure_choices, stage_choices
from procure.catalogue import deadlines as deadline_catalogue
from procure.catalogue import documents as document_catalogue
from procure.catalogue import questions as question_catalogue
from procure.domain.gates import ANSWER, APPROVAL, DEADLINE, DOCUMENT, PERSON
from procure.domain.language import pick
from procure.gates.models import CityGatePoint


@dataclass(frozen=True, slots=True)
class CityPointLine:
    """A point of the city. `stands`: `now`, `later` (its first day is to come) or `over`; `languages` in which it is written."""

    id: int
    text: str
    stage: str
    procedure: str
    required: bool
    way: str
    valid_from: date
    until: date | None
    stands: str
    changed_by: str
    languages: str

    @property
    def may_change(self) -> bool:
        return self.until is None


def lines(rows: Sequence[Any], language: str, today: date) -> list[CityPointLine]:
    """(point, who changed it last), in the order of the rows."""
    return [line(point, name or "", language, today) for point, name in rows]


def line(point: CityGatePoint, changed_by: str, language: str, today: date) -> CityPointLine:
    stages, procedures = dict(stage_choices(language)), dict(procedure_choices(language))
    return CityPointLine(
        point.id, pick(point.texts, language), stages.get(point.stage, point.stage),
        procedures.get(point.procedure, point.procedure) if point.procedure else _("All procedures"), point.required,
        way_name(point.way, point.what, language, today), point.valid_from, point.until, _stands(point, today), changed_by,
        ", ".join(code for code, text in point.texts.items() if text),
    )  # fmt: skip


def _stands(point: CityGatePoint, today: date) -> str:
    if point.until is not None and (point.until <= today or point.until <= point.valid_from):
        return "over"
    return "later" if point.valid_from > today else "now"


def way_name(way: str, what: str, language: str, today: date) -> str:
    """Who or what satisfies a point, in words; a question or rule that is no longer known by its id."""
    if way == PERSON:
        return _("A person ticks it")
    if way == APPROVAL:
        return _("An approval has been given")
    if way == ANSWER:
        labels = {question.id: question.label[language] for question in question_catalogue.catalogue().latest.questions}
        return _("Answer given: %(question)s", question=labels.get(what, what))
    if way == DOCUMENT:
        return _("Document lacks nothing: %(document)s", document=document_catalogue.catalogue().get(what).name[language])
    return _("Deadline has passed: %(deadline)s", deadline=deadline_catalogue.catalogue().of(what, today).name[language])


def way_choices(known: Mapping[str, Sequence[str]], language: str, today: date) -> list[tuple[str, str]]:
    """Everything that may satisfy a point: `person`, `approval`, and the others with what they name, as `answer:need`."""
    order = (PERSON, APPROVAL, DOCUMENT, DEADLINE, ANSWER)
    return [
        (f"{way}:{what}" if what else way, way_name(way, what, language, today)) for way in order for what in known.get(way, ())
    ]


def places(language: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The stages and the procedures to choose from."""
    return [("", _("Choose")), *stage_choices(language)], [("", _("All procedures")), *procedure_choices(language)]


def filled(point: CityGatePoint, today: date) -> dict[str, Any]:
    """What the form of a change begins with."""
    return {
        "stage": point.stage, "procedure": point.procedure, "text_fi": point.text_fi, "text_sv": point.text_sv, "text_en": point.text_en,
        "required": "yes" if point.required else "no", "way": f"{point.way}:{point.what}" if point.what else point.way,
        "valid_from": max(point.valid_from, today),
    }  # fmt: skip
