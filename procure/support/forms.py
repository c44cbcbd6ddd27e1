"""Forms of expert support: shape and input checks only."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from procure.web import widgets

LONGEST = 6000
TOO_LONG = _l("The text is too long: use at most %(max)d characters")


class AskForm(FlaskForm):
    """A new request; topics and sections are put in by the page."""

    form_key = HiddenField(validators=[Length(max=40)])
    topic = RadioField(
        _l("What do you need advice on?"),
        widget=widgets.Radios(),
        validators=[InputRequired(message=_l("Choose what the advice is about"))],
    )
    question = TextAreaField(
        _l("Your question"),
        widget=widgets.LongText(),
        description=_l(
            "Say what you have to decide and what you are unsure about. The first questions of the topic show what an expert needs to know."
        ),
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
    shares = SelectMultipleField(
        _l("What may the expert see?"),
        widget=widgets.Checkboxes(),
        description=_l("The expert sees only the parts you choose, and only after declaring to have no conflict of interest."),
    )
    save = SubmitField(_l("Send the request"), widget=widgets.Submit())

    def ask(self, topics: Sequence[tuple[str, str]], parts: Sequence[tuple[str, str]]) -> None:
        """Offer the topics, and the parts of the case that may be shared."""
        self.topic.choices = [SelectChoice(value, label) for value, label in topics]
        self.shares.choices = [SelectChoice(value, label) for value, label in parts]


class DeclarationForm(FlaskForm):
    interest = RadioField(
        _l("Do you have a conflict of interest?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice("none", _l("I have no conflict of interest, and I take the request")),
            SelectChoice("conflict", _l("I have a conflict of interest, or my impartiality could be doubted")),
        ],
        validators=[InputRequired(message=_l("Say whether you have a conflict of interest"))],
    )
    text = TextAreaField(
        _l("Grounds"),
        widget=widgets.LongText(),
        description=_l(
            "Required if you have a conflict of interest. The declaration is kept with its date and is never changed."
        ),
        validators=[Length(max=LONGEST, message=TOO_LONG)],
    )
    save = SubmitField(_l("Declare"), widget=widgets.Submit())


class MessageForm(FlaskForm):
    text = TextAreaField(
        _l("Message"),
        widget=widgets.LongText(),
        validators=[DataRequired(message=_l("Write the message")), Length(max=LONGEST, message=TOO_LONG)],
    )
    save = SubmitField(_l("Send"), widget=widgets.Submit())

    def ask(self, label: str, button: str) -> None:
        """The words for this side: the city replies, the expert asks."""
        self.text.label.text, self.save.label.text = label, button


class ReasonForm(FlaskForm):
    """An act that needs its reason: hand back, release, withdraw, a conflict found later."""

    text = TextAreaField(
        _l("Why?"),
        widget=widgets.LongText(),
        description=_l("The reason is kept with the request."),
        validators=[DataRequired(message=_l("Write the reason")), Length(max=LONGEST, message=TOO_LONG)],
    )
    save = SubmitField(_l("Send"), widget=widgets.Submit())

    def ask(self, button: str) -> None:
        self.save.label.text = button
