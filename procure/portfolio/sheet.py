"""The portfolio's tables as lines of a sheet: one number a line, so that a spreadsheet can turn them any way."""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from flask_babel import gettext as _

from procure.domain.figures import SMALL
from procure.figures.pages import Part
from procure.infra.sheets import Cell

WIDTHS: Final = (34, 44, 32, 16)
FILE_NAMES: Final = {"fi": "hankintasalkku", "sv": "upphandlingsportfolj", "en": "portfolio"}


def name() -> str:
    return _("Portfolio")


def head() -> tuple[str, ...]:
    return (_("Figure"), _("Line of the figure"), _("What is counted"), _("Count or value"))


class Parted(Protocol):
    """Whatever is made of figures."""

    @property
    def parts(self) -> tuple[Part, ...]: ...


def rows(report: Parted) -> Iterator[Sequence[Cell]]:
    """Every table of the page. A number that is not said of fewer than five stands as a text."""
    for part in report.parts:
        for row in part.rows:
            for column, value in zip(part.columns, row.values, strict=True):
                yield part.heading, row.label, column, f"n < {SMALL}" if value is None else value
