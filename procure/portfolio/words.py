"""What the figures of the portfolio are called, in the running language."""

from datetime import date
from functools import cache
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.cases.pages import procedure_choices, stage_choices
from procure.catalogue import questions
from procure.domain import portfolio
from procure.domain.figures import SMALL
from procure.domain.procedures import PREPARATION

STATE_NAMES: Final = {
    portfolio.OPEN: _l("Under way"), "held": _l("On hold"), portfolio.FINISHED: _l("Finished"), "cancelled": _l("Cancelled"),
}  # fmt: skip
PHASE_NAMES: Final = {
    "preparation": _l("Preparation"), "tendering": _l("Tendering"), "award": _l("Decision and contract"),
    "contract": _l("Contract period"),
}  # fmt: skip
LEG_NAMES: Final = {
    "notice": _l("From opening to notice"), "award": _l("From notice to award decision"),
    "contract": _l("From award decision to contract"), "whole": _l("From opening to contract"),
}  # fmt: skip
LEVEL_NAMES: Final = {
    "0": _l("Ordinary"), "1": _l("Innovation-friendly process, or clearly improved"), "2": _l("New to the city"),
    "3": _l("New to the market"), "4": _l("Research and development"),
}  # fmt: skip


def small_note() -> str:
    return _("n < %(least)s: fewer than %(least)s cases, so no percentile is given.", least=SMALL)


@cache
def theme_choices(language: str) -> tuple[tuple[str, str], ...]:
    """The shared themes of the newest questionnaire."""
    return tuple((choice.id, choice.label[language]) for choice in questions.catalogue().latest.question("themes").choices)


def theme_name(theme: str, language: str) -> str:
    return dict(theme_choices(language)).get(theme, theme)


def procedure_name(procedure: str, language: str) -> str:
    if procedure == PREPARATION:
        return _("No procedure chosen yet")
    return dict(procedure_choices(language)).get(procedure, procedure)


def stage_name(stage: str, language: str) -> str:
    """ "" is what is over."""
    return dict(stage_choices(language)).get(stage, stage) if stage else _("Over")


def quarter_name(name: str) -> str:
    """ "2026-q3" in words."""
    year, _dash, number = name.partition("-q")
    return _("Quarter %(number)s of %(year)s", number=number, year=year)


def quarters(since: date, today: date, most: int = 8) -> tuple[tuple[str, str], ...]:
    """The newest quarters that have begun, the present one first."""
    found: list[tuple[str, str]] = []
    day = today
    while len(found) < most and day >= since.replace(day=1):
        name = portfolio.quarter_name(day)
        found.append((name, quarter_name(name)))
        span = portfolio.quarter(name)
        assert span is not None  # made from a day
        day = date.fromordinal(span[0].toordinal() - 1)
    return tuple(found)
