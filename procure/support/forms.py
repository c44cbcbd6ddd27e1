"""Forms of expert support: shape and input checks only."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from procure.web import widgets

LONGEST = 6000
LONGEST_PART = 20_000
TOO_LONG = _l("The text is too long: use at most %(max)d characters")


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


def _part(label: str, hint: str, missing: str) -> TextAreaField:
    return TextAreaField(
        label, widget=widgets.LongText(), description=hint,
        validators=[DataRequired(message=missing), Length(max=LONGEST_PART, message=TOO_LONG)],
    )  # fmt: skip


class OpinionForm(FlaskForm):
    """The six parts of an opinion; the ids are those of `domain.support.Opinion`."""

    question = _part(
        _l("The question"), _l("As you have understood it, in your own words."), _l("Write the question that you answer")
    )
    facts_used = _part(
        _l("Facts used"),
        _l("What the city told you and what else you rely on, with its source."),
        _l("Write which facts you used"),
    )
    opinion = _part(
        _l("Opinion and reasons"), _l("Your advice, with reasons and sections of law."), _l("Write your opinion and its reasons")
    )
    alternatives_and_risks = _part(
        _l("Alternatives and risks"),
        _l("What else could be done, and what could go wrong."),
        _l("Write the alternatives and risks"),
    )
    limits = _part(
        _l("Limits of the opinion"),
        _l("How certain you are, and what you did not examine."),
        _l("Write the limits of the opinion"),
    )
    conflict_statement = _part(
        _l("Statement on conflicts of interest"),
        _l("It appears in the opinion as you write it here."),
        _l("Write your statement on conflicts of interest"),
    )
    save = SubmitField(_l("Issue the opinion"), widget=widgets.Submit())
