"""Results of a case as blocks of a document: tenders received, and effects expected and achieved with their sources."""

from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from procure.documents.parts import Block, Point, Points, Table
from procure.documents.writer import Writer
from procure.domain.language import LOCALES
from procure.domain.questions import has_value
from procure.domain.results import Closed, Results
from procure.results import pages
from procure.results.service import Standing


def blocks(writer: Writer, what: str) -> tuple[Block, ...]:
    """What a part shows of the results (domain.compositions.SHOWN); nothing where nothing has been recorded."""
    with force_locale(LOCALES[writer.language]):
        return _tenders(writer) if what == "tenders" else _effects(writer)


def summary(writer: Writer, most: int) -> tuple[Block, ...]:
    """The effects in a line each, for the page for managers."""
    with force_locale(LOCALES[writer.language]):
        lines = pages.effect_lines(writer.material.results.effects, writer.language)[:most]
        said = (
            _(
                "%(what)s: achieved %(achieved)s, expected %(expected)s",
                what=one.heading,
                achieved=one.achieved,
                expected=one.expected,
            )
            for one in lines
        )
        return (Points("", tuple(Point(sentence) for sentence in said)),) if lines else ()


def _tenders(writer: Writer) -> tuple[Block, ...]:
    """Without counts of a period that runs again."""
    counts = tuple(count for count in writer.material.results.counts if not count.stale)
    if not counts:
        return ()
    answers = writer.material.answers
    lots: Sequence[Any] = answers["lots"].value if has_value("lots", answers) else ()
    shown = Standing(Results(counts=counts), Closed(1, 1), suspends=False, contract_ahead=False)
    table = pages.tenders_table(shown, lots, writer.language)
    head = (_("What came in"), *(column.heading for column in table.columns))
    rows = tuple(
        (name, *(_("not known") if column.numbers[at] is None else str(column.numbers[at]) for column in table.columns))
        for at, (name, _code) in enumerate(table.rows)
    )
    return (Table(_("Tenders received"), head, rows, numeric=tuple(range(1, len(head)))),)


def _effects(writer: Writer) -> tuple[Block, ...]:
    lines = pages.effect_lines(writer.material.results.effects, writer.language)
    if not lines:
        return ()
    numbers = tuple(
        (
            line.heading, line.expected, line.achieved, writer.short_day(line.measured[0].on) if line.measured else "",
            line.measured[0].source if line.measured else "",
        )
        for line in lines
    )  # fmt: skip
    how = tuple((line.heading, "; ".join(f"{label}: {value}" for label, value in line.facts)) for line in lines)
    return (
        Table(_("Effects"), (_("Effect"), _("Expected"), _("Achieved"), _("Measured by"), _("Source")), numbers),
        Table(_("How the effects are counted"), (_("Effect"), _("How")), how),
    )
