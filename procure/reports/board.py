"""The quarterly report for the board: its figures in words, and as a document. Words come in the running language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.catalogue import wording
from procure.documents import letterheads
from procure.documents.parts import DocumentPage, Text
from procure.documents.writer import day
from procure.domain import portfolio
from procure.domain.figures import MEDIAN, SMALL, next_month, percentile
from procure.domain.letterheads import Sender
from procure.domain.permissions import Actor
from procure.domain.portfolio import SLOW
from procure.domain.reports import Quarters, quarters
from procure.figures.pages import Part, Row
from procure.figures.words import Value, month_name, number
from procure.portfolio import glance
from procure.portfolio import queries as portfolios
from procure.portfolio.glance import Next
from procure.portfolio.paper import section
from procure.portfolio.words import quarter_name
from procure.reports import queries
from procure.reports.queries import Flow
from procure.web import bars
from procure.web.bars import Item

MOST_LATE: Final = 15
FLOW_NAMES: Final = {
    "begun": _l("Cases begun"), "awarded": _l("Award decisions"), "contracted": _l("Contracts made"),
    "cancelled": _l("Procurements cancelled"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quarter:
    """One of the quarters beside each other. `days`: from opening to contract -> how many contracts."""

    name: str
    flows: Mapping[str, Flow]
    days: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the report says. `beside`: the reported quarter first, then those it is held against, as far as the city had cases."""

    quarters: Quarters
    beside: tuple[Quarter, ...]
    decisions: Mapping[date, int]
    next_dates: Mapping[date, int]
    late: int
    latest: Sequence[Next]
    today: date


@dataclass(frozen=True, slots=True)
class Report:
    """`parts` as the portfolio's, so that the same sheet takes them."""

    parts: tuple[Part, ...]
    facts: tuple[tuple[str, str], ...]


def facts(by: Actor, name: str, language: str, today: date) -> Facts:
    """What the report of the quarter "2026-q3" rests on, of the person's own city. Asked by the worker."""
    spans, since = quarters(name), portfolios.first_month(by)
    wanted = [spans.present, *(span for span in (spans.before, spans.year_before) if since is not None and since <= span[1])]
    beside = tuple(
        Quarter(portfolio.quarter_name(first), queries.flows(by, first, last), queries.days_to_contract(by, first, last))
        for first, last in wanted
    )
    return Facts(
        spans, beside, queries.decisions(by, *spans.ahead), queries.next_dates(by, *spans.ahead), queries.late(by, today),
        glance.late(by, language, today, MOST_LATE), today,
    )  # fmt: skip


def report(found: Facts, language: str) -> Report:
    parts = (
        _flows(found, language), _values(found, language), _innovation(found, language), _lead(found, language),
        _ahead(found, language), _late(found, language),
    )  # fmt: skip
    present = found.beside[0].flows
    rows = [(str(name), number(present[flow].cases, language)) for flow, name in FLOW_NAMES.items()]
    rows.append((_("Innovative, per cent of contracts"), number(_share(present["contracted"], by_value=False), language)))
    rows.append((_("Late cases"), number(found.late, language)))
    return Report(parts, tuple(rows))


def page_of(name: str, made: Report, sender: Sender, language: str, today: date) -> DocumentPage:
    """In the running language, which is to be `language`."""
    return DocumentPage(
        kind="figures",
        language=language,
        name=_("Quarterly report on procurement"),
        title=Text((quarter_name(name),), language),
        city=sender.names[language],
        reference=name.upper(),
        status="",
        draft=False,
        dated=day(today, language),
        created=today.isoformat(),
        printed=wording.catalogue().text("printed", language, date=day(today, language)),
        facts=made.facts,
        sections=tuple(section(part, language) for part in made.parts),
        sources=None,
        letterhead=letterheads.of_sender(sender, language, today),
    )


# the parts


def _columns(found: Facts) -> tuple[str, ...]:
    return tuple(quarter_name(quarter.name) for quarter in found.beside)


def _part(part: str, heading: str, how: str, first: str, columns: tuple[str, ...], rows: Sequence[Row], language: str) -> Part:
    """With bars of the first column."""
    items = [Item(row.label, int(row.values[0] or 0), number(row.values[0], language)) for row in rows]
    said = "; ".join(f"{item.word}: {item.text}" for item in items)
    small = any(value is None for row in rows for value in row.values)
    drawn = any(item.value for item in items)
    title = f"{heading}: {columns[0]}"
    return Part(part, heading, how, first, columns, tuple(rows), bars.bars(items) if drawn else None, title, said, small)


def _flows(found: Facts, language: str) -> Part:
    rows = [Row(str(name), tuple(q.flows[flow].cases for q in found.beside)) for flow, name in FLOW_NAMES.items()]
    how = _(
        "Cases begun: by the day on which the case was opened. Award decisions and contracts: by the day on which that stage was "
        "completed; a case that went back to an earlier stage has that day no more, and cancelled cases are left out. Cancelled: by "
        "the day on which the procurement ended."
    )
    return _part("flows", _("What happened in the quarter"), how, _("What"), _columns(found), rows, language)


