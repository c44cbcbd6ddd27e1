"""What the pages of a timetable show: lines, words and the drawing. The templates decide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from procure.catalogue import procedures
from procure.domain.calendar import Calendar
from procure.domain.planning.experience import Learned, days_of
from procure.domain.planning.plan import AFTERWARDS, BACKWARDS, FORWARDS, SKIPPED, Choices, Days, Line, Move, Plan
from procure.domain.planning.wishes import has_duration, may_be_wished
from procure.timetables.service import Basis
from procure.web import filters
from procure.web.timeline import Drawing, Mark, Row, draw


@dataclass(frozen=True, slots=True)
class LineView:
    """A row of the table. `planned` and `actual` are days; `notes` say in words why, `late` how much later than saved."""

    id: str
    name: str
    state: str
    planned: Days | None
    actual: tuple[date, date | None] | None
    length: str
    citation: str
    notes: tuple[str, ...]
    late: str
    is_late: bool
    changeable: bool


@dataclass(frozen=True, slots=True)
class MoveView:
    name: str
    old: Days | None
    new: Days | None
    words: str
    later: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """The plan in words. `tone` is success, warning or "" (nothing to hold it against)."""

    headline: str
    sentences: tuple[str, ...]
    decide: tuple[str, ...]
    tone: str


def procedure_name(plan: Plan, language: str) -> str:
    """ "" where none is planned."""
    return procedures.catalogue().latest(plan.procedure).name[language] if plan.procedure else ""


def line_views(plan: Plan, basis: Basis, language: str) -> tuple[LineView, ...]:
    return tuple(line_view(line, basis, language) for line in plan.lines)


def line_view(line: Line, basis: Basis, language: str) -> LineView:
    route = basis.route
    planned = line.saved if not line.open else line.days
    actual: tuple[date, date | None] | None = None
    if not line.open:
        actual = (line.first, line.last)
    elif line.state == "current":
        actual = (line.first, None)
    return LineView(
        line.stage.id, line.stage.name[language], line.state, planned, actual, _length(line, basis), line.citation,
        _notes(line, basis), _late(line), (line.late or 0) > 0,
        has_duration(line, route) or may_be_wished(line, route),
    )  # fmt: skip


def _length(line: Line, basis: Basis) -> str:
    """How long the stage takes: calendar days of a period of law, else working days of the city."""
    if line.state == SKIPPED:
        return ""
    if line.min_days is not None:
        return ngettext("at least %(num)s day", "at least %(num)s days", line.min_days)
    days = basis.rules.office.working_days_between(line.first, line.last)
    days += basis.rules.office.is_working_day(line.first)
    return ngettext("%(num)s working day", "%(num)s working days", days)


def _notes(line: Line, basis: Basis) -> tuple[str, ...]:
    found = []
    if line.state == SKIPPED:
        found.append(_("Skipped."))
    if line.min_days is not None and line.open:
        found.append(_("The law sets this period: it cannot be made shorter."))
    if line.rolled:
        found.append(_("The last day would be a day off, so the period ends on the next working day."))
    if line.waits_for:
        found.append(_("Waits for the meeting: %(body)s.", body=line.waits_for))
    if line.open and line.stage.id in basis.choices.wished:
        found.append(_("Ends on a day that you have chosen."))
    if line.open and line.stage.id in basis.choices.durations:
        found.append(_("The length is this case’s own."))
    elif (learned := used(basis, line)) is not None:
        found.append(learned_words(learned, line))
    return tuple(found)


def used(basis: Basis, line: Line) -> Learned | None:
    """The network's median by which the stage is planned; None where it goes by another number."""
    stage = line.stage.id
    if stage in basis.choices.durations or stage in basis.rules.durations or not has_duration(line, basis.route):
        return None
    return basis.choices.learned.get(stage) if days_of((line.stage,), basis.choices.learned) else None


def learned_words(learned: Learned, line: Line) -> str:
    return _(
        "Median of %(cases)s cases of the network, 80 %% within %(slow)s working days (as of %(day)s); the catalogue says %(usual)s.",
        cases=learned.cases, slow=learned.slow, day=filters.day(learned.on), usual=line.stage.usual_days,
    )  # fmt: skip


KEEP, NEWEST, CATALOGUE = "keep", "newest", "catalogue"


def offers(basis: Basis, line: Line) -> dict[str, tuple[Learned | None, str]]:
    """What the stage can be planned by besides a number of its own: name -> (the network's median or None, words). Empty where there is
    nothing to choose from. The first one is what it goes by now."""
    stage = line.stage.id
    if stage in basis.rules.durations or not has_duration(line, basis.route):
        return {}
    kept, newest = (
        found.get(stage) if days_of((line.stage,), found) else None for found in (basis.choices.learned, basis.newest)
    )
    if kept is None and newest is None:
        return {}
    catalogue = (None, _days_words(_("The catalogue’s number"), line.stage.usual_days))
    found: dict[str, tuple[Learned | None, str]] = {}
    if kept is not None:
        found[KEEP] = (kept, _days_words(_("The network’s median, as in this timetable"), kept.days))
    else:
        found[CATALOGUE] = catalogue
    if newest is not None and newest != kept:
        found[NEWEST] = (newest, _days_words(_("The network’s median, as counted last"), newest.days))
    found[CATALOGUE] = catalogue
    return found


