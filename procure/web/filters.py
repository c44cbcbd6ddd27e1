"""Dates and money in the language's own form. Kept once made: a list of 25 rows formats the same few values again and again."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from flask import Flask
from flask_babel import get_locale

from procure.infra.clock import FINLAND
from procure.web.fields import error_rows

KEPT: Final = 8192


def money(value: Decimal | str | None) -> str:
    """Euros without VAT: 480 000 € (fi, sv), €480,000 (en); cents only when there are some. "" for None."""
    return "" if value is None or value == "" else _money(str(value), str(get_locale()))


@lru_cache(KEPT)
def _money(value: str, locale: str) -> str:
    amount = Decimal(value)
    pattern = "¤#,##0" if locale.startswith("en") else "#,##0\u00a0¤"
    if amount != amount.to_integral_value():
        pattern = pattern.replace("#,##0", "#,##0.00")
    return format_currency(amount, "EUR", pattern, locale=locale, currency_digits=False)


def day(value: date | str | None) -> str:
    """24.11.2026 (fi), 2026-11-24 (sv), 24 Nov 2026 (en). "" for None."""
    return "" if not value else _day(_as_date(value), str(get_locale()), False)


def long_day(value: date | str | None) -> str:
    """24. marraskuuta 2026 and so on. "" for None."""
    return "" if not value else _day(_as_date(value), str(get_locale()), True)


def _as_date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


@lru_cache(KEPT)
def _day(value: date, locale: str, long: bool) -> str:
    if long:
        return format_date(value, "long", locale=locale)
    return format_date(value, {"fi": "d.M.y", "sv": "y-MM-dd"}.get(locale, "d MMM y"), locale=locale)


def moment(value: datetime | None) -> str:
    """A point in time in Finnish local time, to the minute. "" for None."""
    if value is None:
        return ""
    local = value.astimezone(FINLAND)
    locale = str(get_locale())
    pattern = {"fi": "d.M.y 'klo' H.mm", "sv": "y-MM-dd 'kl.' HH.mm"}.get(locale, "d MMM y, HH:mm")
    return format_datetime(local, pattern, locale=locale)


def register(app: Flask) -> None:
    app.jinja_env.filters.update(money=money, day=day, long_day=long_day, moment=moment)
    app.jinja_env.globals.update(error_rows=error_rows)
