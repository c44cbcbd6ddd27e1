"""A form field for each kind of question. `given()` is the answer in the shape a case keeps, None when nothing was entered;
`shown(value)` is the way back. What was typed stays in the field, right or wrong."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from procure.domain import money
from procure.domain.questions import Question
from procure.questionnaires.rows import CpvField, FundingField, LotsField
from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget, MoneyField, WholeNumberField

NOT_KNOWN: Final = "not_known"
"""The radio button "Not known yet"."""


def plain_lines(text: str) -> str:
    """Line ends as the case keeps them: browsers send two characters for each."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Line(StringField):
    """One line of words. A text that came with line ends (from a case file) keeps them unless it is changed here."""

    widget = widgets.Text()

    def given(self) -> str | None:
        text = str(self.data or "")
        before = str(self.object_data or "")
        if text == plain_lines(before).replace("\n", ""):
            return before or None
        return text if text.strip() else None

    @staticmethod
    def shown(value: Any) -> str:
        return value or ""

    def _value(self) -> str:
        return plain_lines(super()._value()).replace("\n", "")


class Words(TextAreaField):
    """Words of several lines, kept exactly as typed but for the line ends."""

    widget = widgets.CountedText()

    def given(self) -> str | None:
        text = plain_lines(str(self.data or ""))
        before = str(self.object_data or "")
        if text == plain_lines(before):
            return before or None
        return text if text.strip() else None

    @staticmethod
    def shown(value: Any) -> str:
        return value or ""

    def _value(self) -> str:
        text = super()._value()
        return f"\n{text}" if text.startswith(("\n", "\r")) else text  # a browser drops the first line end of a text area


class OneOf(RadioField):
    """One of the choices, or none of them yet."""

    widget = widgets.Radios()

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in [value for value, *_rest in self.iter_choices()]:
            raise ValidationError(_("Choose one of the answers"))

    def given(self) -> Any:
        return self.data or None

    @staticmethod
    def shown(value: Any) -> str | None:
        return value


class YesNo(OneOf):
    def given(self) -> bool | str | None:
        return {"yes": True, "no": False}.get(self.data, self.data or None)

    @staticmethod
    def shown(value: Any) -> str | None:
        return None if value is None else "yes" if value else "no"


class Several(SelectMultipleField):
    """Any number of the choices; none ticked is no answer yet."""

    widget = widgets.Checkboxes()

    def pre_validate(self, form: Any) -> None:
        if set(self.data or ()) - {value for value, *_rest in self.iter_choices()}:
            raise ValidationError(_("Choose among the answers shown"))

    def given(self) -> list[str] | None:
        chosen = set(self.data or ())
        kept = [value for value in self.object_data or () if value in chosen]  # the order in which they were kept
        added = [value for value, *_rest in self.iter_choices() if value in chosen and value not in kept]
        return kept + added or None

    @staticmethod
    def shown(value: Any) -> list[str]:
        return list(value or ())


class Euros(MoneyField):
    widget = widgets.Text()

    def given(self) -> str | None:
        return None if self.data is None else money.plain(self.data)

    @staticmethod
    def shown(value: Any) -> Decimal | None:
        return Decimal(value) if value else None


class Day(DatePartsField):
    widget = DatePartsWidget()

    def given(self) -> str | None:
        return self.data.isoformat() if self.data else None

    @staticmethod
    def shown(value: Any) -> date | None:
        return date.fromisoformat(value) if value else None


class Number(WholeNumberField):
    widget = widgets.Text()

    def given(self) -> int | None:
        return self.data

    @staticmethod
    def shown(value: Any) -> int | None:
        return value


BY_KIND: Final[Mapping[str, Any]] = {
    "line": Line, "text": Words, "choice": OneOf, "yes_no": YesNo, "choices": Several, "municipalities": Several, "money": Euros,
    "date": Day, "number": Number, "cpv": CpvField, "lots": LotsField, "funding": FundingField,
}  # fmt: skip

WITH_RADIO: Final = ("choice", "yes_no")
"""The kinds in which "Not known yet" is one more radio button instead of a checkbox of its own."""


def unbound(question: Question, in_language: Callable[[Any], Any], kinds: Iterable[tuple[str, Any]]) -> Any:
    """The field of a question, not yet bound to a form. `in_language` makes a text of three languages follow the page's; `kinds` are
    the contract kinds, for lots."""
    unknown = [(NOT_KNOWN, _l("Not known yet"))] if question.may_be_unknown else []
    options: dict[str, Any] = {
        "label": in_language(question.label),
        "description": _l("For example: %(example)s", example=in_language(question.example)),
    }
    if question.kind == "yes_no":
        options["choices"] = _select([("yes", _l("Yes")), ("no", _l("No")), *unknown])
    elif question.kind in ("choice", "choices", "municipalities"):
        pairs = [(choice.id, in_language(choice.label)) for choice in question.choices]
        options["choices"] = _select(pairs + (unknown if question.kind == "choice" else []))
    elif question.kind == "funding":
        options["choices"] = [(choice.id, in_language(choice.label)) for choice in question.choices]
    elif question.kind == "lots":
        options["choices"] = [("", _l("The same as the case")), *kinds]
    return BY_KIND[question.kind](**options)


def _select(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]
