"""Forms of communications: shape and input checks only."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from procure.domain import communications as rules
from procure.domain.communications import Draft
from procure.domain.language import LANGUAGES
from procure.web import widgets
from procure.web.fields import ONE_LINE, DatePartsField, DatePartsWidget, number_in

LONGEST_QUESTION: Final = 5000
TOO_LONG: Final = _l("The text is too long: use at most %(max)d characters")


class AskForm(FlaskForm):
    """A request for communications support; what may be shared is put in by the page."""

    form_key = HiddenField(validators=[Length(max=40)])
    audience = StringField(
        _l("Whom do you want to reach?"),
        widget=widgets.Text(),
        description=_l("For example residents, companies of the field, other cities, the city’s own staff."),
        validators=[
            DataRequired(message=_l("Write whom you want to reach")),
            Length(max=rules.LONGEST_AUDIENCE, message=TOO_LONG),
            Regexp(ONE_LINE, message=_l("Write on one line")),
        ],
    )
    channels = SelectMultipleField(
        _l("Through which channels? (optional)"),
        widget=widgets.Checkboxes(),
    )
    question = TextAreaField(
        _l("What do you want from communications support?"),
        widget=widgets.LongText(),
        description=_l("For example a plan, key messages, an invitation to a market dialogue, a release on the results."),
        validators=[DataRequired(message=_l("Write what you want")), Length(max=LONGEST_QUESTION, message=TOO_LONG)],
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
        description=_l(
            "The expert also sees the stage of the case and its communications plan, and may write in it, after declaring interests."
        ),
    )
    save = SubmitField(_l("Send the request"), widget=widgets.Submit())

    def ask(self, channels: Sequence[tuple[str, Any]], parts: Sequence[tuple[str, Any]]) -> None:
        """Offer the channels, and the parts of the case that may be shared."""
        self.channels.choices = [SelectChoice(value, label) for value, label in channels]
        self.shares.choices = [SelectChoice(value, label) for value, label in parts]


def _message(label: Any) -> TextAreaField:
    return TextAreaField(
        label, widget=widgets.LongText(), validators=[Length(max=rules.LONGEST_MESSAGE, message=TOO_LONG)]
    )  # fmt: skip


class ItemForm(FlaskForm):
    """Something to tell. `drafting` is pressed to have the empty messages drafted from the case's facts."""

    form_key = HiddenField(validators=[Length(max=40)])
    seen = HiddenField(validators=[Length(max=9)])
    title = StringField(
        _l("Title"),
        widget=widgets.Text(),
        description=_l("A name for the plan, such as: Invitation to the market dialogue."),
        validators=[
            DataRequired(message=_l("Write a short title")),
            Length(max=rules.LONGEST_TITLE, message=TOO_LONG),
            Regexp(ONE_LINE, message=_l("Write on one line")),
        ],
    )
    content = RadioField(
        _l("What is it about?"),
        widget=widgets.Radios(),
        choices=[],
        validators=[InputRequired(message=_l("Choose what it is about"))],
    )
    audience = StringField(
        _l("For whom?"),
        widget=widgets.Text(),
        validators=[
            DataRequired(message=_l("Write whom it is for")),
            Length(max=rules.LONGEST_AUDIENCE, message=TOO_LONG),
            Regexp(ONE_LINE, message=_l("Write on one line")),
        ],
    )
    channel = SelectField(
        _l("Channel"),
        widget=widgets.Select(),
        choices=[],
        validate_choice=False,
        validators=[DataRequired(message=_l("Choose a channel"))],
    )
    planned_on = DatePartsField(
        _l("On which day?"),
        widget=DatePartsWidget(),
        validators=[InputRequired(message=_l("Enter the day"))],
    )
    message_fi = _message(_l("Message in Finnish"))
    message_sv = _message(_l("Message in Swedish"))
    message_en = _message(_l("Message in English"))
    drafting = SubmitField(_l("Draft the empty messages from the case’s facts"), widget=widgets.Submit())
    save = SubmitField(_l("Save"), widget=widgets.Submit())

    def offer(self, contents: Sequence[tuple[str, str, str]], channels: Sequence[tuple[str, Any]], empty: str) -> None:
        """What can be told (id, name, hint), and through what."""
        self.content.choices = [SelectChoice(value, label) for value, label, _hint in contents]
        self.hints = [{"hint": {"text": hint}} for _value, _label, hint in contents]
        self.channel.choices = [("", empty), *channels]

    hints: Sequence[Mapping[str, Any]] = ()

    @property
    def draft(self) -> Draft:
        messages = {language: self[f"message_{language}"].data or "" for language in LANGUAGES}
        return Draft(
            self.title.data or "", self.content.data or "", self.audience.data or "", self.channel.data or "", self.planned_on.data,
            messages,
        )  # fmt: skip

    def fill(self, draft: Draft) -> None:
        """Show what there is already."""
        self.title.data, self.content.data, self.audience.data = draft.title, draft.content, draft.audience
        self.channel.data, self.planned_on.data = draft.channel, draft.planned_on
        self.put_messages(draft.messages)

    def put_messages(self, messages: Mapping[str, str]) -> None:
        """Into the fields that are empty; nothing that was typed is lost."""
        for language in LANGUAGES:
            field = self[f"message_{language}"]
            if not (field.data or "").strip():
                field.data = messages.get(language, "")

    @property
    def seen_version(self) -> int:
        return number_in(self.seen.data) or 0


class MoveForm(FlaskForm):
    """An act on something to tell; the fields that the act does not need are taken away by the page."""

    seen = HiddenField(validators=[Length(max=9)])
    published_on = DatePartsField(
        _l("On which day was it published?"),
        widget=DatePartsWidget(),
        validators=[InputRequired(message=_l("Enter the day"))],
    )
    note = TextAreaField(
        _l("Note (optional)"),
        widget=widgets.LongText(),
        validators=[Optional(), Length(max=rules.LONGEST_NOTE, message=TOO_LONG)],
    )
    save = SubmitField(widget=widgets.Submit())

    def ask(self, act: str, button: Any, reasoned: bool) -> None:
        """The words of the act; a day only where it is published."""
        self.save.label.text = button
        if act != "publish":
            del self.published_on
        if reasoned:
            self.note.label.text = _l("Why?")
            self.note.description = _l("The words are kept with the plan and in the history of the case.")

    @property
    def seen_version(self) -> int:
        return number_in(self.seen.data) or 0
