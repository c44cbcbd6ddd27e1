"""Forms of a case's stages and procedure: shape and input checks only."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget

LONGEST_REASON = 2000


class StageForm(FlaskForm):
    """What every act on a stage asks: the day it happened on."""

    happened_on = DatePartsField(
        _l("On which day did it happen?"),
        widget=DatePartsWidget(),
        description=_l("It may be an earlier day than today. Both the day and the time of recording are kept."),
        validators=[InputRequired(message=_l("Enter the day on which it happened"))],
    )

    @property
    def day(self) -> date:
        """The day that was entered. Only once the form has been found valid."""
        day = self.happened_on.data
        assert day is not None
        return day

    def propose(self, today: date) -> None:
        """Put today into a form that has not been sent yet."""
        if not self.is_submitted():
            self.happened_on.data = today


class CompleteForm(StageForm):
    confirmed = SelectMultipleField(_l("Confirm what has been done"), widget=widgets.Checkboxes())
    note = TextAreaField(
        _l("Note for the history (optional)"), widget=widgets.LongText(), validators=[Length(max=LONGEST_REASON)]
    )
    save = SubmitField(_l("Complete the stage"), widget=widgets.Submit())


class ReasonForm(StageForm):
    reason = TextAreaField(
        _l("Why?"),
        widget=widgets.LongText(),
        description=_l("The reason is kept in the history of the case."),
        validators=[
            InputRequired(message=_l("Write the reason: it is kept in the history of the case")),
            Length(max=LONGEST_REASON),
        ],
    )


class SkipForm(ReasonForm):
    save = SubmitField(_l("Skip the stage"), widget=widgets.Submit())


class ReturnForm(ReasonForm):
    stage = RadioField(
        _l("To which stage does the case go back?"),
        widget=widgets.Radios(),
        validators=[InputRequired(message=_l("Choose the stage to which the case goes back"))],
    )
    save = SubmitField(_l("Go back to this stage"), widget=widgets.Submit())
