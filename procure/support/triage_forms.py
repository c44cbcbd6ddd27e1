"""Forms of the coordinator's desk: shape and input checks only."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from procure.domain.triage import LONGEST_TARGET
from procure.support.forms import LONGEST, TOO_LONG
from procure.web import widgets
from procure.web.fields import ONE_LINE, WholeNumberField, number_in

LONGEST_NAME = 200
_LONG = Length(max=LONGEST, message=TOO_LONG)
_LINE = (
    Length(max=LONGEST_NAME, message=_l("Use at most %(max)d characters")),
    Regexp(ONE_LINE, message=_l("Write it on one line")),
)


class SortForm(FlaskForm):
    """Topic, urgency, priority and response targets; `seen`: which sorting was on the screen."""

    topic = SelectField(
        _l("Topic"),
        widget=widgets.Select(),
        choices=[],
        validate_choice=False,
        validators=[DataRequired(message=_l("Choose what the advice is about"))],
    )
    urgency = RadioField(
        _l("Urgency"),
        widget=widgets.Radios(),
        description=_l("How soon the city needs the answer. The city sees it."),
        choices=[],
        validate_choice=False,
        validators=[InputRequired(message=_l("Choose the urgency"))],
    )
    priority = RadioField(
        _l("Priority"),
        widget=widgets.Radios(),
        description=_l("In what order the desk works. Only the network sees it."),
        choices=[],
        validate_choice=False,
        validators=[InputRequired(message=_l("Choose the priority"))],
    )
    first_answer = WholeNumberField(
        _l("First answer within (working days)"),
        widget=widgets.Text(),
        description=_l("Counted from the day of asking, without weekends, public holidays and days on which the city is closed."),
        validators=[Optional()],
        most=LONGEST_TARGET,
    )
    answer = WholeNumberField(
        _l("Opinion within (working days)"),
        widget=widgets.Text(),
        description=_l("Leave both empty for the usual days of the urgency."),
        validators=[Optional()],
        most=LONGEST_TARGET,
    )
    text = TextAreaField(
        _l("Words to the city (optional)"),
        widget=widgets.LongText(),
        description=_l("Shown in the thread of the request."),
        validators=[_LONG],
    )
    seen = HiddenField()
    save = SubmitField(_l("Save the sorting"), widget=widgets.Submit())

    def offer(
        self, topics: Sequence[tuple[str, str]], urgencies: Sequence[tuple[str, str]], priorities: Sequence[tuple[str, str]]
    ) -> None:
        """What can be chosen, in the words of the page."""
        self.topic.choices = [SelectChoice(value, words) for value, words in topics]
        self.urgency.choices = [SelectChoice(value, words) for value, words in urgencies]
        self.priority.choices = [SelectChoice(value, words) for value, words in priorities]

    @property
    def seen_number(self) -> int:
        return number_in(self.seen.data) or 0


class MergeForm(FlaskForm):
    into = RadioField(
        _l("Into which request?"),
        widget=widgets.Radios(),
        choices=[],
        validate_choice=False,
        validators=[InputRequired(message=_l("Choose the request that asks the same"))],
    )
    text = TextAreaField(_l("Words to the city (optional)"), widget=widgets.LongText(), validators=[_LONG])
    save = SubmitField(_l("Join the requests"), widget=widgets.Submit())

    def offer(self, requests: Sequence[tuple[str, str]]) -> None:
        self.into.choices = [SelectChoice(value, words) for value, words in requests]

    @property
    def into_number(self) -> int:
        return number_in(self.into.data) or 0


class PassOnForm(FlaskForm):
    body = StringField(
        _l("Who is the right body?"),
        widget=widgets.Text(),
        validators=[DataRequired(message=_l("Write the name of the body")), *_LINE],
    )
    contact = StringField(
        _l("How does the city reach it?"),
        widget=widgets.Text(),
        description=_l("A web address, an e-mail address or a telephone number that is public."),
        validators=[DataRequired(message=_l("Write how the city reaches the body")), *_LINE],
    )
    text = TextAreaField(
        _l("Why this body?"),
        widget=widgets.LongText(),
        validators=[DataRequired(message=_l("Write the reason")), _LONG],
    )
    save = SubmitField(_l("Pass the request on"), widget=widgets.Submit())


class OfferForm(FlaskForm):
    """Offer a request to an expert. `text`: why the expert changes, where another one has it."""

    text = TextAreaField(
        _l("Why does the expert change?"),
        widget=widgets.LongText(),
        description=_l("The city and the present expert see the reason."),
        validators=[_LONG],
    )
    note = TextAreaField(
        _l("Note to the expert (optional)"),
        widget=widgets.LongText(),
        description=_l("Only the network sees it. Write nothing that the expert may see only after the declaration."),
        validators=[_LONG],
    )
    save = SubmitField(_l("Ask the expert"), widget=widgets.Submit())


class JoinForm(FlaskForm):
    """The declaration of an expert who has been asked to help."""

    interest = RadioField(
        _l("Do you have a conflict of interest?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice("none", _l("I have no conflict of interest, and I help the expert")),
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
        validators=[_LONG],
    )
    save = SubmitField(_l("Declare"), widget=widgets.Submit())


class NoteForm(FlaskForm):
    text = TextAreaField(
        _l("New note"),
        widget=widgets.LongText(),
        description=_l("Only the coordinators and the experts of this request see it, never the city."),
        validators=[DataRequired(message=_l("Write the note")), _LONG],
    )
    save = SubmitField(_l("Add the note"), widget=widgets.Submit())
