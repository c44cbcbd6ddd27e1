"""Forms of expert support: shape and input checks only."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from procure.web import widgets

LONGEST = 6000
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
