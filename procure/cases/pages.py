"""What the pages of a case need, as frozen records: the templates decide nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _

from procure.cases.models import Case
from procure.cases.service import procedure_of
from procure.catalogue import documents as document_catalogue
from procure.catalogue import procedures as procedure_catalogue
from procure.catalogue import questions as question_catalogue
from procure.domain.permissions import Actor
from procure.domain.procedures import PREPARATION, Procedure, Stage
from procure.domain.questions import Question
from procure.domain.stages import GateState, Progress


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The top and the side navigation of every page of a case."""

    reference: str
    title: str
    city: str
    stage: str
    """The present stage's name; "" once the case is over."""
    may_edit: bool
    """The city's own officers and managers, unless they are guests on the case; a partner city's people read."""
    may_waive: bool = False
    """Those of them who may waive a point of a gate."""
    waiting: tuple[tuple[str, int], ...] = ()
    """How many things wait for the reader on a page of the side navigation, by its key."""
    state: str = ""
    """One of domain.stages.STATES."""

    def waits(self, page: str) -> int:
        return dict(self.waiting).get(page, 0)


def head(case: Case, by: Actor, language: str) -> CaseHead:
    stage = procedure_of(case).stage(case.stage).name[language] if case.stage else ""
    may_edit = case.organisation_id == by.organisation_id and by.may("case.edit") and not case.only_read
    may_waive = may_edit and by.may("gate.waive")
    city = case.organisation.names[language]
    return CaseHead(case.reference, case.titles[language], city, stage, may_edit, may_waive, case.waiting, case.state)


@cache
def stage_name(procedure: str, edition: str, stage: str, language: str) -> str:
    """The name of a stage in the edition that a case keeps; "" for none."""
    return procedure_catalogue.catalogue().get(procedure, edition).stage(stage).name[language] if stage else ""


@cache
def stage_choices(language: str) -> tuple[tuple[str, str], ...]:
    """Every stage that a case may be in, by id; a stage that several procedures share stands once."""
    catalogue = procedure_catalogue.catalogue()
    found: dict[str, str] = {}
    for procedure in (catalogue.preparation, *catalogue.choosable()):
        for stage in procedure.stages:
            found.setdefault(stage.id, stage.name[language])
    return tuple(found.items())


@cache
def procedure_choices(language: str) -> tuple[tuple[str, str], ...]:
    return tuple((procedure.id, procedure.name[language]) for procedure in procedure_catalogue.catalogue().choosable())


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An answer that a gate point still lacks, with where it is given."""

    question: str
    label: str
    section: str
    page: str


@dataclass(frozen=True, slots=True)
class GateLine:
    """A point of the gate. `told` by whom and when it was ticked or waived, `note` what they wrote (`domain.stages.GateState`)."""

    id: str
    text: str
    citation: str
    by_person: bool
    satisfied: bool
    open_items: tuple[OpenItem, ...]
    how: str
    told: str
    required: bool
    note: str
    system: str

    @property
    def holds(self) -> bool:
        """Whether the stage waits for it."""
        return self.required and not self.satisfied


def gate_lines(case: Case, states: Sequence[GateState], language: str) -> tuple[GateLine, ...]:
    """The gate of the present stage, each lacking answer with its page."""
    places = question_places(case.questionnaire_edition)
    return tuple(
        GateLine(
            state.point.id, state.point.text[language], state.point.citation, state.point.by_person, state.satisfied,
            tuple(open_item(places, question, language) for question in state.open_items if question in places), state.how,
            state.told, state.required, state.note, state.point.system.partition(":")[0],
        )
        for state in states
    )  # fmt: skip


def to_confirm(gate: Sequence[GateLine]) -> list[tuple[str, str]]:
    """The points that the person who completes the stage can still confirm."""
    return [
        (line.id, line.text if line.required else _("%(point)s (advice)", point=line.text))
        for line in gate
        if line.by_person and not line.satisfied
    ]


@cache
def question_places(edition: str) -> dict[str, tuple[str, str, Question]]:
    """Question id -> section, page and the question itself."""
    return {
        question.id: (section.id, page.id, question)
        for section in question_catalogue.catalogue().get(edition).sections
        for page in section.pages
        for question in page.questions
    }


def open_item(places: Mapping[str, tuple[str, str, Question]], question: str, language: str) -> OpenItem:
    section, page, record = places[question]
    return OpenItem(question, record.label[language], section, page)


@dataclass(frozen=True, slots=True)
class StageDocument:
    kind: str
    name: str
    made_here: bool


@dataclass(frozen=True, slots=True)
class StagePanel:
    """The present stage: what it is for, its gate, its periods and documents."""

    id: str
    name: str
    purpose: str
    citation: str
    confidence: str
    optional: bool
    gate: tuple[GateLine, ...]
    documents: tuple[StageDocument, ...]
    periods: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]

    @property
    def lacking(self) -> int:
        """How many points the stage still waits for."""
        return sum(line.holds for line in self.gate)

    @property
    def lacking_answers(self) -> tuple[OpenItem, ...]:
        """Each answer that some point waits for, once."""
        return tuple(dict.fromkeys(item for line in self.gate if line.holds for item in line.open_items))

    @property
    def lacking_others(self) -> tuple[GateLine, ...]:
        """The points that wait for neither an answer nor a person's word."""
        return tuple(line for line in self.gate if line.holds and not line.by_person and not line.open_items)

    @property
    def said(self) -> tuple[GateLine, ...]:
        """The points that somebody has ticked or waived."""
        return tuple(line for line in self.gate if line.told)


def stage_panel(stage: Stage, gate: tuple[GateLine, ...], language: str) -> StagePanel:
    return StagePanel(
        stage.id, stage.name[language], stage.purpose[language], stage.citation, stage.confidence, stage.optional, gate,
        stage_documents(stage, language), tuple((period.text[language], period.citation) for period in stage.periods), stage.notices,
    )  # fmt: skip


def stage_documents(stage: Stage, language: str) -> tuple[StageDocument, ...]:
    kinds = document_catalogue.catalogue()
    return tuple(StageDocument(kind, kinds.get(kind).name[language], kinds.get(kind).made_here) for kind in stage.documents)


@dataclass(frozen=True, slots=True)
class ProcedureCard:
    """A procedure on offer, with the conditions under which the Act allows it."""

    id: str
    name: str
    summary: str
    sections: str
    conditions: tuple[tuple[str, str, str], ...]
    notes: tuple[tuple[str, str, str], ...]
    stages: int
    chosen: bool


def procedure_card(procedure: Procedure, case: Case, language: str) -> ProcedureCard:
    def statements(found: Sequence[Any]) -> tuple[tuple[str, str, str], ...]:
        return tuple((item.text[language], item.citation, item.confidence) for item in found)

    return ProcedureCard(
        procedure.id, procedure.name[language], procedure.summary[language], ", ".join(procedure.sections),
        statements(procedure.conditions), statements(procedure.notes), len(procedure.stages), procedure.id == case.procedure,
    )  # fmt: skip


def procedure_name(case: Case, language: str) -> str:
    """ "" while no procedure has been chosen."""
    return "" if case.procedure == PREPARATION else procedure_of(case).name[language]


def earlier_stages(case: Case, progress: Progress, language: str) -> list[tuple[str, str]]:
    """The stages to which the case may go back: those before the present one that it has visited."""
    stages = procedure_of(case).stages
    ids = [stage.id for stage in stages]
    here = ids.index(case.stage) if case.stage in ids else len(ids)
    return [(stage.id, stage.name[language]) for stage in stages[:here] if progress.last_visit(stage.id)]
