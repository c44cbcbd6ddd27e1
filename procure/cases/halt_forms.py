"""Forms of what is done with a case besides passing its stages: shape and input checks only."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from procure.cases.forms import LONGEST_REASON, ReasonForm, StageForm
from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget


class NoteForm(StageForm):
    note = TextAreaField(
        _l("Note for the history (optional)"), widget=widgets.LongText(), validators=[Length(max=LONGEST_REASON)]
    )


class HoldForm(ReasonForm):
    expected_on = DatePartsField(
        _l("When is it expected to go on? (optional)"),
        widget=DatePartsWidget(),
        description=_l("The case does not go on by itself on that day."),
        validators=[Optional()],
    )
    save = SubmitField(_l("Put on hold"), widget=widgets.Submit())


class ResumeForm(NoteForm):
    save = SubmitField(_l("Go on"), widget=widgets.Submit())


class CancelForm(ReasonForm):
    ground = RadioField(
        _l("On which ground?"),
        widget=widgets.Radios(),
        description=_l("The Act asks for a real and justified reason (125 §)."),
        validators=[InputRequired(message=_l("Choose the ground on which the procurement is cancelled"))],
    )
    published = RadioField(
        _l("Has a notice been published?"),
        widget=widgets.Radios(),
        choices=[SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))],
        description=_l("Then an award notice has to say that the procedure was cancelled (58 § 5 mom)."),
        validators=[InputRequired(message=_l("Say whether a notice has been published: what is to be done next depends on it"))],
    )
    save = SubmitField(_l("Cancel the procurement"), widget=widgets.Submit())


class ReopenForm(ReasonForm):
    stage = RadioField(
        _l("In which stage does the case go on?"),
        widget=widgets.Radios(),
        validators=[InputRequired(message=_l("Choose the stage in which the case goes on"))],
        validate_choice=False,  # as for going back
    )
    save = SubmitField(_l("Reopen the procurement"), widget=widgets.Submit())


class RepeatForm(ReasonForm):
    save = SubmitField(_l("Begin the next round"), widget=widgets.Submit())


class BesideForm(NoteForm):
    save = SubmitField(_l("Start the stage"), widget=widgets.Submit())
