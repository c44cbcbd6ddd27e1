"""Forms of a stage's points: shape and input checks only."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget, number_in

LONGEST_NOTE = 2000
TOO_LONG = _l("The text is too long: use at most %(max)d characters")


class VisitForm(FlaskForm):
    """`visit`: the stay in the stage that was on the screen."""

    visit = HiddenField()

    @property
    def seen(self) -> int:
        return number_in(self.visit.data) or 0


class TickForm(VisitForm):
    happened_on = DatePartsField(
        _l("Since which day does it hold?"),
        widget=DatePartsWidget(),
        description=_l("Today or an earlier day."),
        validators=[InputRequired(message=_l("Enter the day since which it holds"))],
    )
    note = TextAreaField(
        _l("Note (optional)"),
        widget=widgets.LongText(),
        description=_l("What shows it, for example the number of the minutes. Everybody who reads the case sees the note."),
        validators=[Length(max=LONGEST_NOTE, message=TOO_LONG)],
    )
    save = SubmitField(_l("Tick the point"), widget=widgets.Submit())

    @property
    def day(self) -> date:
        """Only once the form has been found valid."""
        assert self.happened_on.data is not None
        return self.happened_on.data


class WaiveForm(VisitForm):
    reason = TextAreaField(
        _l("Why need the stage not wait for this?"),
        widget=widgets.LongText(),
        description=_l("The reason is kept in the history of the case and shown beside the point."),
        validators=[
            InputRequired(message=_l("Write the reason: it is kept in the history of the case")),
            Length(max=LONGEST_NOTE, message=TOO_LONG),
        ],
    )
    save = SubmitField(_l("Waive the point"), widget=widgets.Submit())


class TakeBackForm(FlaskForm):
    """`mark`: the number of the tick or waiver that was on the screen."""

    mark = HiddenField()
    save = SubmitField(_l("Take back"), widget=widgets.Submit())

    @property
    def seen(self) -> int:
        return number_in(self.mark.data) or 0