def _values(found: Facts, language: str) -> Part:
    rows = [Row(str(name), tuple(_euros(q.flows[flow].value) for q in found.beside)) for flow, name in FLOW_NAMES.items()]
    how = _("The estimated value without VAT of the same cases, where it is known; in whole euros.")
    return _part("values", _("Value of these cases, euros"), how, _("What"), _columns(found), rows, language)


def _innovation(found: Facts, language: str) -> Part:
    names = {"contracted": (_("Contracts, by number"), _("Contracts, by value")), "begun": (_("Cases begun, by number"), "")}
    rows = []
    for flow, (by_number, by_value) in names.items():
        of = [quarter.flows[flow] for quarter in found.beside]
        rows.append(Row(by_number, (*(_share(one, by_value=False) for one in of), Decimal(portfolio.GOAL))))
        if by_value:
            rows.append(Row(by_value, (*(_share(one, by_value=True) for one in of), Decimal(portfolio.GOAL))))
    how = _(
        "Innovative cases of all, in per cent; nothing of nothing is 0. A case is innovative when what is bought is new to the market or "
        "the sector, or new or clearly improved (4 § item 20 of the Act), or new to the city with an effect that is named, or when "
        "research and development is bought. The goal of %(goal)s per cent was the Government programme’s; the city may have another "
        "one. In this quarter %(new)s of %(all)s contracts were innovative.",
        goal=portfolio.GOAL, new=found.beside[0].flows["contracted"].innovative, all=found.beside[0].flows["contracted"].cases,
    )  # fmt: skip
    columns = (*_columns(found), _("Goal, per cent"))
    drawn = [(row.label, Decimal(row.values[0] or 0)) for row in rows] + [(_("Goal"), Decimal(portfolio.GOAL))]
    chart = bars.bars([Item(label, int(share * 10), f"{number(share, language)}\N{NO-BREAK SPACE}%") for label, share in drawn])
    said = "; ".join(f"{label}: {number(share, language)} %" for label, share in drawn)
    heading = _("Share of innovative procurement, per cent")
    return Part("innovation", heading, how, _("Counted how"), columns, tuple(rows), chart, f"{heading}: {columns[0]}", said)


def _share(flow: Flow, *, by_value: bool) -> Decimal:
    """Per cent to one decimal; 0 of nothing."""
    part, whole = (flow.innovative_value, flow.value) if by_value else (Decimal(flow.innovative), Decimal(flow.cases))
    return (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else Decimal("0.0")


def _euros(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def _lead(found: Facts, language: str) -> Part:
    counts: tuple[Value, ...] = tuple(sum(quarter.days.values()) for quarter in found.beside)
    rows = [
        Row(_("Median, days"), tuple(percentile(quarter.days, MEDIAN) for quarter in found.beside)),
        Row(_("80th percentile, days"), tuple(percentile(quarter.days, SLOW) for quarter in found.beside)),
        Row(_("Contracts"), counts),
    ]
    how = _(
        "Of the contracts made in the quarter: calendar days from the opening of the case to the contract, days on hold with them. Half "
        "took at most the median, four in five at most the 80th percentile; of fewer than %(least)s contracts neither is given.",
        least=SMALL,
    )  # fmt: skip
    columns = _columns(found)
    small = any(value is None for row in rows for value in row.values)
    return Part("lead", _("From opening to contract"), how, _("What"), columns, tuple(rows), small=small)


def _ahead(found: Facts, language: str) -> Part:
    first, _last = found.quarters.ahead
    months = [first, next_month(first), next_month(next_month(first))]
    rows = [
        Row(month_name(month, language), (found.decisions.get(month, 0), found.next_dates.get(month, 0))) for month in months
    ]  # fmt: skip
    how = _(
        "Award decisions: the last day of that stage in the timetables that the cases’ own people have saved; a case without a saved "
        "timetable is not in it. Next dates: open cases whose next date, of any kind, lies in the month. As of %(day)s.",
        day=day(found.today, language),
    )  # fmt: skip
    items = [
        Item(str(month.month), int(row.values[0] or 0), number(row.values[0], language), str(month.year))
        for month, row in zip(months, rows, strict=True)
    ]
    chart = bars.columns(items) if any(item.value for item in items) else None
    columns = (_("Award decisions"), _("Cases with their next date"))
    said = "; ".join(f"{row.label}: {number(row.values[0], language)}" for row in rows)
    heading = _("Ahead in the next quarter")
    title = f"{heading}: {columns[0]}"
    return Part("ahead", heading, how, _("Month"), columns, tuple(rows), chart, title, said)


def _late(found: Facts, language: str) -> Part:
    rows = [
        Row(f"{one.reference} {one.title}", ((found.today - one.next_date).days,)) for one in found.latest
    ]  # fmt: skip
    how = _(
        "Open cases whose next date has passed without what it is for having been recorded: %(count)s in all as of %(day)s, those that "
        "are late by most first, at most %(most)s of them.",
        count=number(found.late, language), day=day(found.today, language), most=MOST_LATE,
    )  # fmt: skip
    return Part("late", _("Late cases"), how, _("Case"), (_("Days late"),), tuple(rows))
