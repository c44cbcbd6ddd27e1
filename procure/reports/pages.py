"""What the pages of scheduled reports show."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from procure.domain.permissions import Actor
from procure.domain.reports import ACTIVE, BOARD, MOVES, PAUSED, QUARTERLY, WEEKLY
from procure.portfolio.choosing import chosen_of
from procure.portfolio.pages import filter_facts, period_words
from procure.reports.making import period_words as sent_words
from procure.reports.models import ReportSchedule, ReportSent
from procure.reports.words import CADENCE_NAMES, FORMAT_NAMES, KIND_NAMES, STATE_NAMES, WEEKDAYS
from procure.web.language import NAMES

USUAL_LANGUAGE = "fi"


@dataclass(frozen=True, slots=True)
class Line:
    """A schedule in the list. `moves`: what can be made of it, each with the words on its button."""

    id: int
    name: str
    what: str
    when: str
    files: str
    receiver: str
    ordered_by: str
    state: str
    state_name: str
    next_on: date | None
    version: int
    moves: tuple[tuple[str, str], ...]
    no_reader: bool


def line(schedule: ReportSchedule) -> Line:
    when = str(CADENCE_NAMES[schedule.cadence])
    if schedule.cadence == WEEKLY:
        when = _("Every week: %(weekday)s", weekday=WEEKDAYS[schedule.weekday])
    files = ", ".join(str(FORMAT_NAMES[name]) for name in schedule.formats)
    words_of = {ACTIVE: _("Let it go on"), PAUSED: _("Pause"), "ended": _("End")}
    receiver = schedule.receiver
    return Line(
        schedule.id, schedule.name, str(KIND_NAMES[BOARD]) if schedule.kind == BOARD else _("The portfolio"), when,
        f"{files}, {NAMES[schedule.language]}", receiver.name, schedule.made_by.name, schedule.state,
        str(STATE_NAMES[schedule.state]), schedule.next_on if schedule.state == ACTIVE else None, schedule.version,
        tuple((state, words_of[state]) for state in MOVES[schedule.state]),
        not _works_here(schedule, "receiver") or not _works_here(schedule, "made_by"),
    )  # fmt: skip


def _works_here(schedule: ReportSchedule, part: str) -> bool:
    person = getattr(schedule, part)
    return bool(person.active and person.organisation_id == schedule.organisation_id)


@dataclass(frozen=True, slots=True)
class SentLine:
    id: int
    name: str
    period: str
    receiver: str
    made_at: datetime
    files: tuple[tuple[str, str, int, str], ...]
    """Format, file name, size in bytes and SHA-256."""


def sent_line(report: ReportSent, language: str) -> SentLine:
    files = tuple(
        (format_, file["name"], file["size"], file["sha256"]) for format_, file in sorted(report.files.items())
    )  # fmt: skip
    return SentLine(report.id, report.name, sent_words(report.period, language), report.receiver, report.made_at, files)


def filter_words(by: Actor, report: ReportSent, language: str, today: date) -> list[tuple[str, str]]:
    """Which cases the report is of, as facts."""
    if report.kind == BOARD:
        return []
    chosen = chosen_of(by, report.query, today)
    return [(_("Opened in"), period_words(chosen.period, language)), *filter_facts(chosen, language)]


def present(schedule: ReportSchedule) -> dict[str, Any]:
    """The schedule as its form shows it."""
    return {
        "name": schedule.name, "kind": schedule.kind, "receiver": str(schedule.receiver_id), "language": schedule.language,
        "formats": schedule.formats, "cadence": schedule.cadence, "weekday": str(schedule.weekday), "seen": str(schedule.version),
        **schedule.query,
    }  # fmt: skip


def fresh(told: dict[str, str], by: Actor) -> dict[str, Any]:
    """A new one, with the filters that somebody comes from the portfolio with."""
    return {
        "kind": "portfolio", "receiver": str(by.id), "language": by.language, "formats": ["pdf"], "cadence": QUARTERLY, "weekday": "0",
        **told,
    }  # fmt: skip
