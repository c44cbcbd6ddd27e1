"""The portfolio in words: one list of parts, which the page, the document and the sheets all show. Words come in the running
language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from procure.domain import figures, portfolio
from procure.domain.figures import Period
from procure.domain.portfolio import LEGS, Tally
from procure.domain.stages import STOPPED
from procure.figures.pages import Part, Row
from procure.figures.words import Value, month_name, number, period_name
from procure.portfolio import brought_parts, words
from procure.portfolio.parts import MOST_BARS, part_of
from procure.portfolio.queries import Cell, Filters
from procure.web import bars
from procure.web.bars import Item

MOST_MONTHS = 24
"""Longer periods are shown by year."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the figures are of. `since`: the first month there is; `people`: who can be chosen."""

    period: Period
    filters: Filters
    people: tuple[tuple[int, str], ...]
    since: date

    def query(self, **more: str) -> dict[str, str]:
        """The same choice as an address says it."""
        chosen = self.filters
        found = {
            "period": self.period.id, "person": str(chosen.person or ""), "procedure": chosen.procedure, "theme": chosen.theme,
            "state": chosen.state,
        } | more  # fmt: skip
        return {name: value for name, value in found.items() if value}

    @property
    def person_name(self) -> str:
        return dict(self.people).get(self.filters.person, "")


@dataclass(frozen=True, slots=True)
class Report:
    """`number_share` and `value_share`: of innovative procurement, in per cent; None of nothing."""

    cases: int
    value: int
    valued: int
    told: int
    innovative: int
    number_share: Decimal | None
    value_share: Decimal | None
    whole: portfolio.Time
    parts: tuple[Part, ...]


def period_of(name: str, today: date, since: date) -> Period:
    """A quarter as "2026-q3", else a period of the other figures."""
    span = portfolio.quarter(name)
    return Period(name, *span) if span else figures.period(name, today, since)


def filter_facts(chosen: Chosen, language: str) -> list[tuple[str, str]]:
    """Which of the city's cases the figures are of, where they are not of all."""
    filters, rows = chosen.filters, list[tuple[str, str]]()
    if filters.person:
        rows.append((_("Responsible"), chosen.person_name))
    if filters.procedure:
        rows.append((_("Procedure"), words.procedure_name(filters.procedure, language)))
    if filters.theme:
        rows.append((_("Theme"), words.theme_name(filters.theme, language)))
    if filters.state:
        rows.append((_("State"), str(words.STATE_NAMES[filters.state])))
    return rows


def period_words(period: Period, language: str) -> str:
    return words.quarter_name(period.id) if portfolio.quarter(period.id) else period_name(period, language)


def report(chosen: Chosen, cells: Sequence[Cell], language: str) -> Report:
    """Every figure of the chosen cases."""
    groups = _groups(cells)
    whole = portfolio.merged(groups.values())
    standing = portfolio.merged(tally for (_procedure, state), tally in groups.items() if state != STOPPED)
    by_procedure = _merged_by(groups, 0)
    parts = [
        _innovation(chosen, standing, language),
        _levels(chosen, standing, language),
        _months(chosen, cells, language),
        _states(chosen, _merged_by(groups, 1), language),
        _stages(chosen, whole, language),
        _procedures(chosen, by_procedure, language),
        _themes(chosen, whole, language),
        *(_lead(chosen, leg, by_procedure, whole, language) for leg in LEGS),
        _spent(chosen, whole, language),
        _standstill(chosen, whole),
        *brought_parts.parts(chosen.query, by_procedure, whole, language),
        _support(chosen, whole),
    ]
    innovative, count = standing["innovative"], standing["cases"]["all"]
    return Report(
        whole["cases"]["all"], euros(whole["value"]["all"]), whole["cases"]["valued"], standing["cases"]["told"],
        innovative["number"], portfolio.share(innovative["number"], count),
        portfolio.share(innovative["value"], standing["value"]["all"]), portfolio.time_of(whole["whole"]), tuple(parts),
    )  # fmt: skip


def euros(cents: int) -> int:
    """Whole euros, halves up."""
    return (cents + 50) // 100


def days_words(days: int | None) -> str:
    return ngettext("%(num)s day", "%(num)s days", days) if days is not None else ""


# the parts