def offer_hints(basis: Basis, line: Line) -> dict[str, str]:
    """What stands behind each of the network's medians."""
    return {name: learned_words(learned, line) for name, (learned, _words) in offers(basis, line).items() if learned is not None}


def _days_words(what: str, days: int) -> str:
    return ngettext("%(what)s: %(num)s working day", "%(what)s: %(num)s working days", days, what=what)


def _late(line: Line) -> str:
    if not line.late:
        return ""
    if line.late > 0:
        return ngettext("%(num)s working day late", "%(num)s working days late", line.late)
    return ngettext("%(num)s working day early", "%(num)s working days early", -line.late)


def summary(plan: Plan, basis: Basis, today: date) -> Summary:
    """What the plan comes to, whether that is early enough, and what the city can decide about."""
    office = basis.rules.office
    sentences = [
        *_against_saved(plan, basis, office),
        *_against_need(plan, office),
        *_of_notice(plan, office),
        *_of_preparation(plan),
    ]
    late = plan.contract.late if plan.contract and plan.contract.late else 0
    tone = "warning" if plan.feasible is False or late > 0 else "success" if plan.feasible else ""
    return Summary(_headline(plan), tuple(sentences), _decide(plan, basis) if plan.feasible is False else (), tone)


def _headline(plan: Plan) -> str:
    on = plan.contract_on
    if plan.contract is None or on is None:
        last = plan.lines[-1]
        return _("Ready on %(day)s", day=filters.long_day(last.last))
    if plan.contract.open:
        return _("Contract at the earliest on %(day)s", day=filters.long_day(on))
    return _("Contract made on %(day)s", day=filters.long_day(on))


def _against_saved(plan: Plan, basis: Basis, office: Calendar) -> list[str]:
    """How the contract stands against the plan that was saved last."""
    line = plan.contract
    if line is None or line.saved is None or plan.contract_on is None or basis.kept.saved_on is None:
        return []
    days = office.working_days_between(line.saved[0], plan.contract_on)
    was, now = filters.day(line.saved[0]), filters.day(plan.contract_on)
    if days > 0:
        return [
            ngettext(
                "Late by %(num)s working day: the contract was planned for %(was)s and is now on %(now)s.",
                "Late by %(num)s working days: the contract was planned for %(was)s and is now on %(now)s.",
                days, was=was, now=now,
            )
        ]  # fmt: skip
    if days < 0:
        return [
            ngettext(
                "Ahead by %(num)s working day: the contract was planned for %(was)s and is now on %(now)s.",
                "Ahead by %(num)s working days: the contract was planned for %(was)s and is now on %(now)s.",
                -days, was=was, now=now,
            )
        ]  # fmt: skip
    return [_("On time: as planned on %(saved_on)s.", saved_on=filters.day(basis.kept.saved_on))]


def _against_need(plan: Plan, office: Calendar) -> list[str]:
    on, needed_by = plan.contract_on, plan.choices.needed_by
    if on is None:
        return []
    if needed_by is None:
        return [_("No day has been named by which the contract is needed.")]
    needed = filters.day(needed_by)
    days = office.working_days_between(on, needed_by)
    if plan.feasible:
        if days <= 0:
            return [_("The contract is needed by %(day)s: there is not a day to spare.", day=needed)]
        return [
            ngettext(
                "The contract is needed by %(day)s: there is %(num)s working day to spare.",
                "The contract is needed by %(day)s: there are %(num)s working days to spare.",
                days, day=needed,
            )
        ]  # fmt: skip
    return [
        ngettext(
            "The contract is needed by %(day)s: that is %(num)s working day too early.",
            "The contract is needed by %(day)s: that is %(num)s working days too early.",
            max(-days, 1), day=needed,
        )
    ]  # fmt: skip


def _of_notice(plan: Plan, office: Calendar) -> list[str]:
    """When the notice is sent, and by when it must be."""
    notice, wanted = plan.notice, plan.choices.start
    if notice is None or not notice.open:
        return []
    found = []
    if plan.choices.mode == FORWARDS and wanted is not None and notice.last > wanted:
        found.append(
            ngettext(
                "The procedure begins on %(day)s, %(num)s working day after the planned start: the stages before it take until then.",
                "The procedure begins on %(day)s, %(num)s working days after the planned start: the stages before it take until then.",
                max(office.working_days_between(wanted, notice.last), 1), day=filters.day(notice.last),
            )
        )  # fmt: skip
    else:
        found.append(_("The procedure begins on %(day)s.", day=filters.day(notice.last)))
    if plan.latest_start is not None:
        found.append(_("The latest start that is early enough is %(day)s.", day=filters.day(plan.latest_start)))
    return found


