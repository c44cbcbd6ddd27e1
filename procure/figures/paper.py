"""The figures as a document: the same parts on paper."""

from collections.abc import Callable
from datetime import date, datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from procure.catalogue import organisations, wording
from procure.documents import making
from procure.documents.making import Printable
from procure.documents.parts import Block, ChartBlock, DocumentPage, Paragraph, Section, Table, Text
from procure.documents.writer import day
from procure.domain.figures import SMALL
from procure.domain.language import LOCALES
from procure.figures import words
from procure.figures.pages import Chosen, Part, Report
from procure.figures.sheet import FILE_NAMES
from procure.infra.clock import FINLAND


def make(chosen: Chosen, report: Callable[[], Report], counted_at: datetime | None, language: str, today: date) -> Printable:
    """The document in that language; `report` is asked in it."""
    with force_locale(LOCALES[language]):
        page = page_of(chosen, report(), counted_at, language, today)
    return Printable(f"{FILE_NAMES[language]}-{_reference(chosen, '_')}.pdf", making.job_of(page))


def page_of(chosen: Chosen, report: Report, counted_at: datetime | None, language: str, today: date) -> DocumentPage:
    """In the running language, which is to be `language`."""
    network = organisations.catalogue().network.name[language]
    return DocumentPage(
        kind="figures",
        language=language,
        name=_("Figures on expert support"),
        title=Text((words.period_name(chosen.period, language),), language),
        city=network,
        reference=_reference(chosen),
        status="",
        draft=False,
        dated=day(today, language),
        created=today.isoformat(),
        printed=wording.catalogue().text("printed", language, date=day(today, language)),
        facts=_facts(chosen, report, counted_at, language),
        sections=tuple(_section(part, language) for part in report.parts if part.rows),
        sources=None,
    )


def _reference(chosen: Chosen, between: str = "\N{EN DASH}") -> str:
    return f"{chosen.period.first:%Y-%m}{between}{chosen.period.last:%Y-%m}"


def _facts(chosen: Chosen, report: Report, counted_at: datetime | None, language: str) -> tuple[tuple[str, str], ...]:
    rows = [
        (_("Topic"), words.topic_name(chosen.topic, language) if chosen.topic else _("All topics")),
        (_("City"), chosen.city.names[language] if chosen.city else _("All cities")),
        (_("Requests"), words.number(report.asked, language)),
        (_("Open now"), words.number(report.open, language)),
        (_("Opinion: median"), words.days_name(report.opinion.median) or words.number(None, language)),
    ]
    if counted_at:
        rows.append((_("Counted"), day(counted_at.astimezone(FINLAND).date(), language)))
    return tuple(rows)


def _section(part: Part, language: str) -> Section:
    blocks: list[Block] = []
    if part.chart:
        blocks.append(ChartBlock(part.id, part.chart, part.chart_title, part.chart_text))
    rows = tuple((row.label, *(words.number(value, language) for value in row.values)) for row in part.rows)
    blocks.append(Table("", (part.first, *part.columns), rows, numeric=tuple(range(1, len(part.columns) + 1))))
    blocks.append(Paragraph(part.how))
    if part.small:
        blocks.append(Paragraph(small_note()))
    return Section(part.heading, tuple(blocks))


def small_note() -> str:
    return _("n < %(least)s: fewer than %(least)s requests, so no percentile and no mean is given.", least=SMALL)
