"""Reads which reports the demo's people have ordered, and which of its cities share their figures."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from procure.catalogue.reading import Table, read
from procure.domain.language import LANGUAGES
from procure.domain.reports import CADENCES, FORMATS, KINDS
from procure.domain.shared_figures import CHOICES

FILE: Final = Path(__file__).parent / "demo" / "reports.toml"


@dataclass(frozen=True, slots=True)
class DemoReport:
    """An order. `by` and `receiver` are addresses."""

    by: str
    receiver: str
    name: str
    kind: str
    language: str
    formats: tuple[str, ...]
    cadence: str


@dataclass(frozen=True, slots=True)
class DemoShare:
    """What the city of `by`, an address, agreed to `ago` days before the demo is loaded."""

    by: str
    choice: str
    ago: int


@cache
def reports() -> tuple[DemoReport, ...]:
    """The orders. Raises CatalogueError with file and line for anything that cannot be used."""
    return _all()[0]


@cache
def shares() -> tuple[DemoShare, ...]:
    """What the cities have agreed to. Raises CatalogueError as `reports` does."""
    return _all()[1]


@cache
def _all() -> tuple[tuple[DemoReport, ...], tuple[DemoShare, ...]]:
    table = read(FILE)
    found = tuple(_report(row) for row in table.tables("report")), tuple(_share(row) for row in table.tables("share"))
    table.finish()
    return found


def _report(row: Table) -> DemoReport:
    formats = row.strings("formats")
    if not formats or not set(formats) <= set(FORMATS):
        raise row.fault(f"formats must be some of {', '.join(FORMATS)}")
    report = DemoReport(
        row.text("by"), row.text("receiver"), row.text("name"), row.one_of("kind", KINDS), row.one_of("language", LANGUAGES),
        formats, row.one_of("cadence", CADENCES),
    )  # fmt: skip
    row.finish()
    return report


def _share(row: Table) -> DemoShare:
    share = DemoShare(row.text("by"), row.one_of("choice", CHOICES), row.whole("ago"))
    row.finish()
    return share