def _of_preparation(plan: Plan) -> list[str]:
    """By when the first stage that is not done must end."""
    line = next((line for line in plan.lines if line.open), None)
    if line is None or line.slack is None or line.latest is None or not line.preparation:
        return []
    if line.slack >= 0:
        return [_("The present stage must end by %(day)s.", day=filters.day(line.latest))]
    return [
        ngettext(
            "The present stage should end by %(day)s: at its usual length it is %(num)s working day late already.",
            "The present stage should end by %(day)s: at its usual length it is %(num)s working days late already.",
            -line.slack, day=filters.day(line.latest),
        )
    ]  # fmt: skip


def _decide(plan: Plan, basis: Basis) -> tuple[str, ...]:
    """What can be done about a contract that comes too late."""
    ahead = [line for line in plan.lines if line.open and plan.contract and line.first <= plan.contract.first]
    own = sum(
        basis.rules.office.working_days_between(line.first, line.last) + 1
        for line in ahead if has_duration(line, basis.route) and line.stage.id != "contract"
    )  # fmt: skip
    law = sum(line.min_days or 0 for line in ahead)
    found = []
    if own:
        found.append(
            ngettext(
                "Shorten the city’s own stages: until the contract they take %(num)s working day.",
                "Shorten the city’s own stages: until the contract they take %(num)s working days.",
                own,
            )
        )
    if law:
        found.append(
            ngettext(
                "The periods of law cannot be shortened: they take %(num)s day.",
                "The periods of law cannot be shortened: they take %(num)s days.",
                law,
            )
        )
    found.append(_("Move the day on which the contract is needed, or arrange how the need is met until then."))
    return tuple(found)


def drawing(plan: Plan, today: date, language: str) -> Drawing:
    """The plan as bars."""
    marks = [Mark(today, _("Today"), "today")]
    if plan.contract_on is not None:
        marks.append(Mark(plan.contract_on, _("Contract %(day)s", day=filters.day(plan.contract_on)), "contract"))
    if plan.choices.needed_by is not None:
        marks.append(Mark(plan.choices.needed_by, _("Needed by %(day)s", day=filters.day(plan.choices.needed_by)), "needed"))
    return draw([_row(line, language) for line in plan.drawn], marks)


def _row(line: Line, language: str) -> Row:
    first, last = line.days
    if line.stage.id in AFTERWARDS:
        last = first
    return Row(
        line.stage.name[language], first, last, "done" if line.state == SKIPPED else line.state,
        saved=line.saved if line.saved != (first, last) and line.stage.id not in AFTERWARDS else None,
        law=line.min_days is not None, meeting=line.last if line.waits_for else None,
    )  # fmt: skip


def move_views(moves: Sequence[Move], language: str) -> tuple[MoveView, ...]:
    return tuple(
        MoveView(move.stage.name[language], move.old, move.new, _moved(move), move.working_days > 0) for move in moves
    )  # fmt: skip


def _moved(move: Move) -> str:
    if move.old is None:
        return _("new in the timetable")
    if move.new is None:
        return _("left out")
    if move.working_days > 0:
        return ngettext("%(num)s working day later", "%(num)s working days later", move.working_days)
    if move.working_days < 0:
        return ngettext("%(num)s working day earlier", "%(num)s working days earlier", -move.working_days)
    return _("ends on the same day")


def choices_in_words(choices: Choices, plan: Plan | None, language: str) -> list[tuple[str, str]]:
    """What has been decided, as facts: shown beside what somebody else wants to save."""
    mode = {FORWARDS: _("Forwards from the start"), BACKWARDS: _("Backwards from the day the contract is needed")}[choices.mode]
    found = [
        (_("Counted"), mode),
        (_("Planned start"), filters.day(choices.start) or _("not named")),
        (_("Contract needed by"), filters.day(choices.needed_by) or _("not named")),
    ]
    names = {line.stage.id: line.stage.name[language] for line in plan.lines} if plan else {}
    for stage, days in choices.durations.items():
        found.append((names.get(stage, stage), ngettext("%(num)s working day", "%(num)s working days", days)))
    for stage, day in choices.wished.items():
        found.append((names.get(stage, stage), _("ends on %(day)s", day=filters.day(day))))
    return found


def usual_days(basis: Basis, line: Line) -> int:
    """Working days that the stage takes where the case says nothing: the city's number, else the network's, else the catalogue's."""
    learned = days_of((line.stage,), basis.choices.learned) if has_duration(line, basis.route) else {}
    return (learned | dict(basis.rules.durations)).get(line.stage.id, line.stage.usual_days)
