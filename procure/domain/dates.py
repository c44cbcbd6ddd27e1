"""The date a case looks towards next: planned dates of the officer and what a stage usually takes. Practice, not law."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from procure.domain.procedures import Procedure
from procure.domain.stages import Progress

NOTICE_STAGES: Final = (
    "contract_notice", "national_notice", "contest_notice", "call", "challenge", "justification", "request_for_offers",
)  # fmt: skip
"""The stage on whose day the notice is sent: the planned `start` of the case is this day."""


DONE_IN: Final = {"award_notice": "result_notice", "additional_info": "questions"}
"""Kind of a date by law -> the stage that is there to do what it asks for."""


@dataclass(frozen=True, slots=True)
class NextDate:
    """`kind`: `stage_usual` (the stage has then taken its usual time), `start` (planned notice), `contract_needed_by`; by law:
    `contract_from` (a contract may be made), `award_notice` and `additional_info` (to be sent by then)."""

    on: date
    kind: str


def add_weekdays(start: date, days: int) -> date:
    """`days` Monday-to-Friday days after `start`. For estimates only: legal periods have their own counting."""
    if days <= 0:
        return start
    from_day = start - timedelta(days=max(0, start.weekday() - 4))  # from a weekend one counts as from the Friday before
    weeks, rest = divmod(days, 5)
    over_weekend = 2 if from_day.weekday() + rest > 4 else 0
    return from_day + timedelta(days=7 * weeks + rest + over_weekend)


def next_date(
    progress: Progress, procedure: Procedure, start: date | None, contract_needed_by: date | None, *,
    acts: Iterable[NextDate] = (), safe_on: date | None = None,
) -> NextDate | None:  # fmt: skip
    """The earliest of: the present stage's usual end, the planned notice while it is ahead, the date the contract is needed, and the
    `acts` by which the law wants something done. A day of the law takes the place of the stage's usual end: `safe_on`, before which
    the stage may not end, and the last day for what the stage is there to do."""
    current = progress.current
    if current is None:
        return None
    stage = procedure.stage(current.stage)
    usual = add_weekdays(current.entered_on, stage.usual_days)
    found = list(acts)
    if safe_on is not None and (safe_on > usual or stage.id == "standstill"):
        found.append(NextDate(safe_on, "contract_from"))
    elif not any(DONE_IN[act.kind] == stage.id for act in found):
        found.append(NextDate(usual, "stage_usual"))
    if start is not None and not any(progress.passed(stage_id) for stage_id in NOTICE_STAGES):
        found.append(NextDate(start, "start"))
    if contract_needed_by is not None and not progress.passed("contract"):
        found.append(NextDate(contract_needed_by, "contract_needed_by"))
    return min(found, key=lambda candidate: candidate.on)
