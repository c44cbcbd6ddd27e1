"""The cities' shared figures as lines of a sheet: one number a line."""

from collections.abc import Iterator, Sequence
from typing import Final

from flask_babel import gettext as _

from procure.infra.sheets import Cell
from procure.shared_figures.pages import Report

WIDTHS: Final = (34, 44, 32, 16)
FILE_NAMES: Final = {"fi": "kaupunkien-tunnusluvut", "sv": "stadernas-nyckeltal", "en": "cities-figures"}


def name() -> str:
    return _("Figures of the cities")


def rows(report: Report) -> Iterator[Sequence[Cell]]:
    """Every table of the page. A number that may not be shown stands as a text."""
    for part in report.parts:
        for row in part.rows:
            for column, value in zip(part.columns, row.values, strict=True):
                yield part.heading, row.label, column, _("not shown") if value is None else value
