"""What the pages of approvals show, as frozen records: the templates decide nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.accounts.models import Person
from procure.accounts.pages import ROLE_NAMES
from procure.approvals.models import Approval, ApprovalSeat
from procure.cases.history_values import fact_name, fact_shown
from procure.cases.models import Case
from procure.cases.pages import stage_choices
from procure.catalogue import approvals as approval_catalogue
from procure.domain import approvals
from procure.domain.approvals import AWARD, OF, OPEN, ORDER, OTHER, PLAN, PROCEDURE, STAGE, VOIDED
from procure.domain.language import LANGUAGES, pick
from procure.domain.permissions import Actor
from procure.domain.procedures import PREPARATION

SUBJECT_NAMES: Final[dict[str, Any]] = {
    STAGE: _l("Completing a stage"),
    PLAN: _l("Procurement plan"),
    PROCEDURE: _l("Choice of procedure"),
    AWARD: _l("Award decision"),
    OTHER: _l("Something else"),
}
OUTCOMES: Final[dict[str, tuple[Any, str]]] = {
    OPEN: (_l("Waits for approval"), ""),
    "given": (_l("Approved"), "green"),
    "changes_asked": (_l("Changes asked for"), "yellow"),
    "rejected": (_l("Rejected"), "red"),
    VOIDED: (_l("No longer counts"), "red"),
    "withdrawn": (_l("Withdrawn"), "grey"),
}
"""Words and colour of each outcome: the colour only repeats the words."""
SAID: Final[dict[str, Any]] = {"given": _l("Approved"), "changes_asked": _l("Asked for changes"), "rejected": _l("Rejected")}


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One named person. `holder`: to whom it was handed on, "" for nobody; `said_by`: who spoke for them, "" when it was themselves."""

    name: str
    holder: str
    handed_on: date | None
    said: str
    said_by: str
    said_at: datetime | None
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class FactLine:
    """`now`: as it is now, "" where that is what it was."""

    name: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    number: int
    title: str
    outcome: str
    outcome_words: str
    colour: str
    requester: str
    asked_on: date
    due_on: date
    late: bool
    ended_on: date | None
    rule: str
    words: str
    seats: tuple[SeatLine, ...]
    next_names: str
    """Who can sign now; "" for nobody."""
    changed: tuple[FactLine, ...]
    """What voided it."""
    may_ask_again: bool


def title_of(subject: str, stage: str, language: str) -> str:
    """What is approved, in words."""
    if subject == STAGE:
        return _("Completing the stage: %(stage)s", stage=dict(stage_choices(language)).get(stage, stage))
    return str(SUBJECT_NAMES[subject])


def line(case: Case, approval: Approval, language: str, today: date) -> ApprovalLine:
    words, colour = OUTCOMES[approval.outcome]
    is_open = approval.outcome == OPEN
    waiting = [seat.holder for seat in approval.seats if seat.waits]
    return ApprovalLine(
        number=approval.number, title=title_of(approval.subject, approval.stage, language), outcome=approval.outcome,
        outcome_words=str(words), colour=colour, requester=approval.requester, asked_on=approval.asked_on, due_on=approval.due_on,
        late=is_open and approval.due_on < today, ended_on=approval.ended_on, rule=_rule(approval), words=approval.words,
        seats=tuple(_seat(seat, is_open) for seat in approval.seats), next_names=", ".join(waiting),
        changed=tuple(
            FactLine(
                fact_name(case, fact, language), fact_shown(case, fact, change["old"], language),
                fact_shown(case, fact, change["new"], language),
            )
            for fact, change in approval.changes.items()
        ),
        may_ask_again=not is_open and approval.outcome != "given",
    )  # fmt: skip


def lines(case: Case, found: Sequence[Approval], language: str, today: date) -> list[ApprovalLine]:
    return [line(case, approval, language, today) for approval in found]


def _rule(approval: Approval) -> str:
    if len(approval.seats) == 1:
        return _("One person approves")
    if approval.rule == OF:
        return _("%(needed)s of %(all)s must approve, in any order", needed=approval.needed, all=len(approval.seats))
    return _("Everybody must approve, one after another") if approval.rule == ORDER else _("Everybody must approve, in any order")


def _seat(seat: ApprovalSeat, is_open: bool) -> SeatLine:
    if seat.said:
        state = str(SAID[seat.said])
    elif not is_open:
        state = _("No answer was needed any more")
    else:
        state = _("Can answer now") if seat.waits else _("Waits for the ones before")
    handed = seat.holder_id != seat.person_id
    stood_in = bool(seat.said) and seat.said_by_id != seat.holder_id
    return SeatLine(
        seat.name, seat.holder if handed else "", seat.handed_on, seat.said, seat.said_by if stood_in else "", seat.said_at,
        seat.words, state,
    )  # fmt: skip


def facts(case: Case, then: Mapping[str, Any], now: Mapping[str, Any], language: str) -> list[FactLine]:
    """What the approval stands on beside what is now; what neither then nor now says anything is left out."""
    changed = approvals.changed_facts(then, now)
    return [
        FactLine(
            fact_name(case, fact, language), fact_shown(case, fact, old if fact in changed else _in(language, old), language),
            fact_shown(case, fact, changed[fact]["new"], language) if fact in changed else "",
        )
        for fact, old in then.items() if old is not None or fact in changed
    ]  # fmt: skip


def _in(language: str, value: Any) -> Any:
    """A text that stands in several languages in the reader's; any other answer as it is."""
    return pick(value, language) if isinstance(value, dict) and value and value.keys() <= set(LANGUAGES) else value


@dataclass(frozen=True, slots=True)
class MyPart:
    """What the reader can do: `instead_of` names who is away, "" for the reader's own sign-off."""

    may_say: bool = False
    instead_of: str = ""
    may_delegate: bool = False
    may_withdraw: bool = False
    note: str = ""
    """Why they cannot, where one might wonder."""


def my_part(approval: Approval, by: Actor, delegates: Mapping[int, int]) -> MyPart:
    if approval.outcome != OPEN:
        return MyPart()
    sign_off = approval.sign_off
    if by.id == approval.requester_id:
        return MyPart(may_withdraw=True, note=_("You have asked for this: others approve it."))
    place = approvals.seat_of(sign_off, by.id, delegates)
    if place is None:
        return MyPart()
    seat, own = approval.seats[place], approval.seats[place].holder_id == by.id
    waits = place in sign_off.waits
    note = "" if waits else _("Your turn comes when the ones before you have approved.")
    return MyPart(waits, "" if own else seat.holder, own, False, note)


def subject_choices(case: Case, language: str) -> list[tuple[str, str]]:
    """What can be approved as the case stands."""
    award = case.stage in approval_catalogue.catalogue().award_stages
    found = [AWARD] if award else []
    found += [STAGE] if case.stage and not award else []
    found += [PLAN]
    found += [PROCEDURE] if case.procedure != PREPARATION else []
    found += [] if award else [AWARD]
    return [(subject, title_of(subject, case.stage, language)) for subject in (*found, OTHER)]


def person_choices(people: Sequence[Person], empty: str) -> list[tuple[str, str]]:
    return [("", empty), *((str(person.id), f"{person.name}, {ROLE_NAMES[person.role]}") for person in people)]
