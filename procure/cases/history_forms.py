"""Forms that set the history right: shape and input checks only."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget

LONGEST_REASON = 2000


class WhyForm(FlaskForm):
    """What every setting right asks."""

    reason = TextAreaField(
        _l("Why?"),
        widget=widgets.LongText(),
        description=_l("The reason is kept in the history of the case."),
        validators=[
            InputRequired(message=_l("Write the reason: it is kept in the history of the case")),
            Length(max=LONGEST_REASON),
        ],
    )


class CorrectionForm(WhyForm):
    happened_on = DatePartsField(
        _l("On which day did it really happen?"),
        widget=DatePartsWidget(),
        validators=[InputRequired(message=_l("Enter the day on which it happened"))],
    )
    words = TextAreaField(
        _l("Reason or note, as it should read"), widget=widgets.LongText(), validators=[Length(max=LONGEST_REASON)]
    )
    save = SubmitField(_l("Record the correction"), widget=widgets.Submit())

    @property
    def day(self) -> date:
        """The day that was entered. Only once the form has been found valid."""
        day = self.happened_on.data
        assert day is not None
        return day

    def propose(self, happened_on: date, words: str) -> None:
        """Show how the entry reads now in a form that has not been sent yet."""
        if not self.is_submitted():
            self.happened_on.data = happened_on
            if self.words:
                self.words.data = words


class UndoForm(WhyForm):
    questions = SelectMultipleField(_l("Which answers get their earlier content back?"), widget=widgets.Checkboxes())
    save = SubmitField(_l("Restore the earlier answers"), widget=widgets.Submit())
