"""Dates and money in the language's own form. Kept once made: a list of 25 rows formats the same few values again and again."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any, Final

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context

from procure.catalogue import figures
from procure.domain.attachments import MEGABYTE
from procure.domain.language import LOCALES
from procure.infra.clock import FINLAND
from procure.web.fields import error_rows
from procure.web.language import language
from procure.web.widgets import options

KEPT: Final = 8192


def _locale() -> str:
    return LOCALES[language()]


def money(value: Decimal | str | None) -> str:
    """Euros without VAT: 480 000 € (fi, sv), €480,000 (en); cents only when there are some. "" for None."""
    return "" if value is None or value == "" else figures.money(Decimal(value), language())


def day(value: date | str | None) -> str:
    """24.11.2026 (fi, sv), 24 November 2026 (en). "" for None."""
    return "" if not value else _day(_as_date(value), _locale(), "short")


def long_day(value: date | str | None) -> str:
    """24. marraskuuta 2026, 24 november 2026, 24 November 2026. "" for None."""
    return "" if not value else _day(_as_date(value), _locale(), "long")


def weekday(value: date | str | None) -> str:
    """The day with its weekday, as it begins no sentence: torstai 24. joulukuuta 2026, torsdag 24 december 2026, Thursday 24 December
    2026. "" for None."""
    return "" if not value else _day(_as_date(value), _locale(), "weekday")


def period(starts: date | str, ends: date | str | None) -> str:
    """Two days and what lies between, nothing said twice: 2.2.–27.2.2026 (fi, sv), 2–27 February 2026 (en); one day when they are
    the same or the period has no end."""
    first, last = _as_date(starts), _as_date(ends) if ends else None
    return day(first) if last is None or first == last else _period(first, last, _locale())


def _as_date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


@lru_cache(KEPT)
def _day(value: date, locale: str, form: str) -> str:
    if form == "long":
        return format_date(value, "long", locale=locale)
    if form == "weekday":
        return format_date(value, "cccc d. MMMM y" if locale == "fi" else "cccc d MMMM y", locale=locale)
    # Swedish as it is written in Finland: Babel's own short form, 2026-11-24, is that of Sweden
    return format_date(value, "d MMMM y" if locale.startswith("en") else "d.M.y", locale=locale)


@lru_cache(KEPT)
def _period(first: date, last: date, locale: str) -> str:
    english = locale.startswith("en")
    if first.year != last.year:
        start = ("d MMMM y" if english else "d.M.y", " – " if english else "–")
    elif english and first.month == last.month:
        start = ("d", "–")
    else:
        start = ("d MMMM", " – ") if english else ("d.M.", "–")
    return format_date(first, start[0], locale=locale) + start[1] + _day(last, locale, "short")


def moment(value: datetime | None) -> str:
    """An aware point in time in Finnish local time, to the minute: 24.11.2026 klo 14.30. "" for None."""
    return "" if value is None else _moment(value.replace(second=0, microsecond=0), _locale())


@lru_cache(KEPT)
def _moment(value: datetime, locale: str) -> str:
    pattern = {"fi": "d.M.y 'klo' H.mm", "sv": "d.M.y 'kl.' H.mm"}.get(locale[:2], "d MMMM y, HH:mm")
    return format_datetime(value.astimezone(FINLAND), pattern, locale=locale)


def size_text(size: int) -> str:
    """Bytes as people read them: 812 KB, 1.2 MB; at least 1 KB."""
    if size < MEGABYTE:
        return _("%(size)s KB", size=max(1, round(size / 1024)))
    return _("%(size)s MB", size=format_decimal(size / MEGABYTE, "0.0", locale=_locale()))


def _at_run_time(function: Callable[..., str]) -> Callable[..., str]:
    """Jinja works out a filter of a constant when it compiles the template, in the language of whoever came first; a filter that
    asks for the context is left until the page is made."""

    @pass_context
    @wraps(function)
    def made(context: Context, *values: Any) -> str:
        return function(*values)

    return made


def register(app: Flask) -> None:
    for function in (money, day, long_day, weekday, moment, period):
        app.jinja_env.filters[function.__name__] = _at_run_time(function)
    app.jinja_env.globals.update(error_rows=error_rows, options=options)
