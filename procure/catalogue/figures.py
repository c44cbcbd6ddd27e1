"""How amounts and days are written in each language, in documents and in what the adviser says."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_currency

from procure.domain.language import LOCALES


@lru_cache(4096)
def money(amount: Decimal, language: str) -> str:
    """Euros; cents only when there are any."""
    if amount != amount.to_integral_value():
        return format_currency(amount, "EUR", locale=LOCALES[language])
    whole = "¤#,##0" if language == "en" else "#,##0\N{NO-BREAK SPACE}¤"
    return format_currency(amount, "EUR", format=whole, locale=LOCALES[language], currency_digits=False)


@lru_cache(4096)
def short_day(on: date, language: str) -> str:
    """As it is written in tables: 24.11.2026, in English 24 Nov 2026."""
    return format_date(on, "d MMM y" if language == "en" else "d.M.y", locale=LOCALES[language])
