"""Forms of a timetable: shape and input checks only."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from procure.domain.planning.plan import BACKWARDS, FORWARDS
from procure.planning.city_service import MOST_WORKING_DAYS
from procure.web import widgets
from procure.web.fields import DatePartsField, DatePartsWidget, WholeNumberField


class ChangeForm(FlaskForm):
    """What every change is asked for: `seen` is what was on the screen, `previewed` names the preview that was looked at."""

    seen = HiddenField()
    previewed = HiddenField()
    preview = SubmitField(_l("See what moves"), widget=widgets.Submit())
    save = SubmitField(_l("Save the timetable"), widget=widgets.Submit())


class PlanForm(ChangeForm):
    mode = RadioField(
        _l("In which direction is the timetable counted?"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice(FORWARDS, _l("Forwards: from the start of the procedure to the contract")),
            SelectChoice(BACKWARDS, _l("Backwards: from the day the contract is needed to the latest start")),
        ],
        validators=[InputRequired(message=_l("Choose the direction"))],
    )
    start = DatePartsField(
        _l("When does the procedure begin?"),
        widget=DatePartsWidget(),
        description=_l(
            "The day on which the notice or the call is sent. Leave it empty to begin as soon as preparation is done."
        ),
    )
    needed_by = DatePartsField(
        _l("By when is the contract needed?"),
        widget=DatePartsWidget(),
        description=_l("Both days are answers of the case as well: they change there too."),
    )


class StageForm(ChangeForm):
    """One stage. A field that does not concern it is taken out."""

    days = WholeNumberField(
        _l("How many working days does the stage take in this case?"), widget=widgets.Text(), most=MOST_WORKING_DAYS
    )
    source = RadioField(
        _l("What is the stage planned by, when no number is entered?"),
        widget=widgets.Radios(),
        validators=[InputRequired(message=_l("Choose what the stage is planned by"))],
    )
    wished = DatePartsField(_l("On which day shall it end?"), widget=DatePartsWidget())


def stage_form(with_days: bool, with_day: bool, sources: Sequence[tuple[str, str]], **present: Any) -> StageForm:
    """`sources`: what the stage can be planned by, the present one first."""
    form = StageForm(data=present | {"source": sources[0][0] if sources else None})
    if sources:
        form.source.choices = [SelectChoice(name, words) for name, words in sources]
    else:
        del form.source
    if not with_days:
        del form.days
    if not with_day:
        del form.wished
    return form
