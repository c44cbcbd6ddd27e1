"""A manager's first screen: what waits for the decision and what follows if none is made, where the city's cases stand, what is late,
what comes next and which advice is open."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from procure.approvals import queries as approvals
from procure.approvals import service as approval_service
from procure.approvals.pages import SUBJECT_NAMES
from procure.approvals.queries import WaitingRow
from procure.cases.list_pages import DATE_WORDS
from procure.cases.pages import stage_name
from procure.catalogue import topics
from procure.declarations import queries as declarations
from procure.declarations.queries import ConflictRow
from procure.domain import approvals as rules
from procure.domain.declarations import CITATION as INTEREST_CITATION
from procure.domain.permissions import Actor
from procure.domain.stages import traffic_light
from procure.portfolio import glance
from procure.portfolio.glance import Asked, Glance, Next
from procure.portfolio.words import PHASE_NAMES
from procure.support.pages import STATES as SUPPORT_STATES

MOST: Final = 8
"""Decisions on the screen; the rest stands in the list of all that waits."""
FIRST: Final = (date.min, -1)

NOT_DECIDED: Final[Mapping[str, tuple[Any, str]]] = {
    rules.AWARD: (
        _l("Until then the award decision cannot be completed: it is not sent to the tenderers and no standstill begins."),
        "1397/2016 123, 127, 129 §",
    ),
    rules.STAGE: (_l("Until then the case stays in its stage."), ""),
    rules.PLAN: (_l("Until then the plan is not approved, and the stage waits for it."), ""),
    rules.PROCEDURE: (_l("Until then the procedure is not approved, and the stage waits for it."), ""),
    rules.OTHER: (_l("Until then the request stays open; nothing follows by itself."), ""),
}  # fmt: skip
"""What follows as long as nobody answers, and the section it rests on; "" where it is the city's own rule."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`day_words`: what the day is; `rule`: the section, or that the city's own rule asks for it."""

    what: str
    href: str
    reference: str
    title: str
    on: date
    day_words: str
    late_by: str
    otherwise: str
    rule: str


@dataclass(frozen=True, slots=True)
class PhaseLine:
    phase: str
    name: str
    counts: tuple[tuple[str, int], ...]
    """Light and number of cases, in the order of the lights."""
    total: int


@dataclass(frozen=True, slots=True)
class CaseLine:
    reference: str
    title: str
    stage: str
    on: date
    day_words: str
    responsible: str
    light: str
    late_by: str


@dataclass(frozen=True, slots=True)
class AdviceLine:
    href: str
    topic: str
    state: str
    answer_by: date
    title: str


@dataclass(frozen=True, slots=True)
class ManagerPage:
    decisions: Sequence[Decision]
    more_decisions: bool
    late: Sequence[CaseLine]
    more_late: bool
    ahead: Sequence[CaseLine]
    advice: Sequence[AdviceLine]


@dataclass(frozen=True, slots=True)
class Seen:
    """The rows behind the screen. As long as they are the same, so is what is drawn of them on the same day."""

    approvals: tuple[WaitingRow, ...]
    conflicts: tuple[ConflictRow, ...]
    glance: Glance


def seen(by: Actor, language: str, today: date) -> Seen:
    """Four queries, however many cases the city has; where they stand is a part of its own (`standing`)."""
    absent = approval_service.absent_for(by, today)
    return Seen(
        tuple(approvals.approvals_waiting(by, False, absent, language, FIRST, MOST + 1)),
        tuple(declarations.waiting_for(by, language)),
        glance.glance(by, language, today),
    )


def page(found: Seen, language: str, today: date) -> ManagerPage:
    decisions = [*(_approval(row, today) for row in found.approvals), *(_conflict(row) for row in found.conflicts)]
    decisions.sort(key=lambda decision: decision.on)
    return ManagerPage(
        decisions[:MOST],
        len(decisions) > MOST,
        [_case(row, language, today) for row in found.glance.late[: glance.MOST]],
        len(found.glance.late) > glance.MOST,
        [_case(row, language, today) for row in found.glance.ahead],
        [_advice(row, language) for row in found.glance.advice],
    )


def standing(by: Actor, today: date) -> list[PhaseLine]:
    """Where the city's cases stand. Counts an index entry for each of the city's open cases: to be kept until something happens."""
    return [_phase(phase, lights) for phase, lights in glance.counts(by, today).items()]


def standing_key(by: Actor, found: Seen, language: str, today: date, now: datetime) -> tuple[Hashable, ...]:
    """As long as it is the same, the cases stand as they did. The minute is in it for entries of the log that are committed out of
    their order."""
    return ("standing", by.organisation_id, language, today, now.replace(second=0, microsecond=0), found.glance.last_event)


def _approval(row: WaitingRow, today: date) -> Decision:
    otherwise, section = NOT_DECIDED[row.subject]
    return Decision(
        _("Answer: %(what)s", what=SUBJECT_NAMES[row.subject]), f"/cases/{row.reference}/approvals/{row.number}", row.reference,
        row.case_title, row.due_on, _("due"), late_words(row.due_on, today), str(otherwise), section or _("the city’s own rule"),
    )  # fmt: skip


def _conflict(row: ConflictRow) -> Decision:
    return Decision(
        _("Decide on the conflict of interest of %(name)s", name=row.person),
        f"/cases/{row.reference}/declarations/{row.number}", row.reference, row.case_title, row.declared_on, _("declared"), "",
        _("Until then the tender material stays closed to the person."), INTEREST_CITATION,
    )  # fmt: skip


def _phase(phase: str, lights: Mapping[str, int]) -> PhaseLine:
    return PhaseLine(phase, str(PHASE_NAMES[phase]), tuple(lights.items()), sum(lights.values()))


def _case(row: Next, language: str, today: date) -> CaseLine:
    return CaseLine(
        row.reference, row.title, stage_name(row.procedure, row.procedure_edition, row.stage, language), row.next_date,
        str(DATE_WORDS[row.next_date_kind]), row.responsible, traffic_light(row.next_date, today), late_words(row.next_date, today),
    )  # fmt: skip


def late_words(day: date, today: date) -> str:
    """By how much it is late; "" for what is not."""
    return ngettext("%(num)s day late", "%(num)s days late", (today - day).days) if day < today else ""


def _advice(row: Asked, language: str) -> AdviceLine:
    topic = topics.catalogue().get(row.topic).name[language]
    return AdviceLine(f"/support/{row.number}", topic, str(SUPPORT_STATES[row.state]), row.answer_by, row.title)
