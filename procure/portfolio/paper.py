"""The portfolio as a document for the board: the same parts on paper."""

from collections.abc import Callable
from datetime import date, datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from procure.catalogue import wording
from procure.documents import letterheads, making
from procure.documents.making import Printable
from procure.documents.parts import Block, ChartBlock, DocumentPage, Paragraph, Section, Table, Text
from procure.documents.writer import day
from procure.domain.language import LOCALES
from procure.domain.letterheads import Sender
from procure.figures.pages import Part
from procure.figures.words import number
from procure.infra.clock import FINLAND
from procure.portfolio import words
from procure.portfolio.pages import Chosen, Report, filter_facts, period_words
from procure.portfolio.sheet import FILE_NAMES


def make(
    chosen: Chosen, report: Callable[[], Report], sender: Sender, counted_at: datetime | None, language: str, today: date
) -> Printable:  # fmt: skip
    """The document in that language; `report` is asked in it. Raises pdf.PdfFailed when the storage does not give the logo."""
    with force_locale(LOCALES[language]):
        page = page_of(chosen, report(), sender, counted_at, language, today)
    return Printable(f"{FILE_NAMES[language]}-{_reference(chosen, '_')}.pdf", making.job_of(page))


def page_of(
    chosen: Chosen, report: Report, sender: Sender, counted_at: datetime | None, language: str, today: date
) -> DocumentPage:  # fmt: skip
    """In the running language, which is to be `language`."""
    return DocumentPage(
        kind="figures",
        language=language,
        name=_("Report on procurement"),
        title=Text((period_words(chosen.period, language),), language),
        city=sender.names[language],
        reference=_reference(chosen),
        status="",
        draft=False,
        dated=day(today, language),
        created=today.isoformat(),
        printed=wording.catalogue().text("printed", language, date=day(today, language)),
        facts=_facts(chosen, report, counted_at, language),
        sections=tuple(section(part, language) for part in report.parts if part.rows),
        sources=None,
        letterhead=letterheads.of_sender(sender, language, today),
    )


def _reference(chosen: Chosen, between: str = "\N{EN DASH}") -> str:
    return f"{chosen.period.first:%Y-%m}{between}{chosen.period.last:%Y-%m}"


def _facts(chosen: Chosen, report: Report, counted_at: datetime | None, language: str) -> tuple[tuple[str, str], ...]:
    rows = [
        (_("Cases"), number(report.cases, language)),
        (_("Value, euros"), number(report.value, language)),
        (_("Innovative, per cent of cases"), "–" if report.number_share is None else number(report.number_share, language)),
        (_("Innovative, per cent of value"), "–" if report.value_share is None else number(report.value_share, language)),
    ]
    rows += filter_facts(chosen, language)
    if counted_at:
        rows.append((_("Counted"), day(counted_at.astimezone(FINLAND).date(), language)))
    return tuple(rows)


def section(part: Part, language: str) -> Section:
    """One figure on paper: drawn, as a table, and how it is counted."""
    blocks: list[Block] = []
    if part.chart:
        blocks.append(ChartBlock(part.id, part.chart, part.chart_title, part.chart_text))
    rows = tuple((row.label, *(number(value, language) for value in row.values)) for row in part.rows)
    if rows:
        blocks.append(Table("", (part.first, *part.columns), rows, numeric=tuple(range(1, len(part.columns) + 1))))
    blocks.append(Paragraph(part.how))
    if part.small:
        blocks.append(Paragraph(words.small_note()))
    return Section(part.heading, tuple(blocks))
