"""The coordinator's forms for the support catalogue: shape and input checks only."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from procure.domain.language import LANGUAGES, Trilingual
from procure.domain.products import TEXTS, Content
from procure.support.forms import TOO_LONG
from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget, WholeNumberField

LONGEST_NAME = 120
LONGEST_TEXT = 1500


def _name(label: Any) -> StringField:
    return StringField(label, widget=widgets.Text(), validators=[Length(max=LONGEST_NAME, message=TOO_LONG)])


def _text(label: Any) -> TextAreaField:
    return TextAreaField(label, widget=widgets.LongText(), validators=[Length(max=LONGEST_TEXT, message=TOO_LONG)])


class _Dated(FlaskForm):
    based_on = HiddenField(default="0")
    """The number of the coordinator's newest edition when the form was made."""
    valid_from = DatePartsField(
        _l("From which day?"), widget=DatePartsWidget(), validators=[InputRequired(message=_l("Enter the day"))]
    )

    @property
    def day(self) -> date:
        """Only once the form has been found valid."""
        assert self.valid_from.data is not None
        return self.valid_from.data

    def edition(self) -> int:
        """The edition that the form shows; 0 for none, and for what is no number."""
        text = self.based_on.data or ""
        return int(text) if text.isdigit() else 0


class ProductForm(_Dated):
    """An edition of a product: the field names are those of domain.products with the language behind them."""

    name_fi = _name(_l("Name in Finnish"))
    name_sv = _name(_l("Name in Swedish"))
    name_en = _name(_l("Name in English"))
    for_whom_fi = _text(_l("For whom, in Finnish"))
    for_whom_sv = _text(_l("For whom, in Swedish"))
    for_whom_en = _text(_l("For whom, in English"))
    city_gets_fi = _text(_l("What the city gets, in Finnish"))
    city_gets_sv = _text(_l("What the city gets, in Swedish"))
    city_gets_en = _text(_l("What the city gets, in English"))
    needs_fi = _text(_l("What is needed from the city, in Finnish"))
    needs_sv = _text(_l("What is needed from the city, in Swedish"))
    needs_en = _text(_l("What is needed from the city, in English"))
    days_from = WholeNumberField(
        _l("Working days at the least"), widget=widgets.Text(), validators=[InputRequired(message=_l("Enter a whole number"))]
    )
    days_to = WholeNumberField(
        _l("Working days at the most"), widget=widgets.Text(), validators=[InputRequired(message=_l("Enter a whole number"))]
    )
    topics = SelectMultipleField(_l("What is it about?"), widget=widgets.Checkboxes())
    save = SubmitField(_l("Save"), widget=widgets.Submit())

    def offer(self, topics: Sequence[tuple[str, str]]) -> None:
        """The topics that a product may be about."""
        self.topics.choices = [SelectChoice(value, label) for value, label in topics]

    def show(self, content: Content, today: date) -> None:
        """Begin with what the product says now."""
        for part in TEXTS:
            for language in LANGUAGES:
                self[f"{part}_{language}"].data = getattr(content, part)[language]
        self.days_from.data, self.days_to.data, self.topics.data = content.days_from, content.days_to, list(content.topics)
        self.valid_from.data = today

    def content(self) -> Content:
        """What was typed, without spaces around it."""
        texts = {part: Trilingual(*((self[f"{part}_{one}"].data or "").strip() for one in LANGUAGES)) for part in TEXTS}
        return Content(
            **texts, days_from=self.days_from.data or 0, days_to=self.days_to.data or 0, topics=tuple(self.topics.data or ())
        )


class RetireForm(_Dated):
    """From which day a product is no longer offered."""

    save = SubmitField(_l("Stop offering the product"), widget=widgets.Submit())
