"""What the pages of a city's calendar show."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from babel.dates import format_date
from flask_babel import gettext as _

from procure.catalogue import procedures
from procure.domain.language import LOCALES
from procure.domain.procedures import PREPARATION, Procedure, Stage
from procure.web import filters


@dataclass(frozen=True, slots=True)
class Line:
    """A closing or a meeting. `when` is in words; `name` is what the city calls it."""

    id: int
    when: str
    name: str


@dataclass(frozen=True, slots=True)
class Year:
    number: int
    lines: tuple[Line, ...]


def with_weekday(day: date, language: str) -> str:
    """ti 15.12.2026 (fi), tis 15.12.2026 (sv), Tue 15 December 2026 (en)."""
    return f"{format_date(day, 'EEE', locale=LOCALES[language]).rstrip('.')} {filters.day(day)}"


def closing_line(row: Any, language: str) -> Line:
    one_day = row.first_day == row.last_day
    when = with_weekday(row.first_day, language) if one_day else filters.period(row.first_day, row.last_day)
    return Line(row.id, when, row.name)


def meeting_line(row: Any, language: str) -> Line:
    return Line(row.id, with_weekday(row.held_on, language), row.body)


def closing_years(rows: Iterable[Any], language: str) -> list[Year]:
    """By the year in which the days begin, in the order of the rows."""
    return _years(rows, lambda row: row.first_day.year, lambda row: closing_line(row, language))


def meeting_years(rows: Iterable[Any], language: str) -> list[Year]:
    return _years(rows, lambda row: row.held_on.year, lambda row: meeting_line(row, language))


def _years(rows: Iterable[Any], year: Callable[[Any], int], line: Callable[[Any], Line]) -> list[Year]:
    return [Year(number, tuple(line(row) for row in of_year)) for number, of_year in groupby(rows, key=year)]


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage whose duration a city may say. `usual` is the catalogue's, "5–10" where procedures differ; `only_in` names the
    procedure of a stage that a single one has."""

    id: str
    name: str
    only_in: str
    usual: str
    own: int | None


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    lines: tuple[StageLine, ...]


def stage_groups(own: Mapping[str, int], language: str) -> list[Group]:
    """Every stage of every procedure, once: those of the preparation, those of several procedures, those of a single one."""
    groups: dict[str, list[StageLine]] = {"preparation": [], "several": [], "single": []}
    for stage_id, versions in procedures.catalogue().versions_of_stages().items():
        first = versions[0][0].id
        kind = "preparation" if first == PREPARATION else "several" if len(versions) > 1 else "single"
        groups[kind].append(_stage_line(stage_id, versions, own.get(stage_id), language))
    titles = {"preparation": _("Preparation"), "several": _("In several procedures"), "single": _("In one procedure only")}
    return [Group(titles[kind], tuple(lines)) for kind, lines in groups.items() if lines]


def _stage_line(stage_id: str, versions: Sequence[tuple[Procedure, Stage]], own: int | None, language: str) -> StageLine:
    least, most = min(stage.usual_days for _p, stage in versions), max(stage.usual_days for _p, stage in versions)
    usual = str(least) if least == most else f"{least}–{most}"
    only_in = versions[0][0].name[language] if len(versions) == 1 else ""
    return StageLine(stage_id, versions[0][1].name[language], only_in, usual, own)


def own_lines(own: Mapping[str, int], language: str) -> list[StageLine]:
    """The stages for which the city has a number of its own."""
    return [line for group in stage_groups(own, language) for line in group.lines if line.own is not None]


def last_change(*lists: Sequence[Any]) -> tuple[datetime, str] | None:
    """When the newest of the rows was changed, and by whom ("" for nobody in particular); None without rows."""
    rows = [row for rows in lists for row in rows]
    if not rows:
        return None
    newest = max(rows, key=lambda row: row.changed_at)
    return newest.changed_at, newest.changed_by or ""