def _groups(cells: Iterable[Cell]) -> dict[tuple[str, str], Tally]:
    """By procedure and state: the one pass over all that was read, from which the rest is added up."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.procedure, cell.state), []).append(cell)
    return {name: portfolio.merged(cell.tally for cell in found) for name, found in groups.items()}


def _merged_by(groups: Mapping[tuple[str, str], Tally], place: int) -> dict[str, Tally]:
    """The tallies by one of the two parts of their names."""
    found: dict[str, list[Tally]] = {}
    for name, tally in groups.items():
        found.setdefault(name[place], []).append(tally)
    return {part: portfolio.merged(tallies) for part, tallies in found.items()}


def _most_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-int(row.values[0] or 0), row.label))


def _number_and_value() -> tuple[str, str]:
    return _("Cases"), _("Value, euros")


def _innovation(chosen: Chosen, tally: Tally, language: str) -> Part:
    count, value = tally["cases"]["all"], tally["value"]["all"]
    new, new_value = tally["innovative"]["number"], tally["innovative"]["value"]
    number_share, value_share = portfolio.share(new, count), portfolio.share(new_value, value)
    zero, goal = Decimal("0.0"), Decimal(portfolio.GOAL)
    rows = (
        Row(_("By number of cases"), (new, count, number_share or zero, goal), chosen.query(what="innovative")),
        Row(_("By value, euros"), (euros(new_value), euros(value), value_share or zero, goal)),
    )
    how = _(
        "A case is innovative when what is bought is new to the market or the sector, or new or clearly improved (4 § item 20 of the "
        "Act), or new to the city with an effect that is named, or when research and development is bought: as the case’s own answers "
        "on novelty say. Cases without those answers count as not innovative; they have been given in %(told)s of %(count)s cases. "
        "Cancelled cases are left out. Value: the estimated value without VAT, where it is known. The goal of %(goal)s per cent of all "
        "procurement was the Government programme’s; the city may have another one.",
        told=tally["cases"]["told"], count=count, goal=portfolio.GOAL,
    )  # fmt: skip
    columns = (_("Innovative"), _("All procurement"), _("Share, per cent"), _("Goal, per cent"))
    drawn = [(row.label, row.values[2] or zero) for row in rows] + [(_("Goal"), goal)]
    chart = bars.bars([Item(label, int(share * 10), _percent(share, language)) for label, share in drawn])
    said = "; ".join(f"{label}: {_percent(share, language)}" for label, share in drawn)
    heading = _("Share of innovative procurement")
    return Part("innovation", heading, how, _("Counted how"), columns, rows, chart if count else None, heading, said)


def _percent(share: Decimal, language: str) -> str:
    return f"{number(share, language)}\N{NO-BREAK SPACE}%"


def _levels(chosen: Chosen, tally: Tally, language: str) -> Part:
    rows = [
        Row(str(name), (tally["level"][level],), chosen.query(level=level)) for level, name in words.LEVEL_NAMES.items()
    ]  # fmt: skip
    how = _(
        "Each case at its highest level, as the procedure advice sets it from the answers on novelty. Cancelled cases are left out."
    )
    return part_of("levels", _("How new"), how, _("Level"), (_("Cases"),), rows, language)


def _months(chosen: Chosen, cells: Sequence[Cell], language: str) -> Part:
    yearly = len(chosen.period.months) > MOST_MONTHS
    counts: dict[date, list[int]] = {}
    for month in chosen.period.months:
        counts.setdefault(month.replace(month=1) if yearly else month, [0, 0])
    for cell in cells:
        row = counts[cell.month.replace(month=1) if yearly else cell.month]
        row[0] += cell.tally["cases"]["all"]
        row[1] += cell.tally["value"]["all"]
    rows, items = [], []
    for first, (count, value) in counts.items():
        last = date(first.year, 12, 31) if yearly else figures.month_end(first)
        label = str(first.year) if yearly else month_name(first, language)
        days = {"from": first.isoformat(), "to": last.isoformat()}
        rows.append(Row(label, (count, euros(value)), chosen.query(**days)))
        short, group = (str(first.year), "") if yearly else (str(first.month), str(first.year))
        items.append(Item(short, count, number(count, language), group))
    how = _("By the day on which the case was opened. Value: the estimated value without VAT, where it is known.")
    heading = _("Cases opened by year") if yearly else _("Cases opened by month")
    said = "; ".join(f"{row.label}: {row.values[0]}" for row in rows[:MOST_BARS])
    chart = bars.columns(items) if any(item.value for item in items) else None
    first_column = _("Year") if yearly else _("Month")
    return Part("months", heading, how, first_column, _number_and_value(), tuple(rows), chart, heading, said)


def _states(chosen: Chosen, found: Mapping[str, Tally], language: str) -> Part:
    rows = []
    for state in portfolio.STATES:
        tally = found.get(state) or portfolio.merged([])
        values = (tally["cases"]["all"], euros(tally["value"]["all"]))
        rows.append(Row(str(words.STATE_NAMES[state]), values, chosen.query(state=state)))
    how = _("Where each case stands now. Finished: it has passed its last stage.")
    return part_of("states", _("Cases by state"), how, _("State"), _number_and_value(), rows, language)


def _stages(chosen: Chosen, tally: Tally, language: str) -> Part:
    order = [stage for stages in portfolio.PHASES.values() for stage in stages]
    rows = [
        Row(words.stage_name(stage, language), (count, euros(tally["stage_value"][stage])), chosen.query(stage=stage))
        for stage, count in sorted(
            tally["stage"].items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)
        )
        if stage
    ]
    how = _("The stage in which a case stands now, in the order of a procurement; a case on hold stands in its stage.")
    return part_of("stages", _("Cases by stage"), how, _("Stage"), _number_and_value(), rows, language)


def _procedures(chosen: Chosen, found: Mapping[str, Tally], language: str) -> Part:
    rows = [
        Row(
            words.procedure_name(procedure, language),
            (tally["cases"]["all"], euros(tally["value"]["all"])),
            chosen.query(procedure=procedure),
        )
        for procedure, tally in found.items()
    ]
    how = _("The procedure that the case follows now.")
    return part_of("procedures", _("Cases by procedure"), how, _("Procedure"), _number_and_value(), _most_first(rows), language)


def _themes(chosen: Chosen, tally: Tally, language: str) -> Part:
    rows = [
        Row(words.theme_name(theme, language), (count, euros(tally["theme_value"][theme])), chosen.query(theme=theme))
        for theme, count in tally["theme"].items()
    ]
    how = _(
        "The shared themes that the case’s answers name. A case with several themes stands under each, so the sums are larger."
    )
    return part_of("themes", _("Cases by theme"), how, _("Theme"), _number_and_value(), _most_first(rows), language)


def _lead(chosen: Chosen, leg: str, found: Mapping[str, Tally], whole: Tally, language: str) -> Part:
    rows = [
        Row(words.procedure_name(procedure, language), _times(tally, leg), chosen.query(procedure=procedure, leg=leg))
        for procedure, tally in found.items()
        if tally[leg]
    ]
    if rows:
        rows = [*_most_first(rows), Row(_("All procedures"), _times(whole, leg), chosen.query(leg=leg))]
    how = _(
        "Of the cases that have both days: half were done within the median, four in five within the 80th percentile. Days on hold are "
        "in it. Working days: the national calendar, without Saturdays, Sundays and holidays."
    )
    if "notice_on" in LEGS[leg]:
        how += " " + _(
            "Notice: the day on which the notice stage was completed, in a direct award the justification, in a small purchase the "
            "request for offers."
        )
    columns = (
        _("Cases"), _("Median, days"), _("80th percentile, days"), _("Median, working days"), _("80th percentile, working days"),
    )  # fmt: skip
    return part_of(f"lead-{leg}", str(words.LEG_NAMES[leg]), how, _("Procedure"), columns, rows, language, drawn=1)


def _times(tally: Tally, leg: str) -> tuple[Value, ...]:
    days, working = portfolio.time_of(tally[leg]), portfolio.time_of(tally[f"{leg}_working"])
    return (days.count, days.median, days.slow, working.median, working.slow)


def _spent(chosen: Chosen, tally: Tally, language: str) -> Part:
    by_stage = portfolio.spent_by_stage(tally["spent"])
    rows = []
    for stage in (stage for stages in portfolio.PHASES.values() for stage in stages):
        if stage not in by_stage:
            continue
        time = portfolio.time_of(by_stage[stage])
        values = (time.count, time.median, time.slow, tally["rework"][stage], tally["visits"][stage])
        rows.append(Row(words.stage_name(stage, language), values, chosen.query(passed=stage)))
    how = _(
        "Of the cases that have passed the stage: working days in it, all visits together, without the days on hold. Done again: cases "
        "that came back to the stage, and how often; planned rounds of negotiation, phases and call-offs are no rework."
    )
    columns = (
        _("Cases"), _("Median, working days"), _("80th percentile, working days"), _("Cases done again"), _("Times done again"),
    )  # fmt: skip
    return part_of("spent", _("Time per stage and rework"), how, _("Stage"), columns, rows, language, drawn=1)


def _standstill(chosen: Chosen, tally: Tally) -> Part:
    rows = (
        Row(_("Standstill waited out"), (tally["standstill"]["waited"],), chosen.query(what="standstill")),
        Row(_("Left out by an exception"), (tally["standstill"]["exception"],), chosen.query(what="exception")),
    )
    how = _(
        "Waited out: the stage of the standstill was completed (129 §). Left out: one of the exceptions of 130 § was recorded with the "
        "contract."
    )
    return Part("standstill", _("Standstill"), how, _("How"), (_("Cases"),), rows)


def _support(chosen: Chosen, tally: Tally) -> Part:
    rows = (
        Row(_("Cases with expert support"), (tally["support"]["cases"],), chosen.query(what="support")),
        Row(_("Requests in them"), (tally["support"]["requests"],)),
        Row(_("Opinions received"), (tally["support"]["opinions"],)),
    )
    how = _("Requests to the network’s experts that belong to these cases. A merged request counts once.")
    return Part("support", _("Expert support used"), how, _("What"), (_("How many"),), rows)
