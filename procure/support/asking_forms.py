"""Forms that ask an expert, from a case or with an idea, and that say what is shared: shape and input checks only."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from procure.support.forms import LONGEST, TOO_LONG
from procure.web import widgets

LONGEST_TITLE = 300
DETAIL = "detail-"
"""Begins the name of a field for one of the topic's first questions; its id follows, with a hyphen for the dot."""

Choices = Sequence[tuple[str, Any]]


class AskingForm(FlaskForm):
    """What every new request says; topics and products are put in by the page."""

    form_key = HiddenField(validators=[Length(max=40)])
    shown_topic = HiddenField(validators=[Length(max=40)])
    """The topic whose first questions the page showed."""
    topic = RadioField(
        _l("What do you need advice on?"),
        widget=widgets.Radios(),
        validators=[InputRequired(message=_l("Choose what the advice is about"))],
    )
    product = SelectField(
        _l("Support product"),
        widget=widgets.Select(),
        description=_l("Choose one if you already know what you would like to get. Otherwise the expert proposes the way."),
        validators=[Optional()],
    )
    question = TextAreaField(
        _l("Your question"),
        widget=widgets.LongText(),
        description=_l("Say what you have to decide and what you are unsure about."),
        validators=[DataRequired(message=_l("Write your question")), Length(max=LONGEST, message=TOO_LONG)],
    )
    urgency = RadioField(
        _l("When do you need the answer?"),
        widget=widgets.Radios(),
        default="normal",
        choices=[
            SelectChoice("normal", _l("Within ten working days")),
            SelectChoice("soon", _l("Within five working days")),
            SelectChoice("urgent", _l("Within two working days: something cannot wait")),
        ],
        validators=[InputRequired(message=_l("Choose when you need the answer"))],
    )
    save = SubmitField(_l("Send the request"), widget=widgets.Submit())

    def offer(self, topics: Choices, products: Choices) -> None:
        """The topics and the products that may be chosen."""
        self.topic.choices = [SelectChoice(value, label) for value, label in topics]
        self.product.choices = [("", _l("No particular product")), *products]

    def details(self) -> dict[str, str]:
        """What was typed under each first question that the form has, by the question's id."""
        return {_question(name): field.data or "" for name, field in self._fields.items() if name.startswith(DETAIL)}


class CaseAskForm(AskingForm):
    """A request about a case: with what the expert may see of it."""

    shares = SelectMultipleField(
        _l("What may the expert see?"),
        widget=widgets.Checkboxes(),
        description=_l("The expert sees only the parts you choose, and only after declaring to have no conflict of interest."),
    )


class IdeaForm(AskingForm):
    """A request about an idea that has no case yet."""

    idea_title = StringField(
        _l("What do you call the idea?"),
        widget=widgets.Text(),
        description=_l("A few words, such as: Robot buses for the evening."),
        validators=[DataRequired(message=_l("Give the idea a name")), Length(max=LONGEST_TITLE, message=TOO_LONG)],
    )


class SharingForm(FlaskForm):
    """What the expert sees from now on."""

    shares = SelectMultipleField(
        _l("What may the expert see?"),
        widget=widgets.Checkboxes(),
        description=_l("What you leave out is shut at once. What has been seen stays in the list below."),
    )
    save = SubmitField(_l("Save"), widget=widgets.Submit())


class AttachForm(FlaskForm):
    """The case that an idea has become."""

    chosen = RadioField(_l("Which case?"), widget=widgets.Radios(), validators=[Optional()])
    reference = StringField(
        _l("Or its reference"),
        widget=widgets.Text(),
        description=_l("The reference of any case of your city, as it stands on the case’s page."),
        validators=[Length(max=60, message=TOO_LONG)],
    )
    save = SubmitField(_l("Attach to the case"), widget=widgets.Submit())


def with_questions(form: type[AskingForm], questions: Sequence[tuple[str, str]]) -> type[AskingForm]:
    """The form with a text field for each of a topic's first questions: (id, words)."""
    fields = {
        field_name(question): TextAreaField(
            words, widget=widgets.LongText(), validators=[Length(max=LONGEST, message=TOO_LONG)]
        )
        for question, words in questions
    }  # fmt: skip
    return type(form.__name__, (form,), fields)


def field_name(question: str) -> str:
    """`funding.2` as `detail-funding-2`."""
    return DETAIL + question.replace(".", "-")


def _question(name: str) -> str:
    topic, _hyphen, place = name.removeprefix(DETAIL).rpartition("-")
    return f"{topic}.{place}"
