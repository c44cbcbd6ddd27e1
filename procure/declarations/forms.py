"""Forms of declarations: shape and input checks only."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from procure.domain.declarations import CONFLICT, LONGEST_TEXT, NONE
from procure.web import widgets
from procure.web.fields import number_in

TOO_LONG = _l("The text is too long: use at most %(max)d characters")


class InterestForm(FlaskForm):
    """`suppliers`: the version of the answer about known suppliers that was on the screen."""

    suppliers = HiddenField()
    outcome = RadioField(
        _l("Do you have a conflict of interest in this procurement?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice(NONE, _l("I have no conflict of interest")),
            SelectChoice(CONFLICT, _l("I have a conflict of interest, or may have one")),
        ],
        validators=[InputRequired(message=_l("Say whether you have a conflict of interest"))],
    )
    text = TextAreaField(
        _l("Describe the conflict"),
        widget=widgets.LongText(),
        description=_l(
            "Required if you have or may have one: whom or what it is about. You and the managers of the city that buys can read it."
        ),
        validators=[Length(max=LONGEST_TEXT, message=TOO_LONG)],
    )
    save = SubmitField(_l("Declare"), widget=widgets.Submit())

    @property
    def seen(self) -> int:
        return number_in(self.suppliers.data) or 0


class DecisionForm(FlaskForm):
    """`decisions`: how many decisions on the declaration were on the screen."""

    decisions = HiddenField()
    answer = RadioField(
        _l("What do you decide?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice("open", _l("The tender material opens to this person")),
            SelectChoice("closed", _l("The tender material stays closed to this person")),
        ],
        validators=[InputRequired(message=_l("Choose what you decide"))],
    )
    reason = TextAreaField(
        _l("Reason"),
        widget=widgets.LongText(),
        description=_l("The person and the managers of the city can read it. The history shows what was decided."),
        validators=[DataRequired(message=_l("Write the reason")), Length(max=LONGEST_TEXT, message=TOO_LONG)],
    )
    save = SubmitField(_l("Save the decision"), widget=widgets.Submit())

    @property
    def seen(self) -> int:
        return number_in(self.decisions.data) or 0

    @property
    def opens(self) -> bool:
        return bool(self.answer.data == "open")
