"""What the pages of a case say of holds, rounds, stages side by side and a cancelled procurement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from procure.cases import deadline_pages, deadlines
from procure.catalogue import cancelling
from procure.domain import acts, stages
from procure.domain.after_events import NATIONAL_AND_ABOVE
from procure.domain.dates import NOTICE_STAGES
from procure.domain.planning.periods import STANDSTILL_REGIMES
from procure.domain.procedures import Procedure
from procure.domain.stages import Hold, Progress

DECISION, NOTIFY, NOTICE, TELL = "decision", "notify", "notice", "tell"
"""What is to be done once a procurement is cancelled: the reasoned decision (123 §), its notification with instructions for appeal,
the award notice that says so (58 § 5 mom); outside the Act: telling those who took part."""


@dataclass(frozen=True, slots=True)
class Named:
    """A stage, by id and name; `since`: when it began, where it runs."""

    id: str
    name: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The last cancelling of a case that is cancelled now. `to_do`: of DECISION, NOTIFY, NOTICE and TELL."""

    on: date
    ground: str
    reason: str
    to_do: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Halts:
    """Besides the present stage: what holds the case, what runs beside it, and what can be done."""

    state: str
    hold: Hold | None
    round: int
    repeatable: bool
    beside: tuple[Named, ...]
    may_begin: tuple[Named, ...]
    may_cancel: bool
    may_reopen: bool
    cancelled: Cancelled | None


def halts(progress: Progress, procedure: Procedure, events: Sequence[Any], language: str) -> Halts:
    """`events`: the case's stage events."""
    current = progress.current
    return Halts(
        state=progress.state,
        hold=progress.hold,
        round=current.round if current else 1,
        repeatable=current is not None and not progress.state and procedure.stage(current.stage).repeatable,
        beside=tuple(_named(procedure, visit.stage, language, visit.entered_on) for visit in progress.beside),
        may_begin=tuple(_named(procedure, stage, language) for stage in acts.begins_beside(progress, procedure)),
        may_cancel=acts.may_cancel(progress),
        may_reopen=progress.finished,
        cancelled=_cancelled(progress, procedure, events, language) if progress.cancelled else None,
    )


def _named(procedure: Procedure, stage: str, language: str, since: date | None = None) -> Named:
    return Named(stage, procedure.stage(stage).name[language], since)


def _cancelled(progress: Progress, procedure: Procedure, events: Sequence[Any], language: str) -> Cancelled:
    payload = next(event.payload for event in reversed(events) if event.kind == stages.CANCELLED)
    last, ground = progress.main[-1], cancelling.catalogue().get(payload["ground"])
    regime = deadlines.situation(procedure, progress, events).regime
    name = ground[language] if ground else payload["ground"]
    return Cancelled(last.left_on or last.entered_on, name, last.reason, to_do(regime, payload["published"]))


def to_do(regime: str, published: bool) -> tuple[str, ...]:
    """What the city does next once a procurement that follows these rules is cancelled."""
    if regime not in NATIONAL_AND_ABOVE:
        return (TELL,)
    return (DECISION, NOTIFY, NOTICE) if published and regime in STANDSTILL_REGIMES else (DECISION, NOTIFY)


def ground_choices(language: str) -> list[tuple[str, str]]:
    return [(ground, name[language]) for ground, name in cancelling.catalogue().items()]


def notice_proposed(progress: Progress) -> str:
    """Whether a notice has been published, as far as the stages tell: `yes` or `no`."""
    return "yes" if any(progress.passed(stage) for stage in NOTICE_STAGES) else "no"


def reopen_choices(progress: Progress, procedure: Procedure, language: str) -> list[tuple[str, str]]:
    return [(stage, procedure.stage(stage).name[language]) for stage in acts.reopens_to(progress, procedure)]


def running(rows: Sequence[Any], language: str, today: date) -> tuple[deadline_pages.DeadlineLine, ...]:
    """The periods of the law that go on while a case is on hold."""
    return deadline_pages.section(rows, True, language, today).running
