"""Form fields that the library does not have, or has in English only. What was typed is always shown back."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _
from govuk_frontend_wtf.gov_form_base import GovFormBase
from wtforms import DecimalField, Field, IntegerField

from procure.domain import money
from procure.web.widgets import Tidy

ONE_LINE: Final = r"^(?=.*\S)[^\x00-\x1f\x7f]+$"
"""A text with something in it, and without line ends or characters that nobody sees."""

PARTS: Final = ("day", "month", "year")


SPACES: Final = (" ", "\u00a0", "\u202f", "\u2009")
MINUS: Final = ("-", "\u2212", "\u2013")


def read_day(texts: Mapping[str, str]) -> date | None:
    """The date typed as day, month and year; None when nothing was typed. ValueError with a sentence for the person."""
    typed = [texts[part].strip() for part in reversed(PARTS)]
    if not any(typed):
        return None
    try:
        # int() also reads "+5", "1_0" and digits of other scripts: nobody means those as a day
        if not all(text.isascii() and text.isdecimal() and len(text) <= 4 for text in typed):
            raise ValueError(typed)
        year, month, day = map(int, typed)
        if year < 1900 or year > 2999:
            raise ValueError(year)
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(_("Enter a real date with a day, month and year, such as 15 9 2027")) from error


def read_money(text: str) -> Decimal | None:
    """Euros without VAT as people write them; None when nothing was typed. ValueError with a sentence for the person."""
    for left_out in (*SPACES, "€", "EUR"):
        text = text.replace(left_out, "")
    text = text.strip()
    if not text:
        return None
    if text.startswith(MINUS):
        raise ValueError(_("Enter an amount that is not below zero"))
    text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    if text.isascii() and len(text.partition(".")[0]) > money.WHOLE_DIGITS and text.replace(".", "", 1).isdecimal():
        raise ValueError(_("Enter a smaller amount: at most %(most)s digits before the comma", most=money.WHOLE_DIGITS))
    try:
        return money.parse(text)
    except ValueError as error:
        raise ValueError(_("Enter the amount in euros, such as 12 500 or 12 500,50")) from error


def typed_money(amount: Decimal | None) -> str:
    """The amount as `read_money` reads it back: thousands apart, and no comma for them in any language."""
    if amount is None:
        return ""
    locale = get_locale()
    pattern = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    text = format_decimal(amount, pattern, locale=locale)
    return text.replace(",", "\u00a0") if str(locale).startswith("en") else text


def number_in(text: str | None, digits: int = 9) -> int | None:
    """A whole number that an address or a hidden field carries, of at most so many digits; None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= digits else None


class DatePartsField(Field):
    """A date typed as three inputs named field-day, field-month, field-year."""

    raw: Mapping[str, str] | None = None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None, **kwargs: Any) -> None:
        super().process(None, data if data is not None else self.default)
        if formdata is None or not any(f"{self.name}-{part}" in formdata for part in PARTS):
            return
        self.raw = {part: formdata.get(f"{self.name}-{part}", "").strip() for part in PARTS}
        self.raw_data = [value for value in self.raw.values() if value]
        self.data = None
        self.process_errors = []
        if not self.raw_data:
            return
        try:
            self.data = read_day(self.raw)
        except ValueError as error:
            self.process_errors.append(str(error))

    @property
    def values(self) -> Mapping[str, str]:
        if self.raw is not None:
            return self.raw
        return {part: str(getattr(self.data, part)) if self.data else "" for part in PARTS}

    @property
    def error_target(self) -> str:
        """The first part that is missing, so that the error link lands on an input."""
        return next((f"{self.id}-{part}" for part in PARTS if not self.values[part]), f"{self.id}-day")


class DatePartsWidget(Tidy, GovFormBase):
    template = "govuk_frontend_wtf/date.html"

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("id", field.id)
        return super().__call__(field, **kwargs)

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        params = super().map_gov_params(field, **kwargs)
        params.pop("label")
        params.setdefault("fieldset", {"legend": {"text": field.label.text}})
        params["fieldset"].setdefault("legend", {}).setdefault("text", field.label.text)
        names = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        bad = " govuk-input--error" if field.errors else ""
        params["items"] = [
            {
                "name": f"{field.name}-{part}",
                "id": f"{field.id}-{part}",
                "label": names[part],
                "value": field.values[part],
                "classes": f"govuk-input--width-{4 if part == 'year' else 2}{bad}",
                "inputmode": "numeric",
            }
            for part in PARTS
        ]
        return params


class MoneyField(DecimalField):
    """Euros without VAT as people write them: 12 500,50 or 12500.5 or 12 500 €. At most 15 digits before the comma."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        self.data = read_money(valuelist[0]) if valuelist else None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else typed_money(self.data)


class WholeNumberField(IntegerField):
    """A whole number of at least 0."""

    def __init__(self, *args: Any, most: int = 10_000, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        for space in SPACES:
            text = text.replace(space, "")
        if not text:
            return
        if text.startswith(MINUS) and text[1:].isdecimal():
            raise ValueError(_("Enter a number that is not below zero"))
        if not (text.isascii() and text.isdecimal()) or len(text) > 12 or int(text) > self.most:
            raise ValueError(_("Enter a whole number between 0 and %(most)s", most=self.most))
        self.data = int(text)


def error_rows(form: Any) -> list[tuple[str, str]]:
    """(sentence, id of an input) for each thing that is wrong, in the order of the page; the id is "" for the whole form."""
    if form is None:
        return []
    rows = [(str(message), "") for message in form.form_errors]
    for field in form:
        for message in field.errors[:1]:
            rows.append((str(message), getattr(field, "error_target", field.id)))
    return rows
