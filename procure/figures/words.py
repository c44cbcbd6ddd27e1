"""What the figures are called and how they are written, in the running language."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from procure.catalogue import topics
from procure.domain import figures
from procure.domain.figures import Period
from procure.domain.language import LOCALES

Value = int | Decimal | None

KINDS: Final = {"advice": _l("Expert advice"), "communications": _l("Communications")}
OUTCOME_NAMES: Final = {
    "followed": _l("The opinion was followed"),
    "partly": _l("The opinion was followed in part"),
    "not_followed": _l("The opinion was not followed"),
}
MARK_NAMES: Final = {
    "useful": _l("The opinion was useful"),
    "clear": _l("The opinion was clear"),
    "in_time": _l("The opinion came in time"),
}
PRODUCT_NAMES: Final[list[Callable[[str, str], str]]] = []
"""Who knows what a product of the support catalogue is called: (id, language) -> name. Filled at start-up."""


def topic_name(topic: str, language: str) -> str:
    return topics.catalogue().get(topic).name[language] if topic in {known.id for known in topics.catalogue().all} else topic


def product_name(product: str, language: str) -> str:
    if not product:
        return _("No product chosen")
    return PRODUCT_NAMES[0](product, language) if PRODUCT_NAMES else product


def number(value: Value, language: str) -> str:
    """As it is written in the language; "n < 5" for what is not said of fewer than five."""
    if value is None:
        return f"n\N{NO-BREAK SPACE}<\N{NO-BREAK SPACE}{figures.SMALL}"
    return format_decimal(value, format="#,##0.0" if isinstance(value, Decimal) else "#,##0", locale=LOCALES[language])


def month_name(month: date, language: str) -> str:
    """marraskuu 2026, november 2026, November 2026."""
    return format_date(month, "LLLL y", locale=LOCALES[language])


def period_name(period: Period, language: str) -> str:
    """The months from the first to the last."""
    if (period.first.month, period.last.month, period.first.year) == (1, 12, period.last.year):
        return str(period.first.year)
    first, last = month_name(period.first, language), month_name(period.last, language)
    return first if first == last else f"{first} – {last}"


def period_choices(since: date, today: date) -> tuple[tuple[str, str], ...]:
    """The periods that can be chosen, by the name an address gives them."""
    years = [(str(year), str(year)) for year in range(today.year, since.year - 1, -1)]
    return (
        ("3m", _("Last 3 months")),
        ("12m", _("Last 12 months")),
        *years,
        ("all", _("The whole time")),
    )


def age_name(age: tuple[int, int | None]) -> str:
    least, most = age
    if most is None:
        return _("More than %(days)s working days", days=least - 1)
    return _("%(least)s–%(most)s working days", least=least, most=most)


def days_name(days: int | None) -> str:
    return ngettext("%(num)s working day", "%(num)s working days", days) if days is not None else ""
