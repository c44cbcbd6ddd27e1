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

PARTS: Final = ("day", "month", "year")


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
            year, month, day = (int(self.raw[part]) for part in reversed(PARTS))
            if year < 1900 or year > 2999:
                raise ValueError(year)
            self.data = date(year, month, day)
        except ValueError:
            self.process_errors.append(_("Enter a real date with a day, month and year, such as 15 9 2027"))

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
        if not valuelist or not valuelist[0].strip():
            return
        text = valuelist[0].strip()
        for left_out in (" ", "\u00a0", "\u202f", "\u2009", "€", "EUR"):
            text = text.replace(left_out, "")
        text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
        try:
            self.data = money.parse(text)
        except ValueError as error:
            raise ValueError(_("Enter the amount in euros, such as 12 500 or 12 500,50")) from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return format_decimal(Decimal(self.data), locale=get_locale())


class WholeNumberField(IntegerField):
    """A whole number of at least 0."""

    def __init__(self, *args: Any, most: int = 10_000, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip().replace("\u00a0", "").replace(" ", "") if valuelist else ""
        if not text:
            return
        if not text.isdecimal() or len(text) > 12 or int(text) > self.most:
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
