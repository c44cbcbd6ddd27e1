"""The files of a report, as they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from procure.documents import making
from procure.domain.language import LANGUAGES, LOCALES, Trilingual
from procure.domain.permissions import Actor
from procure.domain.reports import BOARD, PDF, XLSX
from procure.figures.words import month_name
from procure.infra import pdf, sheets
from procure.letterheads import queries as letterheads
from procure.portfolio import pages, paper, queries, sheet
from procure.portfolio.choosing import chosen_of
from procure.portfolio.words import quarter_name
from procure.reports import board
from procure.reports.models import ReportSchedule

BOARD_NAMES = {"fi": "neljannesvuosiraportti", "sv": "kvartalsrapport", "en": "quarterly-report"}


@dataclass(frozen=True, slots=True)
class File:
    """`format` is pdf or xlsx."""

    format: str
    name: str
    content: bytes


def files(schedule: ReportSchedule, period: str, by: Actor, today: date) -> list[File]:
    """The report of that period for `by`, in the schedule's language. Raises pdf.PdfFailed."""
    with force_locale(LOCALES[schedule.language]):
        if schedule.kind == BOARD:
            return _board(schedule.formats, schedule.language, period, by, today)
        return _portfolio(schedule, by, today, queries.run().checked_at)


def _board(formats: Sequence[str], language: str, period: str, by: Actor, today: date) -> list[File]:
    made = board.report(board.facts(by, period, language, today), language)
    name, found = f"{BOARD_NAMES[language]}-{period}", []
    if PDF in formats:
        page = board.page_of(period, made, letterheads.sender_for(by), language, today)
        found.append(File(PDF, f"{name}.pdf", making.printed(page)))
    if XLSX in formats:
        found.append(File(XLSX, f"{name}.xlsx", _sheet(made)))
    return found


def _portfolio(schedule: ReportSchedule, by: Actor, today: date, counted_at: datetime | None) -> list[File]:
    chosen, language, found = chosen_of(by, schedule.query, today), schedule.language, []
    report = pages.report(chosen, queries.cells(by, chosen.filters), language)
    if PDF in schedule.formats:
        document = paper.make(chosen, lambda: report, letterheads.sender_for(by), counted_at, language, today)
        found.append(File(PDF, document.name, pdf.printed(document.job)))
    if XLSX in schedule.formats:
        found.append(File(XLSX, f"{sheet.FILE_NAMES[language]}-{today.isoformat()}.xlsx", _sheet(report)))
    return found


def _sheet(report: sheet.Parted) -> bytes:
    with sheets.xlsx(sheet.name(), sheet.head(), sheet.rows(report), sheet.WIDTHS) as stream:
        return stream.read()


def period_words(period: str, language: str) -> str:
    """ "2026-q3", "2026-11" or "2026-w48" in words, in the running language."""
    year, _dash, rest = period.partition("-")
    if rest.startswith("q"):
        return quarter_name(period)
    if rest.startswith("w"):
        return _("Week %(number)s of %(year)s", number=int(rest[1:]), year=year)
    return month_name(date(int(year), int(rest), 1), language)


def period_names(period: str) -> Trilingual:
    """The same in each language, for a letter that is written in its reader's."""
    found = []
    for language in LANGUAGES:
        with force_locale(LOCALES[language]):
            found.append(period_words(period, language))
    return Trilingual(*found)
